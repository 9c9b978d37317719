//! P1 and P8: what others can get hold of has neither weights nor keys in it.

use anchorhold_crypto::kdf::{derive, Purpose};
use anchorhold_crypto::Secret as Key;
use end_to_end::board::Setup;
use end_to_end::model::condition_monitor;
use end_to_end::people::device;
use end_to_end::recordings::demonstration;
use end_to_end::search::Secret;

/// Where the kernel's own RAM ends and that of processes begins.
const KERNEL_RAM: usize = 0x6000;

#[test]
fn nothing_at_rest_holds_weights() {
    let device = device("confidentiality");
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

/// The device's root key and everything that is derived from it and stays secret.
fn keys(huk: &Key<32>) -> Vec<(&'static str, Vec<u8>)> {
    let derived = |purpose| {
        let mut key = [0; 32];
        derive(huk, purpose, &mut key);
        key.to_vec()
    };
    vec![
        ("hardware unique key", huk.expose().to_vec()),
        ("content-key wrap", derived(Purpose::ContentKeyWrap)),
        ("storage", derived(Purpose::Storage)),
        ("input commitment", derived(Purpose::InputCommitment)),
    ]
}

// P8. The evidence and unseal keys are scalars that the kernel derives for each use;
// the root key must not stay in RAM, nor leave the kernel's RAM while it is used.
#[test]
fn no_key_leaves_the_kernel() {
    let device = device("confidentiality");
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
    let outside = [
        ("RAM of processes", &ram[KERNEL_RAM..]),
        ("storage", &board.storage()),
        ("flash", &board.flash()),
        ("the serial port", board.log().as_bytes()),
    ]
    .map(|(place, bytes)| (place, bytes.to_vec()));
    for (name, key) in keys(&device.huk()) {
        let secret = Secret::new(&key);
        assert!(!secret.is_empty());
        for (place, bytes) in &outside {
            assert_eq!(secret.leaks(bytes), [], "the {name} key in {place}");
        }
    }
    // The kernel reads the root key for each use and wipes it.
    let root = Secret::new(device.huk().expose());
    assert_eq!(root.leaks(&ram[..KERNEL_RAM]), [], "in the kernel's RAM");
}
