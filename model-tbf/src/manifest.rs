//! The manifest: everything that the publisher signs about a model.

mod decode;
mod encode;
mod limits;

use crate::golden::GoldenRule;
use crate::labels::Labels;
use crate::refusal::Refusal;
use anchorhold_policy::{InputContract, Policy, ScoreType};

pub use limits::OutOfLimits;

/// COSE content type of a manifest.
pub const CONTENT_TYPE: &str = "application/anchorhold-manifest+cbor";
/// COSE algorithm number of ChaCha20/Poly1305, the one AEAD of format version 1.
pub const AEAD_CHACHA20_POLY1305: u16 = 24;
/// Longest name, in bytes of UTF-8.
pub const MAX_NAME: usize = 32;

/// Keys of the manifest's maps; the CDDL says the same.
mod key {
    pub const NAME: i64 = 1;
    pub const UUID: i64 = 2;
    pub const VERSION: i64 = 3;
    pub const PLAN_DIGEST: i64 = 4;
    pub const PLAN_LENGTH: i64 = 5;
    pub const TILE_LENGTH: i64 = 6;
    pub const AEAD: i64 = 7;
    pub const BASE_NONCE: i64 = 8;
    pub const INPUT: i64 = 9;
    pub const LABELS: i64 = 10;
    pub const POLICY: i64 = 11;
    pub const NEEDS: i64 = 12;
    pub const GOLDEN: i64 = 13;
    pub const SCORES: i64 = 14;

    pub mod input {
        pub const SENSOR: i64 = 1;
        pub const SAMPLES: i64 = 2;
        pub const CHANNELS: i64 = 3;
        pub const SAMPLE_PERIOD: i64 = 4;
        pub const CHECKS: i64 = 5;
    }

    pub mod checks {
        pub const MINIMUM: i64 = 1;
        pub const MAXIMUM: i64 = 2;
        pub const ZEROS: i64 = 3;
        pub const FLAT_RUN: i64 = 4;
        pub const SATURATED: i64 = 5;
        pub const MAXIMUM_AGE: i64 = 6;
    }

    pub mod policy {
        pub const DETAIL: i64 = 1;
        pub const SCORE_BUCKETS: i64 = 2;
        pub const PER_MINUTE: i64 = 3;
        pub const BURST: i64 = 4;
        pub const ANSWERS: i64 = 5;
        pub const ALLOWED_APPS: i64 = 6;
        pub const RESIDENT: i64 = 7;
    }

    pub mod needs {
        pub const ARENA: i64 = 1;
        pub const ENGINE_ABI: i64 = 2;
    }

    pub mod golden {
        pub const RULE: i64 = 1;
        pub const OUTPUT_DIGEST: i64 = 2;
    }
}

/// What the publisher signs about a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manifest<'a> {
    /// What people call the model, 1 to [`MAX_NAME`] bytes.
    pub name: &'a str,
    /// Which model this is; versions of one model share it.
    pub uuid: [u8; 16],
    /// Grows with every release; a device never goes back.
    pub version: u64,
    /// SHA-256 of the plan before encryption.
    pub plan_digest: [u8; 32],
    /// Length of the plan before encryption, in bytes.
    pub plan_length: u32,
    /// Plaintext bytes of every tile but the last.
    pub tile_length: u32,
    /// Combined with a tile's index, its nonce. Never used with another content key.
    pub base_nonce: [u8; 12],
    /// What the model expects of its input.
    pub input: InputContract,
    /// Names of the outputs.
    pub labels: Labels<'a>,
    /// What answers may say, how often, and to whom.
    pub policy: Policy,
    /// What the board must have.
    pub needs: BoardNeeds,
    /// A question with a known answer.
    pub golden: Golden,
    /// What the outputs are.
    pub scores: ScoreType,
}

/// What a board must have to run a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoardNeeds {
    /// Bytes of arena in the inference process.
    pub arena_bytes: u32,
    /// The engine's plan format.
    pub engine_abi: u16,
}

/// A question with a known answer, asked on the device itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Golden {
    /// How the input window is made.
    pub rule: GoldenRule,
    /// SHA-256 of the raw output tensor for it.
    pub output_digest: [u8; 32],
}

impl Manifest<'_> {
    /// Checks that a board can run the model.
    ///
    /// # Errors
    /// [`Refusal::EngineMismatch`], [`Refusal::NeedsMoreRam`].
    pub fn check_board(&self, arena_bytes: u32, engine_abi: u16) -> Result<(), Refusal> {
        if self.needs.engine_abi != engine_abi {
            Err(Refusal::EngineMismatch)
        } else if self.needs.arena_bytes > arena_bytes {
            Err(Refusal::NeedsMoreRam)
        } else {
            Ok(())
        }
    }
}
