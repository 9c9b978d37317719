//! `anchorhold provision`: a device's secret page, and the record that introduces it.

use std::path::PathBuf;

use anchorhold_crypto::es256::{PublicKey, SigningKey};
use anchorhold_crypto::hpke::RecipientKey;
use anchorhold_crypto::kdf::{self, Purpose};
use anchorhold_crypto::Secret;
use anchorhold_provisioning::{DeviceRecord, KeyTier, MAX_RECORD};
use clap::Args;

use crate::board::Board;
use crate::error::{Class, Error};
use crate::files::{self, Access};
use crate::keys::{self, KeyPair, Password};
use crate::{hex, output, random};

/// Make a new device: its secret page otp.bin and its signed record record.cose
#[derive(Debug, Args)]
pub struct Arguments {
    /// The OEM's private key, which signs the record and the device's applications
    #[arg(long, value_name = "FILE")]
    oem: PathBuf,
    /// The public key of the publisher whose models the device accepts
    #[arg(long, value_name = "FILE")]
    publisher: PathBuf,
    /// Which board the device is
    #[arg(long, default_value = "opentitan")]
    board: String,
    /// How the device protects its keys: development, flash-locked or keymgr; relying
    /// parties refuse the first unless they are told otherwise
    #[arg(long, default_value = "development", value_name = "TIER", value_parser = tier)]
    tier: KeyTier,
    /// The directory for both files, which are never overwritten
    #[arg(short, long, value_name = "DIRECTORY")]
    output: PathBuf,
    /// The first line of this file decrypts the OEM's private key
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

/// Makes the device. Its hardware unique key leaves this process in `otp.bin` alone.
pub fn run(arguments: &Arguments) -> Result<(), Error> {
    let board = Board::chosen("--board", &arguments.board)?;
    let password = match &arguments.password_file {
        Some(path) => Some(Password::read(path)?),
        None => None,
    };
    let oem = KeyPair::read(&arguments.oem, password.as_ref())?;
    let publisher = keys::read_public(&arguments.publisher)?;
    let huk = random::secret::<32>()?;
    let device = device_keys(&huk).map_err(|error| {
        Error::new(
            Class::Key,
            format!("the device's keys cannot be derived: {error}"),
        )
    })?;
    let record = DeviceRecord {
        ueid: kdf::ueid(&huk),
        evidence_key: device.evidence,
        unseal_key: device.unseal,
        tier: arguments.tier,
        board: board.name,
        oem_key: *oem.public_key(),
    };
    let mut signed = [0; MAX_RECORD];
    let length = record
        .sign(oem.signing_key(), &mut signed)
        .map_err(|error| Error::new(Class::Key, format!("the record cannot be signed: {error}")))?;
    let page = anchorhold_provisioning::encode(record.tier, &huk, oem.public_key(), &publisher);

    files::create_directory(&arguments.output)?;
    let page_path = arguments.output.join("otp.bin");
    let record_path = arguments.output.join("record.cose");
    files::must_be_absent(&page_path)?;
    files::write_new(&record_path, &signed[..length], Access::Public)?;
    files::write_new(&page_path, page.expose(), Access::Private)?;
    output::line(format_args!("device {}", hex::encode(&record.ueid)));
    Ok(())
}

fn tier(name: &str) -> Result<KeyTier, String> {
    let tiers = [
        KeyTier::Development,
        KeyTier::FlashLocked,
        KeyTier::KeyManager,
    ];
    let names = tiers.map(KeyTier::name).join(", ");
    tiers
        .into_iter()
        .find(|tier| tier.name() == name)
        .ok_or_else(|| format!("give one of {names}"))
}

struct DeviceKeys {
    evidence: PublicKey,
    unseal: PublicKey,
}

fn device_keys(huk: &Secret<32>) -> Result<DeviceKeys, anchorhold_crypto::Error> {
    Ok(DeviceKeys {
        evidence: SigningKey::derive(huk, Purpose::EvidenceKey)?.public_key(),
        unseal: RecipientKey::derive(huk)?.public_key(),
    })
}
