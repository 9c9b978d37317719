//! Credentials in TBF footers (AppID TRD).

/// What kind of credential a footer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TbfFooterV2CredentialsType {
    /// Space held free for later credentials.
    Reserved = 0,
    /// 3072-bit RSA public key and signature.
    Rsa3072Key = 1,
    /// 4096-bit RSA public key and signature.
    Rsa4096Key = 2,
    /// SHA-256 digest.
    SHA256 = 3,
    /// SHA-384 digest.
    SHA384 = 4,
    /// SHA-512 digest.
    SHA512 = 5,
    /// ECDSA P-256 signature, r then s, over SHA-256.
    EcdsaNistP256 = 6,
}

impl TbfFooterV2CredentialsType {
    /// The kind with number `format`, and how many data bytes it has.
    pub(crate) fn from_format(format: u32) -> Option<(Self, usize)> {
        match format {
            0 => Some((Self::Reserved, 0)),
            1 => Some((Self::Rsa3072Key, 768)),
            2 => Some((Self::Rsa4096Key, 1024)),
            3 => Some((Self::SHA256, 32)),
            4 => Some((Self::SHA384, 48)),
            5 => Some((Self::SHA512, 64)),
            6 => Some((Self::EcdsaNistP256, 64)),
            _ => None,
        }
    }
}

/// A credential: it covers every byte of the TBF before the footers.
#[derive(Clone, Copy, Debug)]
pub struct TbfFooterV2Credentials {
    pub(crate) format: TbfFooterV2CredentialsType,
    pub(crate) data: &'static [u8],
}

impl TbfFooterV2Credentials {
    /// The kind of credential.
    pub fn format(&self) -> TbfFooterV2CredentialsType {
        self.format
    }

    /// The credential itself; its length follows from the kind.
    pub fn data(&self) -> &'static [u8] {
        self.data
    }
}
