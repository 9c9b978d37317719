//! The people of the story, by their keys and devices: made once, by the command line.

use std::path::{Path, PathBuf};

use anchorhold::keys;
use anchorhold_crypto::es256::PublicKey;
use anchorhold_crypto::Secret;
use anchorhold_evidence::{Evidence, Expectation, VerifyError};
use anchorhold_provisioning::{DeviceRecord, Page};

use crate::artifacts::built;
use crate::command::anchorhold;
use crate::made;
use crate::target::Target;

/// Somebody's key.
#[derive(Clone, Debug)]
pub struct Key {
    /// The private half.
    pub private: PathBuf,
    /// The public half.
    pub public: PathBuf,
}

impl Key {
    fn at(private: PathBuf) -> Self {
        let public = PathBuf::from(format!("{}.pub", private.display()));
        Self { private, public }
    }

    /// The public half, read.
    #[track_caller]
    pub fn public_key(&self) -> PublicKey {
        match keys::read_public(&self.public) {
            Ok(key) => key,
            Err(error) => panic!("{error}"),
        }
    }
}

/// The OEM whose key signed the applications under test.
#[track_caller]
pub fn oem() -> Key {
    Key::at(built("demo/oem.der"))
}

/// Another OEM, whose key no device under test knows.
#[track_caller]
pub fn other_oem() -> Key {
    key("oem", "other-oem")
}

/// The publisher whose models the devices accept.
#[track_caller]
pub fn publisher() -> Key {
    key("publisher", "publisher")
}

/// A publisher whom the devices do not trust.
#[track_caller]
pub fn other_publisher() -> Key {
    key("publisher", "other-publisher")
}

#[track_caller]
fn key(role: &str, name: &str) -> Key {
    let directory = made::once(&format!("key-{name}"), |path| {
        std::fs::create_dir_all(path).expect("a directory for a key");
        anchorhold(path, ["keygen", role, "-o", "key.der"]).succeeded();
    });
    Key::at(directory.join("key.der"))
}

/// A provisioned device.
#[derive(Clone, Debug)]
pub struct Device {
    /// The board that it is.
    pub target: &'static Target,
    /// The directory that `anchorhold provision` made.
    pub directory: PathBuf,
    record: Vec<u8>,
    oem: PublicKey,
}

/// The device called `name` with board `target`, of [`oem`] and for [`publisher`].
#[track_caller]
pub fn device(target: &'static Target, name: &str) -> Device {
    let board = target.board.name;
    let oem = oem();
    let publisher = publisher();
    let parties = made::digest_of(&[&oem.public, &publisher.public], &[]);
    let directory = made::once(&format!("device-{board}-{name}-{parties}"), |path| {
        let parent = path.parent().unwrap_or(Path::new("."));
        let arguments = [
            "provision".as_ref(),
            "--board".as_ref(),
            board.as_ref(),
            "--oem".as_ref(),
            oem.private.as_os_str(),
            "--publisher".as_ref(),
            publisher.public.as_os_str(),
            "-o".as_ref(),
            path.as_os_str(),
        ];
        anchorhold(parent, arguments).succeeded();
    });
    let record = std::fs::read(directory.join("record.cose")).expect("the device's record");
    Device {
        target,
        directory,
        record,
        oem: oem.public_key(),
    }
}

impl Device {
    /// The device's signed record, as a file.
    pub fn record_file(&self) -> PathBuf {
        self.directory.join("record.cose")
    }

    /// What the device's record says.
    #[track_caller]
    pub fn record(&self) -> DeviceRecord<'_> {
        DeviceRecord::verify(&self.record, &self.oem).expect("a record that the OEM signed")
    }

    /// Checks a token as a relying party does who allows development keys.
    pub fn verify<'a>(&self, token: &'a [u8], nonce: &[u8]) -> Result<Evidence<'a>, VerifyError> {
        let expected = Expectation {
            nonce,
            device: &self.record(),
            allow_development_keys: true,
        };
        anchorhold_evidence::verify(token, &expected)
    }

    /// The device's hardware unique key: what must never leave it.
    #[track_caller]
    pub fn huk(&self) -> Secret<32> {
        let page = std::fs::read(self.directory.join("otp.bin")).expect("the provisioned page");
        let page: [u8; 256] = page.try_into().expect("a page of 256 bytes");
        Page::check(&page).expect("a sound page").huk()
    }
}
