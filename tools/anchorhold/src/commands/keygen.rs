//! `anchorhold keygen`: a new P-256 key.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::error::Error;
use crate::files;
use crate::keys::{self, KeyPair, Password};
use crate::{hex, output};

/// Make a new P-256 key: FILE is the private half, FILE.pub the public one
#[derive(Debug, Args)]
pub struct Arguments {
    /// Who will use the key
    role: Role,
    /// Where the private key goes (PKCS#8 DER, mode 0600); never overwritten
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Encrypt the private key under the first line of this file
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Role {
    /// Signs the models that devices accept
    Publisher,
    /// Signs applications and device records
    Oem,
    /// A relying party's own
    RelyingParty,
}

/// Makes the key, and prints its identifier.
pub fn run(arguments: &Arguments) -> Result<(), Error> {
    let public = PathBuf::from(format!("{}.pub", arguments.output.display()));
    files::must_be_absent(&public)?;
    let password = match &arguments.password_file {
        Some(path) => Some(Password::read(path)?),
        None => None,
    };
    let pair = KeyPair::generate()?;
    pair.write(&arguments.output, password.as_ref())?;
    keys::write_public(&public, pair.public_key())?;
    output::line(format_args!(
        "key {}",
        hex::encode(&pair.public_key().kid())
    ));
    if arguments.role == Role::Oem && password.is_some() {
        eprintln!("note: elf2tab signs applications with unencrypted keys only");
    }
    Ok(())
}
