//! Tests of the envelope: what is written, and what is refused.

use super::*;
use crate::digest::sha256;
use crate::secret::Secret;

const KID: [u8; KID_LEN] = *b"8bytekid";
const CONTENT_TYPE: &str = "application/test+cbor";

fn key() -> SigningKey {
    SigningKey::from_scalar(&Secret::new([7; 32])).ok().unwrap()
}

fn signed<'a>(out: &'a mut [u8], payload: &[u8]) -> &'a mut [u8] {
    let length = sign(out, CONTENT_TYPE, &KID, &key(), &mut |buffer| {
        buffer[..payload.len()].copy_from_slice(payload);
        Ok(payload.len())
    })
    .unwrap();
    &mut out[..length]
}

fn refusal(bytes: &[u8]) -> ParseError {
    Sign1::parse(bytes).err().unwrap()
}

fn malformed(at: usize) -> ParseError {
    ParseError::Malformed(Malformed { at })
}

#[test]
fn round_trip_at_every_head_length() {
    for length in [0, 1, 23, 24, 255, 256, 600] {
        let payload = [0x5a; 600];
        let mut out = [0; 800];
        let bytes = signed(&mut out, &payload[..length]);
        let parsed = Sign1::parse(bytes).unwrap();
        assert_eq!(parsed.payload, &payload[..length]);
        assert_eq!(parsed.content_type, CONTENT_TYPE);
        assert_eq!(parsed.kid, &KID);
        assert_eq!(&bytes[parsed.payload_at..][..length], parsed.payload);
        assert_eq!(parsed.verify(&key().public_key()), Ok(()));
    }
}

/// RFC 9052 section 4.4, spelled out by hand.
#[test]
fn the_signature_covers_the_sig_structure() {
    let mut out = [0; 200];
    let bytes = signed(&mut out, b"payload");
    let parsed = Sign1::parse(bytes).unwrap();
    let mut structure = [0; 100];
    let mut at = 0;
    for part in [
        &[0x84, 0x6a][..],
        b"Signature1",
        &[0x58, parsed.protected.len() as u8],
        parsed.protected,
        &[0x40, 0x47],
        b"payload",
    ] {
        structure[at..at + part.len()].copy_from_slice(part);
        at += part.len();
    }
    assert_eq!(parsed.digest(), sha256(&structure[..at]));
}

#[test]
fn buffers_that_are_too_small_are_refused() {
    let mut out = [0; 300];
    let needed = signed(&mut out, b"payload").len();
    for length in 0..needed {
        let result = sign(
            &mut out[..length],
            CONTENT_TYPE,
            &KID,
            &key(),
            &mut |buffer| {
                buffer
                    .get_mut(..7)
                    .ok_or(Error::InvalidLength)?
                    .copy_from_slice(b"payload");
                Ok(7)
            },
        );
        assert_eq!(result, Err(Error::InvalidLength), "{length} bytes");
    }
    let lying = sign(&mut out, CONTENT_TYPE, &KID, &key(), &mut |_| {
        Ok(usize::MAX)
    });
    assert_eq!(lying, Err(Error::InvalidLength));
}

/// Every bit of an envelope is either structure or signed.
#[test]
fn any_changed_bit_is_refused() {
    let mut out = [0; 200];
    let bytes = signed(&mut out, b"payload");
    let public = key().public_key();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            bytes[at] ^= 1 << bit;
            let accepted = Sign1::parse(bytes).is_ok_and(|parsed| parsed.verify(&public).is_ok());
            assert!(!accepted, "byte {at} bit {bit}");
            bytes[at] ^= 1 << bit;
        }
    }
}

#[test]
fn truncation_and_trailing_bytes_are_refused() {
    let mut out = [0; 200];
    let length = signed(&mut out, b"payload").len();
    for end in 0..length {
        assert!(Sign1::parse(&out[..end]).is_err(), "{end} bytes");
    }
    assert_eq!(refusal(&out[..length + 1]), malformed(length));
}

#[test]
fn the_tag_and_the_unprotected_header_are_fixed() {
    let mut out = [0; 200];
    let bytes = signed(&mut out, b"payload");
    // Without tag 18, and with another one.
    assert_eq!(refusal(&bytes[1..]), malformed(0));
    bytes[0] = 0xd1;
    assert_eq!(refusal(bytes), malformed(0));
    bytes[0] = 0xd2;
    // An unprotected header with one parameter.
    let at = Sign1::parse(bytes).unwrap().payload_at - 2;
    let mut longer = [0; 200];
    longer[..at].copy_from_slice(&bytes[..at]);
    longer[at..at + 3].copy_from_slice(&[0xa1, 0x05, 0x00]);
    longer[at + 3..bytes.len() + 2].copy_from_slice(&bytes[at + 1..]);
    assert_eq!(refusal(&longer[..bytes.len() + 2]), malformed(at));
}

/// An envelope around the given protected header; the signature is zeros.
fn with_protected<'a>(out: &'a mut [u8], protected: &[u8]) -> &'a [u8] {
    let mut cbor = Writer::new(out);
    cbor.tag(TAG_SIGN1);
    cbor.array(4);
    cbor.bytes(protected);
    cbor.map(0);
    cbor.bytes(&[]);
    cbor.bytes(&[0; SIGNATURE_LEN]);
    let length = cbor.finish().unwrap();
    &out[..length]
}

#[test]
fn only_es256_is_accepted() {
    let mut out = [0; 120];
    let mut protected = *b"\xa3\x01\x26\x03\x61t\x04\x488bytekid";
    assert!(Sign1::parse(with_protected(&mut out, &protected)).is_ok());
    // -8 is EdDSA, 5 is an HMAC: an attacker who knows a public key could make one.
    for algorithm in [0x27, 0x05] {
        protected[2] = algorithm;
        assert_eq!(
            refusal(with_protected(&mut out, &protected)),
            ParseError::UnknownAlgorithm
        );
    }
}

#[test]
fn the_protected_header_has_exactly_three_parameters() {
    let mut out = [0; 120];
    for (protected, at) in [
        // Missing kid, a duplicate, a fourth parameter, a kid of seven bytes.
        (&b"\xa2\x01\x26\x03\x61t"[..], 3),
        (b"\xa3\x01\x26\x01\x26\x04\x488bytekid", 6),
        (b"\xa4\x01\x26\x03\x61t\x04\x488bytekid\x05\x00", 3),
        (b"\xa3\x01\x26\x03\x61t\x04\x477bytkid", 10),
        // A crit parameter that a lenient reader would pass over.
        (b"\xa3\x01\x26\x02\x81\x01\x03\x61t", 6),
        (b"", 3),
    ] {
        assert_eq!(
            refusal(with_protected(&mut out, protected)),
            malformed(at),
            "{protected:02x?}"
        );
    }
}
