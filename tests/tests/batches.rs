//! P4 and P5 for answers that share a signature: each stands on its own, and none is
//! worth anything without the signature.

use anchorhold::simulation::transport::Reply;
use anchorhold_evidence::{batch, merkle, VerifyError};
use end_to_end::answer::{numbers_grow, Answer};
use end_to_end::board::{Board, Setup};
use end_to_end::model::condition_monitor;
use end_to_end::people::device;
use end_to_end::recordings::demonstration;
use end_to_end::target::Target;

end_to_end::on_every_board! {
    every_answer_of_a_batch_verifies_on_its_own,
    claims_are_nothing_without_their_signature,
    a_batch_ends_with_its_signature_and_with_the_power,
}

fn board(target: &'static Target, name: &str) -> Board {
    let device = device(target, "batches");
    Setup::new(name, &device)
        .usual_applications()
        .model(&condition_monitor().sealed(&[&device]))
        .senses(demonstration(&["normal", "imbalance"]))
        .install()
}

/// Answer `index` of these claims and their signed root.
fn assemble(claims: &[Vec<u8>], index: usize, root: &[u8]) -> Vec<u8> {
    let leaves: Vec<_> = claims.iter().map(|claims| merkle::leaf(claims)).collect();
    let mut token = vec![0; 2048];
    let written = batch::write_answer(&claims[index], index as u32, &leaves, root, &mut token);
    token.truncate(written.unwrap());
    token
}

fn every_answer_of_a_batch_verifies_on_its_own(target: &'static Target) {
    let board = board(target, "batches");
    let device = device(target, "batches");
    let mut running = board.boot().ready();
    let (claims, nonces): (Vec<_>, Vec<_>) = (0..7).map(|_| running.claims()).unzip();
    // Somebody else's request comes between.
    let alone = running.ask();
    let root = running.sign_batch();
    let answers: Vec<_> = (0..claims.len())
        .map(|index| {
            Answer::new(
                assemble(&claims, index, &root),
                nonces[index].clone(),
                &device,
            )
        })
        .collect();
    let mut guard = Default::default();
    numbers_grow(&mut guard, &answers);
    numbers_grow(&mut guard, [&alone]);
    assert_eq!(answers[0].label(), 0);
    for index in 0..answers[3].token.len() {
        let mut token = answers[3].token.clone();
        token[index] ^= 1 << (index % 8);
        assert!(device.verify(&token, &nonces[3]).is_err(), "byte {index}");
    }
}

// Claims that the device did not sign: an application's own, and those of another batch.
fn claims_are_nothing_without_their_signature(target: &'static Target) {
    let board = board(target, "batches-forged");
    let device = device(target, "batches");
    let mut running = board.boot().ready();
    let (first, nonce) = running.claims();
    let (second, _) = running.claims();
    let root = running.sign_batch();
    let (later, later_nonce) = running.claims();

    let refused = |token: &[u8], nonce: &[u8]| device.verify(token, nonce).err();
    let not_in_batch = Some(VerifyError::NotInBatch);
    let replaced = [first.clone(), later.clone()];
    let token = assemble(&replaced, 1, &root);
    assert_eq!(refused(&token, &later_nonce), not_in_batch);

    let mut changed = first.clone();
    let label = changed.len() - 1;
    changed[label] ^= 1;
    let token = assemble(&[changed, second.clone()], 0, &root);
    assert_eq!(refused(&token, &nonce), not_in_batch);

    let token = assemble(&[first, second], 0, &root);
    assert_eq!(refused(&token, &nonce), None);
    assert_eq!(refused(&token, &later_nonce), Some(VerifyError::WrongNonce));
    assert!(refused(&later, &later_nonce).is_some());
    assert!(refused(&root, &nonce).is_some());
}

fn a_batch_ends_with_its_signature_and_with_the_power(target: &'static Target) {
    let board = board(target, "batches-end");
    let nothing_to_sign = Reply::Refused("INVALID".into());
    let mut running = board.boot().ready();
    running.send("sign");
    assert_eq!(running.reply(), nothing_to_sign);
    running.claims();
    running.sign_batch();
    running.send("sign");
    assert_eq!(running.reply(), nothing_to_sign);
    running.claims();
    running.lose_power();
    let mut running = board.boot().ready();
    running.send("sign");
    assert_eq!(running.reply(), nothing_to_sign);
}
