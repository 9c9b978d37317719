//! The model vault: accepts sealed models at boot, and hands out tiles of the one in
//! use to the inference process.

mod acceptance;
pub mod driver;

pub use acceptance::{Acceptance, Accepted, BoardLimits, Verdict};
pub use driver::{App, Vault, VaultGrant};
