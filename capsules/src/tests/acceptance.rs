//! Which packages the vault accepts, over boots of one device.

use super::fakes::{keys, switch_on, FakeStorage, HUK, PUBLISHER};
use crate::model::ActiveModel;
use crate::vault::{Acceptance, BoardLimits, Verdict};
use anchorhold_crypto::es256::SigningKey;
use anchorhold_crypto::hpke::RecipientKey;
use anchorhold_crypto::Secret;
use anchorhold_policy::{
    AllowedApps, InputChecks, InputContract, OutputDetail, OutputPolicy, Policy, RatePolicy,
    ScoreType, SensorKind,
};
use model_tbf::golden::GoldenRule;
use model_tbf::writer::{seal, DataTbf, Recipient};
use model_tbf::{BoardNeeds, Golden, Labels, Manifest, Refusal};

const LIMITS: BoardLimits = BoardLimits {
    arena_bytes: 16_384,
    engine_abi: 1,
};

/// A package to be made; every field is a thing that can be wrong with it.
#[derive(Clone, Copy)]
struct Sample {
    uuid: u8,
    version: u64,
    plan: u8,
    huk: [u8; 32],
    publisher: u8,
    arena_bytes: u32,
    engine_abi: u16,
}

const GOOD: Sample = Sample {
    uuid: 1,
    version: 1,
    plan: 7,
    huk: HUK,
    publisher: PUBLISHER,
    arena_bytes: 8192,
    engine_abi: 1,
};

impl Sample {
    fn tbf(self) -> Vec<u8> {
        let manifest = Manifest {
            name: "sample",
            uuid: [self.uuid; 16],
            version: self.version,
            plan_digest: [0; 32],
            plan_length: 0,
            tile_length: 256,
            base_nonce: [3; 12],
            input: InputContract {
                sensor: SensorKind::Tensor,
                samples: 16,
                channels: 1,
                sample_period_us: 0,
                checks: InputChecks {
                    minimum: -128,
                    maximum: 127,
                    zeros_permille: 1000,
                    flat_run: 16,
                    saturated_permille: 1000,
                    maximum_age_ms: 0,
                },
            },
            labels: Labels::new(["no", "yes"]).unwrap(),
            policy: Policy {
                output: OutputPolicy {
                    detail: OutputDetail::TopLabel,
                    score_buckets: 2,
                },
                rate: RatePolicy {
                    per_minute: 0,
                    burst: 1,
                    answers: 0,
                },
                allowed_apps: AllowedApps::ANY,
                resident: false,
            },
            needs: BoardNeeds {
                arena_bytes: self.arena_bytes,
                engine_abi: self.engine_abi,
            },
            golden: Golden {
                rule: GoldenRule::Ramp,
                output_digest: [0; 32],
            },
            scores: ScoreType::Int8,
        };
        let recipient = Recipient {
            unseal_key: RecipientKey::derive(&Secret::new(self.huk))
                .unwrap()
                .public_key(),
            ephemeral_seed: Secret::new([0x77; 32]),
        };
        let signer = SigningKey::from_scalar(&Secret::new([self.publisher; 32])).unwrap();
        let content_key = Secret::new([0xc0; 32]);
        let plan = [self.plan; 600];
        let package = seal(manifest, &plan, &signer, &content_key, &[recipient]).unwrap();
        DataTbf {
            name: "model",
            flash_address: 0x2008_0000,
            ram_address: 0x1000_6000,
        }
        .wrap(&package)
        .unwrap()
    }
}

/// A device that keeps its storage over boots.
struct Device {
    storage: Option<Vec<u8>>,
}

/// What one boot came to.
struct Boot {
    verdicts: Vec<Result<u64, Verdict>>,
    in_use: Option<u64>,
    news: bool,
}

impl Device {
    fn new() -> Device {
        Device { storage: None }
    }

    fn boot(&mut self, tbfs: &[Vec<u8>]) -> Boot {
        let flash: &'static [u8] = Box::leak(tbfs.concat().into_boxed_slice());
        let storage = FakeStorage::new(self.storage.take());
        let keys = keys(HUK);
        keys.start().unwrap();
        let (state, _) = switch_on(storage, keys);
        storage.finish_all();
        let model: &'static ActiveModel = Box::leak(Box::default());
        let acceptance = Acceptance::new(flash, LIMITS, keys, state, model);
        let mut verdicts = Vec::new();
        while let Some((_, result)) = acceptance.next() {
            verdicts.push(result.map(|accepted| accepted.version));
        }
        let news = acceptance.has_news();
        if news {
            state.save().unwrap();
            storage.finish_all();
        }
        self.storage = Some(storage.content());
        Boot {
            verdicts,
            in_use: model.claim().map(|model| model.version),
            news,
        }
    }
}

fn refused(refusal: Refusal) -> Result<u64, Verdict> {
    Err(Verdict::Refused(refusal))
}

#[test]
fn the_first_boot_remembers_and_the_next_needs_no_ticket() {
    let mut device = Device::new();
    let boot = device.boot(&[GOOD.tbf()]);
    assert_eq!((boot.verdicts, boot.in_use), (vec![Ok(1)], Some(1)));
    assert!(boot.news);

    // The same signed manifest and tiles, with a ticket for another device only.
    let without_ticket = Sample {
        huk: [9; 32],
        ..GOOD
    };
    let boot = device.boot(&[without_ticket.tbf()]);
    assert_eq!((boot.verdicts, boot.in_use), (vec![Ok(1)], Some(1)));
    assert!(!boot.news);
    // A device that never accepted it has no use for it.
    let boot = Device::new().boot(&[without_ticket.tbf()]);
    assert_eq!(boot.verdicts, [refused(Refusal::WrongDevice)]);
}

#[test]
fn an_older_version_never_comes_back() {
    let newer = Sample { version: 2, ..GOOD };
    let mut device = Device::new();
    let boot = device.boot(&[newer.tbf(), GOOD.tbf()]);
    assert_eq!(boot.verdicts, [Ok(2), refused(Refusal::OlderVersion)]);
    assert_eq!(boot.in_use, Some(2));

    let boot = device.boot(&[GOOD.tbf()]);
    assert_eq!(boot.verdicts, [refused(Refusal::OlderVersion)]);
    assert_eq!(boot.in_use, None);
}

#[test]
fn the_newest_is_used_wherever_it_lies() {
    let newer = Sample { version: 2, ..GOOD };
    let boot = Device::new().boot(&[GOOD.tbf(), newer.tbf()]);
    assert_eq!((boot.verdicts, boot.in_use), (vec![Ok(1), Ok(2)], Some(2)));
}

#[test]
fn one_version_has_one_content() {
    let other = Sample { plan: 8, ..GOOD };
    let boot = Device::new().boot(&[GOOD.tbf(), other.tbf(), GOOD.tbf()]);
    let duplicate = refused(Refusal::DuplicateVersion);
    assert_eq!(boot.verdicts, [Ok(1), duplicate, Ok(1)]);
}

#[test]
fn a_refused_package_leaves_the_earlier_model_in_use() {
    let next = Sample { version: 2, ..GOOD };
    let mut damaged = next.tbf();
    let tag = damaged.len() - 20;
    damaged[tag] ^= 1;
    let cases = [
        (damaged, Refusal::TagMismatch(2)),
        (
            Sample {
                publisher: 0x12,
                ..next
            }
            .tbf(),
            Refusal::UntrustedPublisher,
        ),
        (
            Sample {
                huk: [9; 32],
                ..next
            }
            .tbf(),
            Refusal::WrongDevice,
        ),
        (
            Sample {
                arena_bytes: LIMITS.arena_bytes + 1,
                ..next
            }
            .tbf(),
            Refusal::NeedsMoreRam,
        ),
        (
            Sample {
                engine_abi: 2,
                ..next
            }
            .tbf(),
            Refusal::EngineMismatch,
        ),
    ];
    for (bad, refusal) in cases {
        let mut device = Device::new();
        device.boot(&[GOOD.tbf()]);
        let boot = device.boot(&[GOOD.tbf(), bad]);
        assert_eq!(boot.verdicts, [Ok(1), refused(refusal)]);
        assert_eq!(boot.in_use, Some(1));
        assert!(!boot.news, "a refusal is not remembered");
        // Nor did it raise the floor.
        let boot = device.boot(&[GOOD.tbf()]);
        assert_eq!(boot.in_use, Some(1));
    }
}

#[test]
fn no_floor_is_forgotten_for_a_fifth_model() {
    let tbfs: Vec<_> = (1..=5).map(|uuid| Sample { uuid, ..GOOD }.tbf()).collect();
    let boot = Device::new().boot(&tbfs);
    let (last, accepted) = boot.verdicts.split_last().unwrap();
    assert_eq!(accepted, [Ok(1); 4]);
    assert_eq!(*last, Err(Verdict::NoRoom));
}
