//! Tests of whole tokens: round trip, size, and every reason to refuse one.

use super::*;
use anchorhold_crypto::cose;
use anchorhold_crypto::es256::SigningKey;
use anchorhold_crypto::kdf::{self, Purpose};
use anchorhold_crypto::{Error, Secret};
use anchorhold_policy::{InputStatus, Summary};
use anchorhold_provisioning::{DeviceRecord, KeyTier};

const NONCE: [u8; 32] = [0x4e; 32];

pub(crate) fn key_of(huk: u8) -> SigningKey {
    SigningKey::derive(&Secret::new([huk; 32]), Purpose::EvidenceKey).unwrap()
}

pub(crate) fn record_of(huk: u8) -> DeviceRecord<'static> {
    let key = key_of(huk).public_key();
    DeviceRecord {
        ueid: kdf::ueid(&Secret::new([huk; 32])),
        evidence_key: key,
        unseal_key: key,
        tier: KeyTier::FlashLocked,
        board: "test",
        oem_key: key,
    }
}

/// The longest claims there are: every integer and string at its limit.
fn longest() -> Claims<'static> {
    Claims {
        nonce: &[0x4e; MAX_NONCE],
        ueid: record_of(1).ueid,
        uptime_s: u32::MAX,
        debug: DebugStatus::DisabledFullyAndPermanently,
        version: "0123456789abcdef0123456789abcdef",
        model: Some(Model {
            uuid: [0xaa; 16],
            version: u64::MAX,
            manifest_digest: [0xbb; 32],
        }),
        input: Some(Input {
            source: InputSource::Accelerometer,
            commitment: [0xcc; 32],
            first_sample: u64::MAX,
            samples: u32::MAX,
            status: InputStatus::Accepted,
        }),
        outcome: Some(Outcome {
            status: ResultStatus::Answered,
            summary: Some(Summary {
                label: 255,
                score_bucket: Some(99),
            }),
        }),
        requester: u32::MAX,
        counter: Counter {
            boot: u32::MAX,
            sequence: u64::MAX,
        },
        boot_measurement: [0xdd; 32],
        key_tier: KeyTier::FlashLocked,
        self_test: SelfTest::Failed,
    }
}

pub(crate) fn answer() -> Claims<'static> {
    Claims {
        nonce: &NONCE,
        version: "0.1.0",
        counter: Counter {
            boot: 2,
            sequence: 7,
        },
        ..longest()
    }
}

struct Signed {
    bytes: [u8; 2048],
    length: usize,
}

impl Signed {
    fn new(claims: &Claims, measurements: &[Measurement]) -> Self {
        let mut bytes = [0; 2048];
        let kid = record_of(1).evidence_key.kid();
        let length = sign(claims, measurements, &kid, &key_of(1), &mut bytes).unwrap();
        Signed { bytes, length }
    }

    fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    fn verify(&self, expected: &Expectation) -> Result<(), VerifyError> {
        Token::parse(self.as_slice())?.verify(expected).map(|_| ())
    }
}

fn verify_with(
    claims: &Claims,
    nonce: &[u8],
    device: &DeviceRecord,
    allow_development_keys: bool,
) -> Result<(), VerifyError> {
    Signed::new(claims, &[]).verify(&Expectation {
        nonce,
        device,
        allow_development_keys,
    })
}

#[test]
fn an_answer_survives_the_round_trip() {
    for claims in [answer(), longest()] {
        let signed = Signed::new(&claims, &[]);
        let token = Token::parse(signed.as_slice()).unwrap();
        let evidence = token
            .verify(&Expectation {
                nonce: claims.nonce,
                device: &record_of(1),
                allow_development_keys: false,
            })
            .unwrap();
        assert_eq!(evidence.claims, claims);
        assert_eq!(evidence.measurements.iter().count(), 0);
    }
}

#[test]
fn the_longest_token_fits_the_buffer_that_is_promised() {
    let longest_token = Signed::new(&longest(), &[]).length;
    assert!(longest_token <= MAX_TOKEN, "{longest_token} bytes");
    let name = "0123456789abcdef0123456789abcdef";
    let digest = [0xee; 32];
    let measurements = [Measurement { name, digest }; 16];
    let attested = Signed::new(&longest(), &measurements).length;
    assert!(attested <= MAX_TOKEN + 16 * 74, "{attested} bytes");
}

#[test]
fn every_status_and_absence_survives() {
    for status in [
        ResultStatus::InputRejected,
        ResultStatus::InferenceFailed,
        ResultStatus::InferenceRestarted,
        ResultStatus::DeadlineExceeded,
        ResultStatus::TileRefused,
    ] {
        let claims = Claims {
            model: None,
            input: None,
            outcome: Some(Outcome {
                status,
                summary: None,
            }),
            ..answer()
        };
        let signed = Signed::new(&claims, &[]);
        let token = Token::parse(signed.as_slice()).unwrap();
        assert_eq!(*token.unverified_claims(), claims);
    }
}

#[test]
fn attestation_carries_measurements() {
    let claims = Claims {
        input: None,
        outcome: None,
        ..answer()
    };
    let measurements = [
        Measurement {
            name: "kernel",
            digest: [1; 32],
        },
        Measurement {
            name: "a process with a rather long name",
            digest: [2; 32],
        },
    ];
    let mut out = [0; 2048];
    let kid = record_of(1).evidence_key.kid();
    assert_eq!(
        sign(&claims, &measurements, &kid, &key_of(1), &mut out),
        Err(Error::InvalidLength),
        "a name of 33 bytes"
    );
    let signed = Signed::new(&claims, &measurements[..1]);
    let token = Token::parse(signed.as_slice()).unwrap();
    assert!(token
        .unverified_measurements()
        .iter()
        .eq(&measurements[..1]));
}

#[test]
fn claims_outside_their_limits_are_not_signed() {
    let mut out = [0; 1024];
    let mut refused = |claims: Claims| {
        let kid = record_of(1).evidence_key.kid();
        sign(&claims, &[], &kid, &key_of(1), &mut out) == Err(Error::InvalidLength)
    };
    assert!(!refused(answer()));
    assert!(refused(Claims {
        nonce: &[0; 7],
        ..answer()
    }));
    assert!(refused(Claims {
        nonce: &[0; 65],
        ..answer()
    }));
    assert!(refused(Claims {
        version: "0123456789abcdef0123456789abcdef0",
        ..answer()
    }));
    assert!(refused(Claims {
        outcome: Some(Outcome {
            status: ResultStatus::Answered,
            summary: None
        }),
        ..answer()
    }));
    assert!(refused(Claims {
        outcome: Some(Outcome {
            status: ResultStatus::InputRejected,
            summary: answer().outcome.unwrap().summary
        }),
        ..answer()
    }));
}

#[test]
fn another_nonce_is_refused() {
    for nonce in [&[0x4e; 31][..], &[0x4e; 33], &[0x4f; 32], &[]] {
        assert_eq!(
            verify_with(&answer(), nonce, &record_of(1), false),
            Err(VerifyError::WrongNonce)
        );
    }
}

#[test]
fn another_device_is_refused() {
    assert_eq!(
        verify_with(&answer(), &NONCE, &record_of(2), false),
        Err(VerifyError::WrongDevice)
    );
    // The right key under another device's name.
    let claims = Claims {
        ueid: record_of(2).ueid,
        ..answer()
    };
    assert_eq!(
        verify_with(&claims, &NONCE, &record_of(1), false),
        Err(VerifyError::WrongDevice)
    );
}

#[test]
fn another_key_under_the_right_kid_is_refused() {
    let mut bytes = [0; 1024];
    let kid = record_of(1).evidence_key.kid();
    let length = sign(&answer(), &[], &kid, &key_of(2), &mut bytes).unwrap();
    let result = Token::parse(&bytes[..length])
        .unwrap()
        .verify(&Expectation {
            nonce: &NONCE,
            device: &record_of(1),
            allow_development_keys: false,
        });
    assert_eq!(result.err(), Some(VerifyError::BadSignature));
}

/// The trap: dummy keys that reach production unmarked.
#[test]
fn development_keys_are_refused_unless_allowed() {
    let claims = Claims {
        key_tier: KeyTier::Development,
        ..answer()
    };
    let record = DeviceRecord {
        tier: KeyTier::Development,
        ..record_of(1)
    };
    assert_eq!(
        verify_with(&claims, &NONCE, &record, false),
        Err(VerifyError::DevelopmentKey)
    );
    assert_eq!(verify_with(&claims, &NONCE, &record, true), Ok(()));
    // A device cannot promote itself, nor can a record be swapped for a better one.
    assert_eq!(
        verify_with(&claims, &NONCE, &record_of(1), true),
        Err(VerifyError::WrongKeyTier)
    );
    assert_eq!(
        verify_with(&answer(), &NONCE, &record, true),
        Err(VerifyError::WrongKeyTier)
    );
}

#[test]
fn any_changed_byte_is_refused() {
    let mut signed = Signed::new(&answer(), &[]);
    let record = record_of(1);
    let expected = Expectation {
        nonce: &NONCE,
        device: &record,
        allow_development_keys: true,
    };
    assert_eq!(signed.verify(&expected), Ok(()));
    for at in 0..signed.length {
        for change in [0x01, 0x80] {
            signed.bytes[at] ^= change;
            assert!(signed.verify(&expected).is_err(), "byte {at}");
            signed.bytes[at] ^= change;
        }
    }
}

#[test]
fn truncation_and_trailing_bytes_are_malformed() {
    let signed = Signed::new(&answer(), &[]);
    for end in 0..signed.length {
        let error = Token::parse(&signed.bytes[..end]).err().unwrap();
        assert!(matches!(error, VerifyError::Malformed { at } if at <= end));
    }
    assert_eq!(
        Token::parse(&signed.bytes[..signed.length + 1]).err(),
        Some(VerifyError::Malformed { at: signed.length })
    );
}

/// The trap: a document that the same key signed for another purpose.
#[test]
fn another_content_type_is_not_evidence() {
    let mut out = [0; 256];
    let length = cose::sign(
        &mut out,
        "application/other",
        &[0; 8],
        &key_of(1),
        &mut |_| Ok(0),
    )
    .unwrap();
    assert_eq!(
        Token::parse(&out[..length]).err(),
        Some(VerifyError::NotEvidence)
    );
}

/// Signs `payload` as if it were Evidence, and says at which byte of it parsing stopped.
fn payload_refused_at(payload: &[u8]) -> usize {
    let mut out = [0; 2048];
    let length = cose::sign(
        &mut out,
        "application/eat+cwt",
        &[0; 8],
        &key_of(1),
        &mut |buffer| {
            buffer[..payload.len()].copy_from_slice(payload);
            Ok(payload.len())
        },
    )
    .unwrap();
    let start = cose::Sign1::parse(&out[..length]).unwrap().payload_at;
    match Token::parse(&out[..length]).err().unwrap() {
        VerifyError::Malformed { at } => at - start,
        error => panic!("{error:?}"),
    }
}

/// A payload is refused for what it says, also under a good signature.
#[test]
fn payloads_that_a_signer_got_wrong_are_refused_where_they_are_wrong() {
    let signed = Signed::new(&answer(), &[]);
    let payload = cose::Sign1::parse(signed.as_slice()).unwrap().payload;
    let mut wrong = [0; 512];
    let wrong = &mut wrong[..payload.len()];
    wrong.copy_from_slice(payload);

    // One pair more than there is; one pair fewer.
    wrong[0] = payload[0] + 1;
    assert_eq!(payload_refused_at(wrong), payload.len());
    wrong[0] = payload[0] - 1;
    assert!(payload_refused_at(wrong) > 0);
    wrong[0] = payload[0];
    // The first key.
    wrong[1] = 9;
    assert_eq!(payload_refused_at(wrong), 1);
    wrong[1] = payload[1];
    // The last value, the self-test's state.
    wrong[payload.len() - 1] = 3;
    assert_eq!(payload_refused_at(wrong), payload.len() - 1);
}

#[test]
fn unknown_claims_are_refused() {
    let signed = Signed::new(&answer(), &[]);
    let payload = cose::Sign1::parse(signed.as_slice()).unwrap().payload;
    // A key that sorts last in the outer map: -70002, with value 0.
    let mut longer = [0; 512];
    longer[..payload.len()].copy_from_slice(payload);
    longer[0] += 1;
    longer[payload.len()..payload.len() + 6].copy_from_slice(&[0x3a, 0, 1, 0x11, 0x71, 0]);
    assert_eq!(payload_refused_at(&longer[..payload.len() + 6]), 0);
}

#[test]
fn refusals_are_one_line() {
    extern crate std;
    use std::string::ToString;
    for error in [
        VerifyError::Malformed { at: 12 },
        VerifyError::NotEvidence,
        VerifyError::UnknownAlgorithm,
        VerifyError::WrongDevice,
        VerifyError::BadSignature,
        VerifyError::WrongNonce,
        VerifyError::WrongKeyTier,
        VerifyError::DevelopmentKey,
    ] {
        let text = error.to_string();
        assert!(!text.contains('\n') && text.len() > 20, "{text}");
    }
    assert!(VerifyError::Malformed { at: 12 }
        .to_string()
        .contains("byte 12"));
}
