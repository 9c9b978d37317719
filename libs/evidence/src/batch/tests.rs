//! Tests of batches: round trip, and every reason to refuse an answer of one.

extern crate std;

use super::*;
use crate::tests::{answer, key_of, record_of};
use crate::{sign, Token, MAX_TOKEN};
use std::vec::Vec;

/// A batch of `size` answers as a device makes it: claims, and the signed root.
fn batch(size: u32) -> (Vec<Vec<u8>>, Vec<u8>) {
    let mut tree = MerkleTree::default();
    let claims = (0..size).map(|index| {
        let mut claims = answer();
        claims.counter.sequence = index.into();
        let mut payload = [0; MAX_TOKEN];
        let length = write_claims(&claims, &mut payload).unwrap();
        tree.push(merkle::leaf(&payload[..length]));
        payload[..length].to_vec()
    });
    let claims = claims.collect();
    let key = key_of(1);
    let mut root = [0; MAX_TOKEN];
    let length = sign_root(&tree, &key.public_key().kid(), &key, &mut root).unwrap();
    (claims, root[..length].to_vec())
}

/// Answer `index` of a batch, on its own.
fn single(claims: &[Vec<u8>], index: usize, root: &[u8]) -> Vec<u8> {
    let leaves: Vec<_> = claims.iter().map(|claims| merkle::leaf(claims)).collect();
    let mut bytes = [0; 1024];
    let length = write_answer(&claims[index], index as u32, &leaves, root, &mut bytes).unwrap();
    bytes[..length].to_vec()
}

fn verify(bytes: &[u8]) -> Result<u64, VerifyError> {
    let device = record_of(1);
    let expected = Expectation {
        nonce: answer().nonce,
        device: &device,
        allow_development_keys: false,
    };
    let evidence = BatchedAnswer::parse(bytes)?.verify(&expected)?;
    Ok(evidence.claims.counter.sequence)
}

#[test]
fn every_answer_of_a_batch_verifies_on_its_own() {
    for size in [1, 2, 3, 7, 64] {
        let (claims, root) = batch(size);
        for index in 0..size as usize {
            let bytes = single(&claims, index, &root);
            assert!(BatchedAnswer::is_one(&bytes));
            assert_eq!(verify(&bytes), Ok(index as u64));
        }
    }
}

#[test]
fn any_changed_byte_is_refused() {
    let (claims, root) = batch(5);
    let mut bytes = single(&claims, 2, &root);
    for at in 0..bytes.len() {
        for bit in [1, 0x80] {
            bytes[at] ^= bit;
            assert!(verify(&bytes).is_err(), "byte {at}");
            bytes[at] ^= bit;
        }
    }
    for length in 0..bytes.len() {
        assert!(verify(&bytes[..length]).is_err(), "{length} bytes");
    }
    bytes.push(0);
    assert!(verify(&bytes).is_err());
}

#[test]
fn claims_that_were_not_signed_together_are_refused() {
    let (claims, root) = batch(4);
    let (others, other_root) = batch(3);
    let refused = Err(VerifyError::NotInBatch);
    assert_eq!(verify(&single(&claims, 1, &other_root)), refused);
    assert_eq!(verify(&single(&others, 1, &root)), refused);
    // Claims that an application made up.
    let mut made_up = claims.clone();
    let last = made_up[1].len() - 1;
    made_up[1][last] ^= 3;
    assert_eq!(verify(&single(&made_up, 1, &root)), refused);
}

#[test]
fn a_token_is_no_batch_and_a_signed_root_no_token() {
    let (claims, root) = batch(2);
    assert!(matches!(Token::parse(&root), Err(VerifyError::NotEvidence)));
    let key = key_of(1);
    let mut token = [0; MAX_TOKEN];
    let length = sign(&answer(), &[], &key.public_key().kid(), &key, &mut token).unwrap();
    assert!(!BatchedAnswer::is_one(&token));
    let bytes = single(&claims, 0, &token[..length]);
    assert_eq!(verify(&bytes), Err(VerifyError::NotEvidence));
}

#[test]
fn another_device_is_refused() {
    let (claims, root) = batch(2);
    let bytes = single(&claims, 0, &root);
    let device = record_of(2);
    let expected = Expectation {
        nonce: answer().nonce,
        device: &device,
        allow_development_keys: false,
    };
    let refused = BatchedAnswer::parse(&bytes).unwrap().verify(&expected);
    assert_eq!(refused.err(), Some(VerifyError::WrongDevice));
}

#[test]
fn nothing_is_signed_without_answers() {
    let key = key_of(1);
    let mut out = [0; MAX_TOKEN];
    let signed = sign_root(&MerkleTree::default(), &[0; 8], &key, &mut out);
    assert_eq!(signed, Err(Error::InvalidLength));
}
