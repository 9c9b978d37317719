//! A small package, and the keys around it.

use crate::golden::GoldenRule;
use crate::writer::{self, Recipient};
use crate::{BoardNeeds, Golden, Labels, Manifest, Package, Refusal, VerifiedPackage};
use anchorhold_crypto::es256::{PublicKey, SigningKey};
use anchorhold_crypto::hpke::RecipientKey;
use anchorhold_crypto::Secret;
use anchorhold_policy::{
    AllowedApps, InputChecks, InputContract, OutputDetail, OutputPolicy, Policy, RatePolicy,
    ScoreType, SensorKind,
};
use std::sync::OnceLock;
use std::vec::Vec;

/// Plaintext bytes of a tile.
pub const TILE: usize = 256;
/// Length of the plan: three tiles, the last one short.
pub const PLAN_LEN: usize = 2 * TILE + 100;

pub fn publisher() -> SigningKey {
    SigningKey::from_scalar(&Secret::new([0x11; 32])).unwrap()
}

pub fn publisher_key() -> PublicKey {
    static KEY: OnceLock<PublicKey> = OnceLock::new();
    *KEY.get_or_init(|| publisher().public_key())
}

/// The unseal key of device number `number`.
pub fn device(number: u8) -> RecipientKey {
    RecipientKey::from_scalar(&Secret::new([number; 32])).unwrap()
}

pub fn content_key() -> Secret<32> {
    Secret::new([0xc0; 32])
}

pub fn plan() -> Vec<u8> {
    (0..PLAN_LEN)
        .map(|index| (index * 7 + index / 256) as u8)
        .collect()
}

pub fn manifest() -> Manifest<'static> {
    Manifest {
        name: "pump monitor",
        uuid: [0xab; 16],
        version: 3,
        plan_digest: [0; 32],
        plan_length: 0,
        tile_length: TILE as u32,
        base_nonce: [0x5c; 12],
        input: InputContract {
            sensor: SensorKind::Accelerometer,
            samples: 128,
            channels: 3,
            sample_period_us: 10_000,
            checks: InputChecks {
                minimum: -16_000,
                maximum: 16_000,
                zeros_permille: 900,
                flat_run: 32,
                saturated_permille: 100,
                maximum_age_ms: 2_000,
            },
        },
        labels: Labels::new(["healthy", "unbalanced", "worn bearing"]).unwrap(),
        policy: Policy {
            output: OutputPolicy {
                detail: OutputDetail::TopLabelAndScore,
                score_buckets: 10,
            },
            rate: RatePolicy {
                per_minute: 60,
                burst: 4,
                answers: 0,
            },
            allowed_apps: AllowedApps::new(&[0x1002, 0x1003]).unwrap(),
            resident: false,
        },
        needs: BoardNeeds {
            arena_bytes: 8192,
            engine_abi: 1,
        },
        golden: Golden {
            rule: GoldenRule::Ramp,
            output_digest: [0x60; 32],
        },
        scores: ScoreType::Int8,
    }
}

pub fn recipient(number: u8) -> Recipient {
    Recipient {
        unseal_key: device(number).public_key(),
        ephemeral_seed: Secret::new([number ^ 0x80; 32]),
    }
}

/// A package for the devices with these numbers.
pub fn sealed_for(devices: &[u8]) -> Vec<u8> {
    let recipients: Vec<_> = devices.iter().map(|number| recipient(*number)).collect();
    writer::seal(
        manifest(),
        &plan(),
        &publisher(),
        &content_key(),
        &recipients,
    )
    .unwrap()
}

/// What device 1 says to a package: every check that it makes, in its order.
pub fn accept(bytes: &[u8]) -> Result<VerifiedPackage<'_>, Refusal> {
    static DEVICE: OnceLock<RecipientKey> = OnceLock::new();
    let device = DEVICE.get_or_init(|| device(1));
    accept_with(bytes, &publisher_key(), device, device_kid())
}

/// The identifier of device 1's unseal key.
pub fn device_kid() -> [u8; 8] {
    static KID: OnceLock<[u8; 8]> = OnceLock::new();
    *KID.get_or_init(|| device(1).public_key().kid())
}

pub fn accept_with<'a>(
    bytes: &'a [u8],
    publisher: &PublicKey,
    device: &RecipientKey,
    kid: [u8; 8],
) -> Result<VerifiedPackage<'a>, Refusal> {
    let verified = Package::parse(bytes)?.verify(publisher)?;
    let key = verified.unwrap_content_key(device, kid)?;
    verified.check_tiles(&key)?;
    Ok(verified)
}
