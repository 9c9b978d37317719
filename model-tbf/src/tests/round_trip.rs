//! What is sealed is what is read, by the device that it was sealed for.

use super::sample::{self, PLAN_LEN, TILE};
use crate::manifest::OutOfLimits;
use crate::writer::{self, SealError};
use crate::{Labels, Manifest, Package, Refusal};
use anchorhold_crypto::digest::sha256;
use anchorhold_policy::{AllowedApps, ScoreType};
use std::vec::Vec;

#[test]
fn the_manifest_survives() {
    let bytes = sample::sealed_for(&[1]);
    let verified = sample::accept(&bytes).unwrap();
    let expected = Manifest {
        plan_digest: sha256(&sample::plan()),
        plan_length: PLAN_LEN as u32,
        ..sample::manifest()
    };
    assert_eq!(*verified.manifest(), expected);
    let package = Package::parse(&bytes).unwrap();
    assert_eq!(
        verified.manifest_digest(),
        sha256(package.signed_manifest())
    );
    assert_eq!(verified.manifest().labels.get(2), Some("worn bearing"));
    assert_eq!(verified.manifest().labels.get(3), None);
}

#[test]
fn extremes_survive() {
    let longest = "0123456789abcdef01234567";
    let manifest = Manifest {
        name: "0123456789abcdef0123456789abcdef",
        version: u64::MAX,
        labels: Labels::new([longest; 16]).unwrap(),
        policy: anchorhold_policy::Policy {
            allowed_apps: AllowedApps::new(&[u32::MAX; 8]).unwrap(),
            resident: true,
            ..sample::manifest().policy
        },
        ..sample::manifest()
    };
    let bytes = writer::seal(
        manifest,
        &[0; 1],
        &sample::publisher(),
        &sample::content_key(),
        &[sample::recipient(1)],
    )
    .unwrap();
    let verified = sample::accept(&bytes).unwrap();
    assert_eq!(verified.manifest().labels, manifest.labels);
    assert_eq!(verified.manifest().policy, manifest.policy);
    assert_eq!(verified.tile_count(), 1);
}

/// Outputs are int8 unless the manifest says int16, which has one way to say so.
#[test]
fn the_type_of_outputs_survives() {
    let manifest = Manifest {
        scores: ScoreType::Int16,
        plan_length: 1,
        ..sample::manifest()
    };
    let mut payload = [0; 1024];
    let length = manifest.encode(&mut payload).unwrap();
    let payload = &mut payload[..length];
    assert_eq!(Manifest::decode(payload), Ok(manifest));
    let usual = sample::manifest().encode(&mut [0; 1024]).unwrap();
    assert_eq!(length, usual + 2);
    for other in [0, 1, 3] {
        payload[length - 1] = other;
        assert!(Manifest::decode(payload).is_err(), "{other}");
    }
}

#[test]
fn tiles_decrypt_to_the_plan() {
    let bytes = sample::sealed_for(&[1]);
    let verified = sample::accept(&bytes).unwrap();
    let key = verified
        .unwrap_content_key(&sample::device(1), sample::device_kid())
        .unwrap();
    assert_eq!(verified.tile_count(), 3);
    let mut plan = Vec::new();
    for index in 0..verified.tile_count() {
        let start = plan.len();
        let length = verified.decrypt_tile(&key, index, |offset, block| {
            assert_eq!(plan.len(), start + offset);
            plan.extend_from_slice(block);
        });
        assert_eq!(length, Ok(plan.len() - start));
    }
    assert_eq!(plan, sample::plan());
    let beyond = verified.decrypt_tile(&key, 3, |_, _| panic!("decrypted"));
    assert_eq!(beyond, Err(Refusal::TagMismatch(3)));
}

#[test]
fn the_ciphertext_is_not_the_plan() {
    let bytes = sample::sealed_for(&[1]);
    let plan = sample::plan();
    assert!(!bytes.windows(16).any(|window| window == &plan[..16]));
}

#[test]
fn every_device_opens_its_own_ticket() {
    let bytes = sample::sealed_for(&[1, 2, 3]);
    for number in [1, 2, 3] {
        let device = sample::device(number);
        let kid = device.public_key().kid();
        assert!(
            sample::accept_with(&bytes, &sample::publisher_key(), &device, kid).is_ok(),
            "device {number}"
        );
    }
}

#[test]
fn another_device_is_refused() {
    let bytes = sample::sealed_for(&[2, 3]);
    assert_eq!(sample::accept(&bytes).err(), Some(Refusal::WrongDevice));
    // A thief who claims another device's kid still lacks its key.
    let stolen = sample::device(2).public_key().kid();
    let result = sample::accept_with(&bytes, &sample::publisher_key(), &sample::device(1), stolen);
    assert_eq!(result.err(), Some(Refusal::BadTicket));
}

#[test]
fn a_package_without_tickets_is_for_nobody() {
    let bytes = sample::sealed_for(&[]);
    assert!(Package::parse(&bytes).is_ok());
    assert_eq!(sample::accept(&bytes).err(), Some(Refusal::WrongDevice));
}

#[test]
fn another_publisher_is_refused() {
    let bytes = sample::sealed_for(&[1]);
    let other = anchorhold_crypto::es256::SigningKey::from_scalar(&anchorhold_crypto::Secret::new(
        [0x12; 32],
    ))
    .unwrap();
    let result = Package::parse(&bytes).unwrap().verify(&other.public_key());
    assert_eq!(result.err(), Some(Refusal::UntrustedPublisher));
}

/// A ticket is bound to its manifest: one from version 2 does not open version 3.
#[test]
fn a_ticket_of_another_version_is_refused() {
    let seal = |version| {
        let manifest = Manifest {
            version,
            ..sample::manifest()
        };
        writer::seal(
            manifest,
            &sample::plan(),
            &sample::publisher(),
            &sample::content_key(),
            &[sample::recipient(1)],
        )
        .unwrap()
    };
    let (older, mut newer) = (seal(2), seal(3));
    assert_eq!(older.len(), newer.len());
    let tickets = newer.len() - PLAN_LEN - 3 * 16 - 121;
    newer[tickets..tickets + 121].copy_from_slice(&older[tickets..tickets + 121]);
    assert_eq!(sample::accept(&newer).err(), Some(Refusal::BadTicket));
}

/// Tiles may all be authentic and still not be what the publisher signed, when somebody
/// who knows the content key made them.
#[test]
fn a_plan_that_was_not_signed_is_refused() {
    let plan = sample::plan();
    let bytes = sample::sealed_for(&[1]);
    let verified = sample::accept(&bytes).unwrap();
    let mut forged = bytes.clone();
    let start = bytes.len() - PLAN_LEN - 3 * 16;
    let mut tile = plan[..TILE].to_vec();
    tile[0] ^= 1;
    let tag = anchorhold_crypto::aead::seal_in_place(
        &sample::content_key(),
        &crate::tile::nonce(&sample::manifest().base_nonce, 0),
        &crate::tile::aad(&verified.manifest_digest(), 0, 3),
        &mut tile,
    );
    forged[start..start + TILE].copy_from_slice(&tile);
    forged[start + TILE..start + TILE + 16].copy_from_slice(&tag);
    assert_eq!(
        sample::accept(&forged).err(),
        Some(Refusal::PlanDigestMismatch)
    );
}

#[test]
fn boards_that_cannot_run_the_model_are_named() {
    let manifest = sample::manifest();
    assert_eq!(manifest.check_board(8192, 1), Ok(()));
    assert_eq!(manifest.check_board(8191, 1), Err(Refusal::NeedsMoreRam));
    assert_eq!(manifest.check_board(8192, 2), Err(Refusal::EngineMismatch));
}

#[test]
fn the_writer_refuses_what_the_reader_would() {
    let seal = |manifest: Manifest, plan: &[u8], recipients: &[_]| {
        writer::seal(
            manifest,
            plan,
            &sample::publisher(),
            &sample::content_key(),
            recipients,
        )
        .err()
    };
    let field = |manifest: Manifest| match seal(manifest, &[0], &[]) {
        Some(SealError::Manifest(OutOfLimits { field, .. })) => field,
        other => panic!("{other:?}"),
    };
    let sample = sample::manifest();
    assert_eq!(field(Manifest { name: "", ..sample }), "name");
    assert_eq!(
        field(Manifest {
            tile_length: 300,
            ..sample
        }),
        "tile length"
    );
    let mut policy = sample.policy;
    policy.output.score_buckets = 1;
    assert_eq!(field(Manifest { policy, ..sample }), "score buckets");
    let mut input = sample.input;
    input.samples = 0;
    assert_eq!(field(Manifest { input, ..sample }), "input samples");
    assert!(matches!(
        seal(sample, &[], &[]),
        Some(SealError::Manifest(OutOfLimits {
            field: "plan length",
            ..
        }))
    ));
    let twice = [super::sample::recipient(1), super::sample::recipient(1)];
    assert_eq!(
        seal(sample, &[0], &twice),
        Some(SealError::DuplicateRecipient(1))
    );
}

#[test]
fn labels_have_limits() {
    assert!(Labels::new([]).is_none());
    assert!(Labels::new([""]).is_none());
    assert!(Labels::new(["a"; 17]).is_none());
    assert!(Labels::new(["0123456789abcdef012345678"]).is_none());
}
