//! Public keys: SubjectPublicKeyInfo in PEM (RFC 5480, RFC 7468).

use std::path::Path;

use anchorhold_crypto::es256::PublicKey;
use pkcs8::der::asn1::{AnyRef, BitStringRef};
use pkcs8::der::pem::LineEnding;
use pkcs8::der::{DecodePem, EncodePem};
use pkcs8::spki::{
    AlgorithmIdentifier, AlgorithmIdentifierRef, SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef,
};

use super::private::uncompressed_point;
use super::{EC_PUBLIC_KEY, FILE_LIMIT, P256};
use crate::error::{Class, Error};
use crate::files::{self, Access};

/// Writes `key` to `path`, which must not exist yet.
pub fn write_public(path: &Path, key: &PublicKey) -> Result<(), Error> {
    let text = to_pem(key).map_err(|error| {
        Error::new(
            Class::Key,
            format!("{}: the key cannot be encoded: {error}", path.display()),
        )
    })?;
    files::write_new(path, text.as_bytes(), Access::Public)
}

/// Reads a P-256 public key from the PEM file at `path`.
pub fn read_public(path: &Path) -> Result<PublicKey, Error> {
    let text = files::read(path, FILE_LIMIT)?;
    from_pem(&text).ok_or_else(|| {
        Error::new(
            Class::Key,
            format!(
                "{}: not a P-256 public key in PEM; give the .pub file that `anchorhold keygen` wrote",
                path.display()
            ),
        )
    })
}

fn to_pem(key: &PublicKey) -> pkcs8::der::Result<String> {
    let point = uncompressed_point(key);
    let curve = P256;
    let info: SubjectPublicKeyInfoRef<'_> = SubjectPublicKeyInfoRef {
        algorithm: AlgorithmIdentifierRef {
            oid: EC_PUBLIC_KEY,
            parameters: Some(AnyRef::from(&curve)),
        },
        subject_public_key: BitStringRef::from_bytes(&point)?,
    };
    info.to_pem(LineEnding::LF)
}

fn from_pem(text: &[u8]) -> Option<PublicKey> {
    let info = SubjectPublicKeyInfoOwned::from_pem(text).ok()?;
    let AlgorithmIdentifier { oid, parameters } = &info.algorithm;
    let curve = parameters.as_ref()?.decode_as().ok()?;
    if *oid != EC_PUBLIC_KEY || P256 != curve {
        return None;
    }
    let point = info.subject_public_key.as_bytes()?;
    let coordinates = point.strip_prefix(&[4])?.try_into().ok()?;
    PublicKey::from_bytes(coordinates).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::KeyPair;

    #[test]
    fn what_is_written_reads_back() {
        let pair = KeyPair::generate().unwrap();
        let text = to_pem(pair.public_key()).unwrap();
        assert_eq!(from_pem(text.as_bytes()).as_ref(), Some(pair.public_key()));
    }

    #[test]
    fn a_point_off_the_curve_is_refused() {
        let pair = KeyPair::generate().unwrap();
        let text = to_pem(pair.public_key()).unwrap();
        assert_eq!(from_pem(text.replace("END", "EMD").as_bytes()), None);
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let last = lines.len() - 2;
        lines[last] = lines[last].chars().rev().collect();
        assert_eq!(from_pem(lines.join("\n").as_bytes()), None);
    }
}
