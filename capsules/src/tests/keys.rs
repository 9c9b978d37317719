//! Keys of a page, and what is derived from them.

use super::fakes::{keys, HUK};
use crate::sensor::commitment::commitment;
use crate::shield;
use anchorhold_crypto::digest::sha256;
use anchorhold_crypto::kdf::{self, Purpose};
use anchorhold_crypto::Secret;
use anchorhold_evidence::Counter;

#[test]
fn the_identity_is_that_of_the_huk() {
    let device = keys(HUK);
    assert!(device.identity().is_none());
    device.start().unwrap();
    let identity = device.identity().unwrap();
    assert_eq!(identity.ueid, kdf::ueid(&Secret::new(HUK)));
    let kid = shield::public_key(|shield| device.evidence(shield).unwrap().public_key().kid());
    assert_eq!(identity.evidence_kid, kid);
    assert_ne!(identity.evidence_kid, identity.unseal_kid);
}

#[test]
fn each_purpose_has_its_own_key() {
    let device = keys(HUK);
    let key =
        |purpose| shield::symmetric(|shield| *device.symmetric(shield, purpose).unwrap().expose());
    assert_ne!(key(Purpose::Storage), key(Purpose::ContentKeyWrap));
    assert_ne!(key(Purpose::Storage), HUK);
}

/// Samples have little entropy: whoever guesses a window must not be able to check the
/// guess, neither without the device's key nor against another answer.
#[test]
fn a_commitment_confirms_no_guess() {
    let window = sha256(b"a guessed window");
    let counter = Counter {
        boot: 3,
        sequence: 40,
    };
    let committed = |huk, counter| commitment(keys(huk), counter, &window).unwrap();
    let first = committed(HUK, counter);
    assert_eq!(first, committed(HUK, counter));
    assert_ne!(first, window);
    assert_ne!(first, committed([1; 32], counter));
    let other_answer = Counter {
        sequence: 41,
        ..counter
    };
    assert_ne!(first, committed(HUK, other_answer));
    let other_boot = Counter { boot: 4, ..counter };
    assert_ne!(first, committed(HUK, other_boot));
}
