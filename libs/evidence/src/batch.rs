//! Several answers under one signature: claims one by one, then one signed Merkle root,
//! and a path from each to it.
//!
//! A signature costs more than many an inference. An application that wants a series of
//! answers takes their claims as they come and has the root signed at the end. Claims
//! alone are worth nothing; with their path and the signed root they are Evidence.

use crate::claims::Claims;
use crate::decode;
use crate::encode;
use crate::measurement::Measurements;
use crate::merkle::{self, Hash, MerkleTree, MAX_LEAVES, MAX_PATH};
use crate::token::within_limits;
use crate::verify::{Evidence, Expectation, VerifyError};
use anchorhold_crypto::cbor::{Malformed, Reader, Writer};
use anchorhold_crypto::cose::{self, Sign1};
use anchorhold_crypto::es256::{SigningKey, KID_LEN};
use anchorhold_crypto::Error;

/// What a signed root says that it is.
const CONTENT_TYPE: &str = "application/anchorhold-batch+cbor";
/// Keys of the signed map.
mod label {
    pub const SIZE: i64 = 1;
    pub const ROOT: i64 = 2;
}

/// Writes the claims of one answer, unsigned, to the start of `out` and returns their
/// length. Their hash is to go into a tree whose root is signed.
///
/// # Errors
/// As for [`sign`](crate::token::sign).
pub fn write_claims(claims: &Claims<'_>, out: &mut [u8]) -> Result<usize, Error> {
    if !within_limits(claims, &[]) {
        return Err(Error::InvalidLength);
    }
    let mut cbor = Writer::new(out);
    encode::claims(&mut cbor, claims, &[]);
    cbor.finish().ok_or(Error::InvalidLength)
}

/// Signs the root of `tree` and returns the length of the signed root in `out`, at most
/// [`MAX_TOKEN`](crate::MAX_TOKEN). `kid` identifies the public half of `key`.
///
/// # Errors
/// [`Error::InvalidLength`] when the tree is empty or `out` is too small.
pub fn sign_root(
    tree: &MerkleTree,
    kid: &[u8; KID_LEN],
    key: &SigningKey,
    out: &mut [u8],
) -> Result<usize, Error> {
    let root = tree.root().ok_or(Error::InvalidLength)?;
    cose::sign(out, CONTENT_TYPE, kid, key, &mut |payload| {
        let mut cbor = Writer::new(payload);
        cbor.map(2);
        cbor.key(label::SIZE);
        cbor.unsigned(tree.size().into());
        cbor.key(label::ROOT);
        cbor.bytes(&root);
        cbor.finish().ok_or(Error::InvalidLength)
    })
}

/// Writes answer `index` of a batch as Evidence on its own, `[claims, index, path,
/// signed root]`, and returns its length in `out`. `leaves` are the hashes of all the
/// batch's claims, in order.
///
/// # Errors
/// [`Error::InvalidLength`] when `out` is too small.
pub fn write_answer(
    claims: &[u8],
    index: u32,
    leaves: &[Hash],
    signed_root: &[u8],
    out: &mut [u8],
) -> Result<usize, Error> {
    let mut hashes = 0;
    merkle::path(leaves, index as usize, &mut |_| hashes += 1);
    let mut cbor = Writer::new(out);
    cbor.array(4);
    cbor.bytes(claims);
    cbor.unsigned(index.into());
    cbor.array(hashes);
    merkle::path(leaves, index as usize, &mut |hash| cbor.bytes(&hash));
    cbor.bytes(signed_root);
    cbor.finish().ok_or(Error::InvalidLength)
}

/// An answer of a batch that was parsed, but not verified.
#[derive(Clone, Copy)]
pub struct BatchedAnswer<'a> {
    payload: &'a [u8],
    claims: Claims<'a>,
    index: u32,
    path: [Hash; MAX_PATH],
    path_length: usize,
    envelope: Sign1<'a>,
    size: u32,
    root: &'a Hash,
}

impl<'a> BatchedAnswer<'a> {
    /// Whether `bytes` begin as an answer of a batch does, and not as a token.
    pub fn is_one(bytes: &[u8]) -> bool {
        const ARRAY_OF_FOUR: u8 = 0x84;
        bytes.first() == Some(&ARRAY_OF_FOUR)
    }

    /// Reads an answer that takes up all of `bytes`.
    ///
    /// # Errors
    /// As [`Token::parse`](crate::Token::parse).
    pub fn parse(bytes: &'a [u8]) -> Result<Self, VerifyError> {
        let mut cbor = Reader::new(bytes)?;
        cbor.array_of(4)?;
        let payload = cbor.bytes()?;
        let payload_at = cbor.position() - payload.len();
        let index = cbor.unsigned()?;
        let path_length = cbor.array()? as usize;
        let mut path = [[0; 32]; MAX_PATH];
        for hash in path.get_mut(..path_length).ok_or_else(|| cbor.refuse())? {
            *hash = *cbor.bytes_of()?;
        }
        let signed_root = cbor.bytes()?;
        let signed_root_at = cbor.position() - signed_root.len();

        let (claims, measurements) =
            decode::claims(payload).map_err(|malformed| malformed.within(payload_at))?;
        if measurements != Measurements::NONE {
            return Err(VerifyError::NotEvidence);
        }
        let envelope = Sign1::parse(signed_root).map_err(|error| match error {
            cose::ParseError::Malformed(malformed) => malformed.within(signed_root_at).into(),
            error => VerifyError::from(error),
        })?;
        if envelope.content_type != CONTENT_TYPE {
            return Err(VerifyError::NotEvidence);
        }
        let within = |malformed: Malformed| malformed.within(signed_root_at + envelope.payload_at);
        let (size, root) = read_root(envelope.payload).map_err(within)?;
        Ok(Self {
            payload,
            claims,
            index,
            path,
            path_length,
            envelope,
            size,
            root,
        })
    }

    /// What the answer says; nobody vouches for it before [`verify`](Self::verify).
    pub fn unverified_claims(&self) -> &Claims<'a> {
        &self.claims
    }

    /// An answer has no measurements; attestations are not signed in batches.
    pub fn measurements(&self) -> &Measurements<'a> {
        &Measurements::NONE
    }

    /// Which key the signed root says it was signed with.
    pub fn kid(&self) -> &'a [u8; KID_LEN] {
        self.envelope.kid
    }

    /// Checks the answer against what is expected of it, and hands out what it says.
    ///
    /// # Errors
    /// As [`Token::verify`](crate::Token::verify), and [`VerifyError::NotInBatch`].
    pub fn verify(&self, expected: &Expectation<'_>) -> Result<Evidence<'a>, VerifyError> {
        expected.check_signature(&self.envelope)?;
        let path = self.path.get(..self.path_length).unwrap_or(&[]);
        let leaf = merkle::leaf(self.payload);
        if self.size > MAX_LEAVES || !merkle::leads(leaf, self.index, self.size, path, self.root) {
            return Err(VerifyError::NotInBatch);
        }
        expected.check_claims(&self.claims)?;
        Ok(Evidence {
            claims: self.claims,
            measurements: *self.measurements(),
        })
    }
}

fn read_root(payload: &[u8]) -> Result<(u32, &Hash), Malformed> {
    let mut cbor = Reader::new(payload)?;
    cbor.map_of(2)?;
    cbor.key(label::SIZE)?;
    let size = cbor.unsigned()?;
    cbor.key(label::ROOT)?;
    Ok((size, cbor.bytes_of()?))
}

#[cfg(test)]
mod tests;
