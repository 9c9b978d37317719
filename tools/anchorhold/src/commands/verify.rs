//! `anchorhold verify`: whether a token is the answer that was asked for.

use std::path::PathBuf;

use anchorhold_evidence::{MAX_NONCE, MIN_NONCE};
use clap::Args;

use crate::error::{Class, Error};
use crate::files;
use crate::hex;
use crate::output;
use crate::relying_party::RelyingParty;
use crate::sealed::SealedModel;

/// Longest token: 16 measurements beside the claims.
pub(super) const TOKEN_LIMIT: usize = 4096;

/// Check that a token is a device's answer to a nonce
#[derive(Debug, Args)]
pub struct Arguments {
    /// The token
    token: PathBuf,
    /// The record of the device that was asked
    #[arg(long, value_name = "FILE")]
    device: PathBuf,
    /// The nonce that was sent, in hexadecimal
    #[arg(long, value_name = "HEX")]
    nonce: String,
    /// The public key of the OEM that must have signed the record; without it, the key
    /// that the record itself names is believed
    #[arg(long, value_name = "FILE")]
    oem: Option<PathBuf>,
    /// The sealed model that must have answered; also names its labels
    #[arg(long, value_name = "TAB")]
    model: Option<PathBuf>,
    /// Accept keys that anyone may know, which is for tests alone
    #[arg(long)]
    allow_development_keys: bool,
    /// Print what the token says as JSON
    #[arg(long)]
    json: bool,
}

/// Checks the token and prints what it says.
pub fn run(arguments: &Arguments) -> Result<(), Error> {
    let nonce = hex::decode(&arguments.nonce)
        .filter(|nonce| (MIN_NONCE..=MAX_NONCE).contains(&nonce.len()))
        .ok_or_else(|| {
            Error::new(
                Class::Usage,
                format!("--nonce: not {MIN_NONCE} to {MAX_NONCE} bytes of hexadecimal; give the nonce that was sent"),
            )
        })?;
    let models = match &arguments.model {
        Some(path) => vec![SealedModel::read(path)?],
        None => Vec::new(),
    };
    let party = RelyingParty::new(&arguments.device, arguments.oem.as_deref())?
        .allow_development_keys(arguments.allow_development_keys)
        .expect_models(models);
    let token = files::read(&arguments.token, TOKEN_LIMIT)?;
    let (answer, _) = party.check(&token, &nonce).map_err(|error| {
        Error::new(
            error.class(),
            format!("{}: {error}", arguments.token.display()),
        )
    })?;
    if !party.oem_is_known() {
        eprintln!("note: the record's OEM key was believed; give --oem to check it");
    }
    if arguments.json {
        return output::json(&answer);
    }
    output::line("verified");
    output::lines(&answer.in_full());
    Ok(())
}
