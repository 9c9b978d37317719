//! Evidence: the signed EAT (RFC 9711) that every answer is delivered in.
//!
//! A token is a COSE_Sign1 (see [`anchorhold_crypto::cose`]) over a map of claims.
//! The device encodes [`Claims`] and signs; a relying party parses a [`Token`] and
//! verifies it against an [`Expectation`]; a [`ReplayGuard`] refuses what it has seen.
//! Several answers can share a signature ([`batch`]).
//! The bytes are described in `docs/formats/evidence.md` and `evidence.cddl`.
#![no_std]
#![forbid(unsafe_code)]

pub mod batch;
pub mod claims;
mod decode;
mod encode;
mod labels;
pub mod measurement;
pub mod merkle;
pub mod replay;
pub mod token;
pub mod verify;

pub use batch::BatchedAnswer;
pub use claims::{
    Claims, Counter, DebugStatus, Input, InputSource, Model, Outcome, ResultStatus, SelfTest,
};
pub use measurement::{Measurement, Measurements};
pub use replay::{ReplayError, ReplayGuard};
pub use token::{sign, Token, MAX_NONCE, MAX_TOKEN, MIN_NONCE};
pub use verify::{verify, Evidence, Expectation, VerifyError};

#[cfg(test)]
mod tests;
