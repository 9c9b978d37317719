//! Private keys: made, written and read as PKCS#8 DER, encrypted or not (RFC 5958).

use std::path::Path;

use anchorhold_crypto::es256::{PublicKey, SigningKey};
use anchorhold_crypto::Secret;
use pkcs8::der::asn1::{AnyRef, OctetStringRef};
use pkcs8::der::{Decode, Encode};
use pkcs8::spki::AlgorithmIdentifierRef;
use pkcs8::{EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef, SecretDocument};
use sec1::EcPrivateKey;
use zeroize::Zeroizing;

use super::{Password, EC_PUBLIC_KEY, FILE_LIMIT, P256};
use crate::error::{Class, Error};
use crate::files::{self, Access};
use crate::random;

/// A private key and its public half.
pub struct KeyPair {
    scalar: Secret<32>,
    signing_key: SigningKey,
    public_key: PublicKey,
}

impl KeyPair {
    /// A new key from the operating system's random numbers.
    pub fn generate() -> Result<Self, Error> {
        loop {
            // A scalar outside 1..n comes up once in 2^32 draws; it is drawn again.
            if let Ok(pair) = Self::from_scalar(random::secret()?) {
                return Ok(pair);
            }
        }
    }

    /// Reads a PKCS#8 DER file, which `password` decrypts if it is encrypted.
    pub fn read(path: &Path, password: Option<&Password>) -> Result<Self, Error> {
        let bytes = Zeroizing::new(files::read(path, FILE_LIMIT)?);
        let malformed = |what: &str| Error::new(Class::Key, format!("{}: {what}", path.display()));
        if let Ok(encrypted) = EncryptedPrivateKeyInfoRef::try_from(bytes.as_slice()) {
            let password = password.ok_or_else(|| {
                malformed("the key is encrypted; give its password with --password-file")
            })?;
            let document = encrypted
                .decrypt(password.as_bytes())
                .map_err(|_| malformed("wrong password; nothing was done"))?;
            return Self::from_der(document.as_bytes()).map_err(malformed);
        }
        Self::from_der(&bytes).map_err(malformed)
    }

    /// Writes the key as PKCS#8 DER, encrypted (PBES2, scrypt, AES-256-CBC) if there
    /// is a password, with mode 0600, and never over another file.
    pub fn write(&self, path: &Path, password: Option<&Password>) -> Result<(), Error> {
        let document = self.to_document(password).map_err(|error| {
            Error::new(
                Class::Key,
                format!("{}: the key cannot be encoded: {error}", path.display()),
            )
        })?;
        files::write_new(path, document.as_bytes(), Access::Private)
    }

    /// The key that signs.
    pub fn signing_key(&self) -> &SigningKey {
        &self.signing_key
    }

    /// The public half.
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    fn from_scalar(scalar: Secret<32>) -> Result<Self, anchorhold_crypto::Error> {
        let signing_key = SigningKey::from_scalar(&scalar)?;
        let public_key = signing_key.public_key();
        Ok(Self {
            scalar,
            signing_key,
            public_key,
        })
    }

    fn from_der(der: &[u8]) -> Result<Self, &'static str> {
        const FORMAT: &str =
            "not a P-256 private key in PKCS#8 DER; make one with `anchorhold keygen`";
        let info = PrivateKeyInfoRef::try_from(der).map_err(|_| FORMAT)?;
        let curve = info.algorithm.parameters_oid().map_err(|_| FORMAT)?;
        if info.algorithm.oid != EC_PUBLIC_KEY || curve != P256 {
            return Err(FORMAT);
        }
        let key = EcPrivateKey::from_der(info.private_key.as_bytes()).map_err(|_| FORMAT)?;
        let mut scalar = Secret::zeroed();
        if key.private_key.len() != scalar.expose().len() {
            return Err(FORMAT);
        }
        scalar.expose_mut().copy_from_slice(key.private_key);
        let pair = Self::from_scalar(scalar).map_err(|_| FORMAT)?;
        match key.public_key {
            Some(stated) if stated != uncompressed_point(&pair.public_key) => {
                Err("its public half does not belong to its private half; restore a copy")
            }
            _ => Ok(pair),
        }
    }

    fn to_document(&self, password: Option<&Password>) -> pkcs8::Result<SecretDocument> {
        let point = uncompressed_point(&self.public_key);
        let key = EcPrivateKey {
            private_key: self.scalar.expose(),
            parameters: None,
            // elf2tab's reader wants the public half beside the private one.
            public_key: Some(&point),
        };
        let der = Zeroizing::new(key.to_der()?);
        let curve = P256;
        let algorithm = AlgorithmIdentifierRef {
            oid: EC_PUBLIC_KEY,
            parameters: Some(AnyRef::from(&curve)),
        };
        let info = PrivateKeyInfoRef::new(algorithm, OctetStringRef::new(&der)?);
        match password {
            Some(password) => info.encrypt(password.as_bytes()),
            None => Ok(SecretDocument::encode_msg(&info)?),
        }
    }
}

/// `0x04 || x || y` (SEC 1 section 2.3.3).
pub(super) fn uncompressed_point(key: &PublicKey) -> [u8; 65] {
    let mut point = [4; 65];
    point[1..].copy_from_slice(key.as_bytes());
    point
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn a_written_key_reads_back() {
        let scratch = Scratch::new("keys-plain");
        let path = scratch.path("oem.der");
        let pair = KeyPair::generate().unwrap();
        pair.write(&path, None).unwrap();
        let read = KeyPair::read(&path, None).unwrap();
        assert_eq!(read.public_key(), pair.public_key());
    }

    #[test]
    fn an_encrypted_key_wants_its_password() {
        let scratch = Scratch::new("keys-encrypted");
        let path = scratch.path("publisher.der");
        let right = scratch.path("right");
        let wrong = scratch.path("wrong");
        std::fs::write(&right, "correct horse\n").unwrap();
        std::fs::write(&wrong, "battery staple\n").unwrap();
        let right = Password::read(&right).unwrap();
        let wrong = Password::read(&wrong).unwrap();
        let pair = KeyPair::generate().unwrap();
        pair.write(&path, Some(&right)).unwrap();

        let read = KeyPair::read(&path, Some(&right)).unwrap();
        assert_eq!(read.public_key(), pair.public_key());
        for (password, message) in [(Some(&wrong), "wrong password"), (None, "--password-file")] {
            let error = KeyPair::read(&path, password).err().unwrap();
            assert_eq!(error.class(), Class::Key);
            assert!(error.to_string().contains(message), "{error}");
        }
    }

    #[test]
    fn other_files_are_not_keys() {
        let scratch = Scratch::new("keys-other");
        let path = scratch.path("model.tflite");
        std::fs::write(&path, [0x30; 100]).unwrap();
        let error = KeyPair::read(&path, None).err().unwrap();
        assert_eq!(error.class(), Class::Key);
    }
}
