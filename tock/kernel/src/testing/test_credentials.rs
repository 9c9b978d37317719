//! Tests of credentials, identity and uniqueness.

use core::num::NonZeroU32;

use super::tbf::{tbf, Tbf};
use super::world::World;
use crate::process::ShortId;

/// The type of a P-256 credential.
const P256: u32 = 6;
/// The type of a SHA-256 credential.
const SHA256: u32 = 3;

fn signed(name: &str, version: u32) -> Tbf {
    Tbf {
        credential: Some((P256, 1)),
        short_id: Some(0x1002),
        version,
        ..tbf(name)
    }
}

fn fixed(id: u32) -> ShortId {
    ShortId::Fixed(NonZeroU32::new(id).unwrap())
}

#[test]
fn a_good_credential_gives_the_identity() {
    let world = World::boot(&[signed("reader", 1)]);
    assert_eq!(world.process(0).short_app_id(), fixed(0x1002));
    assert_eq!(world.process(0).processid().short_app_id(), fixed(0x1002));
    assert!(world.process(0).get_credential().is_some());
    let log = world.log.0.borrow();
    assert!(
        log.contains("loaded: credential accepted, ShortId 0x1002\r\n"),
        "{log}"
    );
}

#[test]
fn without_a_credential_it_runs_as_nobody() {
    let world = World::boot(&[Tbf {
        credential: None,
        ..signed("intruder", 1)
    }]);
    assert_eq!(world.count(), 1);
    let id = world.process(0).short_app_id();
    assert_ne!(id, id, "equal to nobody, not even itself");
    assert!(world.process(0).get_credential().is_none());
    let log = world.log.0.borrow();
    assert!(
        log.contains("loaded: unsigned, ShortId unique\r\n"),
        "{log}"
    );
}

#[test]
fn credentials_that_nobody_looks_at_are_passed_over() {
    let world = World::boot(&[Tbf {
        credential: Some((SHA256, 1)),
        ..signed("hashed", 1)
    }]);
    assert_eq!(world.count(), 1);
    assert!(world.process(0).get_credential().is_none());
}

#[test]
fn a_bad_credential_keeps_it_from_running() {
    let world = World::boot(&[
        Tbf {
            credential: Some((P256, 2)),
            ..signed("forged", 1)
        },
        signed("genuine", 1),
    ]);
    assert_eq!(world.count(), 1);
    assert_eq!(world.process(0).get_process_name(), "genuine");
    let log = world.log.0.borrow();
    assert!(log.contains("process forged at"), "{log}");
    assert!(log.contains("refused: credential 0 rejected\r\n"), "{log}");
}

#[test]
fn of_one_identity_the_newest_runs() {
    for versions in [[1, 2, 1], [2, 1, 1], [1, 1, 2]] {
        let world = World::boot(&versions.map(|version| signed("app", version)));
        assert_eq!(world.count(), 1, "{versions:?}");
        let version = world.process(0).binary_version();
        assert_eq!(
            version,
            NonZeroU32::new(2).map(crate::process::BinaryVersion::new)
        );
        assert!(world.log.0.borrow().contains("same application, not newer"));
    }
}
