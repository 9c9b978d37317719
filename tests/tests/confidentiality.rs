//! P1 and P8: what others can get hold of has neither weights nor keys in it.

use anchorhold_crypto::kdf::{derive, Purpose};
use anchorhold_crypto::Secret as Key;
use end_to_end::board::Setup;
use end_to_end::model::condition_monitor;
use end_to_end::packages::{content_key, forge, replace};
use end_to_end::people::device;
use end_to_end::recordings::{demonstration, samples, WINDOW};
use end_to_end::search::Secret;
use end_to_end::target::Target;

end_to_end::on_every_board! {
    nothing_at_rest_holds_weights,
    no_key_is_left_behind,
    no_key_is_there_between_two_uses,
    the_content_key_is_there_while_it_is_used,
}

fn nothing_at_rest_holds_weights(target: &'static Target) {
    let device = device(target, "confidentiality");
    let model = condition_monitor();
    let sealed = model.sealed(&[&device]);
    let plan = model.plan();
    let weights = &plan.bytes[plan.header.resident_bytes as usize..];
    let secret = Secret::new(weights);
    // The same search finds them where they are.
    assert!(secret.len() > 1000, "{} runs only", secret.len());
    assert!(secret.found(&plan.bytes) == secret.len());

    let board = Setup::new("confidentiality", &device)
        .usual_applications()
        .model(&sealed)
        .senses(demonstration(&["normal"]))
        .install();
    let mut running = board.boot().ready();
    for _ in 0..4 {
        running.ask();
    }
    drop(running);
    let package = std::fs::read(&sealed.tab).unwrap();
    let places = [
        ("the sealed model", package),
        ("flash", board.flash()),
        ("storage", board.storage()),
        ("the serial port", board.log().into_bytes()),
    ];
    for (place, bytes) in places {
        assert!(bytes.len() > 256, "{place} is empty");
        assert_eq!(secret.leaks(&bytes), [], "in {place}");
    }
}

/// The device's root key, and what is derived from it and stays secret; of the P-256
/// keys, the random numbers that they are made of.
fn keys(huk: &Key<32>) -> Vec<(&'static str, Vec<u8>)> {
    fn derived<const N: usize>(huk: &Key<32>, purpose: Purpose) -> Vec<u8> {
        let mut key = [0; N];
        derive(huk, purpose, &mut key);
        key.to_vec()
    }
    vec![
        ("hardware unique", huk.expose().to_vec()),
        ("evidence", derived::<48>(huk, Purpose::EvidenceKey)),
        ("unseal", derived::<48>(huk, Purpose::UnsealKey)),
        (
            "content-key wrap",
            derived::<32>(huk, Purpose::ContentKeyWrap),
        ),
        ("storage", derived::<32>(huk, Purpose::Storage)),
        (
            "input commitment",
            derived::<32>(huk, Purpose::InputCommitment),
        ),
    ]
}

// P8: every key is derived for one use and wiped after it.
fn no_key_is_left_behind(target: &'static Target) {
    let device = device(target, "confidentiality");
    let model = condition_monitor();
    let board = Setup::new("confidentiality-keys", &device)
        .usual_applications()
        .model(&model.sealed(&[&device]))
        .senses(demonstration(&["normal"]))
        .install();
    let mut running = board.boot().ready();
    running.ask();
    running.attest();
    let ram = running.ram();
    running.lose_power();
    let places = [
        ("RAM", ram),
        ("storage", board.storage()),
        ("flash", board.flash()),
        ("the serial port", board.log().into_bytes()),
    ];
    for (name, key) in keys(&device.huk()) {
        let secret = Secret::new(&key);
        assert!(!secret.is_empty());
        for (place, bytes) in &places {
            assert_eq!(secret.leaks(bytes), [], "the {name} key in {place}");
        }
    }
}

// P8: between two uses of keys there is nothing of any on the kernel's stack, here while
// samples are taken: behind the use of the content key, and before the commitment.
// Looked for later, it would have been overwritten by chance.
fn no_key_is_there_between_two_uses(target: &'static Target) {
    let device = device(target, "confidentiality");
    let board = Setup::new("confidentiality-between", &device)
        .usual_applications()
        .model(&condition_monitor().sealed(&[&device]))
        .senses(demonstration(&["normal"]))
        .install();
    let window = samples(&demonstration(&["normal"]));
    let window = Secret::new(&window[..WINDOW * 6]);
    let keys = keys(&device.huk());
    let keys: Vec<_> = keys
        .iter()
        .map(|(name, key)| (name, Secret::new(key)))
        .collect();

    let mut running = board.boot().ready();
    running.attest();
    let nonce = running.request("nonce");
    let mut looked = 0;
    while !running.has_replied() {
        let ram = running.ram();
        let taken = window.found(&ram);
        if (window.len() / 4..window.len() / 4 * 3).contains(&taken) {
            for (name, key) in &keys {
                assert_eq!(key.leaks(&ram), [], "the {name} key");
            }
            looked += 1;
        }
    }
    assert!(looked > 0);
    assert_eq!(running.answer(nonce).label(), 0);
}

// P1 and P8: the model's key is in RAM while the model is used, where only the kernel
// reaches it, and nowhere at any other time.
fn the_content_key_is_there_while_it_is_used(target: &'static Target) {
    let device = device(target, "confidentiality");
    let model = condition_monitor();
    let sealed = model.sealed(&[&device]);
    let board = Setup::new("confidentiality-content-key", &device)
        .usual_applications()
        .model(&sealed)
        .senses(demonstration(&["normal"]))
        .install();
    let mut flash = board.flash();
    let package = forge(&sealed, &model.plan().bytes, &device, |_| {});
    replace(target, &mut flash, &package);
    board.set_flash(&flash);
    let key = Secret::new(content_key().expose());

    let mut running = board.boot().ready();
    running.attest();
    let mut used = Vec::new();
    for _ in 0..4 {
        let nonce = running.request("nonce");
        while !running.has_replied() {
            used.extend(key.leaks(&running.ram()));
        }
        assert_eq!(running.answer(nonce).label(), 0);
        assert_eq!(key.leaks(&running.ram()), []);
    }
    assert!(!used.is_empty());
    let kernel = 0..target.board.family.kernel_ram();
    let grants = target.in_ram(target.grants.start)..target.in_ram(target.grants.end);
    for leak in used {
        assert!(
            kernel.contains(&leak.at) || grants.contains(&leak.at),
            "{leak:?}"
        );
    }
    running.lose_power();
    assert_eq!(key.leaks(&board.storage()), []);
    assert_eq!(key.leaks(&board.flash()), []);
}
