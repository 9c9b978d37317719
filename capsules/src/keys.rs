//! The device's keys: read from the provisioned page when they are needed, derived
//! for one purpose, and wiped right after use.

use crate::hil::ProvisionedPage;
use crate::shield::{self, Shield};
use anchorhold_crypto::es256::{PublicKey, SigningKey};
use anchorhold_crypto::hpke::RecipientKey;
use anchorhold_crypto::kdf::{self, Purpose};
use anchorhold_crypto::Secret;
use anchorhold_provisioning::{KeyTier, Page, PageError, PAGE_BYTES};
use kernel::utilities::cells::OptionalCell;
use kernel::ErrorCode;

/// What is public about a device's keys, computed once a boot.
#[derive(Clone, Copy)]
pub struct Identity {
    /// The device's name in evidence.
    pub ueid: [u8; 17],
    /// How the HUK is protected.
    pub tier: KeyTier,
    /// Identifier of the key that signs evidence.
    pub evidence_kid: [u8; 8],
    /// Identifier of the key that model tickets are encrypted to.
    pub unseal_kid: [u8; 8],
    /// Signs models.
    pub publisher: PublicKey,
}

/// Keys on demand. No secret is kept between two calls.
pub struct Keys<'a> {
    page: &'a dyn ProvisionedPage,
    identity: OptionalCell<Identity>,
}

impl<'a> Keys<'a> {
    /// Keys derived from the HUK in this page.
    pub fn new(page: &'a dyn ProvisionedPage) -> Keys<'a> {
        Keys {
            page,
            identity: OptionalCell::empty(),
        }
    }

    /// Checks the page and computes the public halves, which takes as long as two
    /// signatures.
    ///
    /// # Errors
    /// `NODEVICE` when the device is not provisioned, `INVAL` when the page is
    /// damaged or has unusable content, `FAIL` when it cannot be read.
    pub fn start(&self) -> Result<(), ErrorCode> {
        shield::public_key(|shield| {
            let evidence_kid = self.evidence(shield)?.public_key().kid();
            let unseal_kid = self.unseal(shield)?.public_key().kid();
            let bytes = self.page(shield)?;
            let page = check(&bytes)?;
            self.identity.set(Identity {
                ueid: kdf::ueid(&page.huk()),
                tier: page.tier(),
                evidence_kid,
                unseal_kid,
                publisher: page.publisher_key().map_err(error_code)?,
            });
            Ok(())
        })
    }

    /// The public facts; `None` until [`Keys::start`] succeeded.
    pub fn identity(&self) -> Option<Identity> {
        self.identity.get()
    }

    /// The key whose signatures make an application identity. Available before
    /// [`Keys::start`], because applications are checked while the board starts.
    ///
    /// # Errors
    /// As [`Keys::start`].
    pub fn oem(&self) -> Result<PublicKey, ErrorCode> {
        shield::symmetric(|shield| check(&self.page(shield)?)?.oem_key().map_err(error_code))
    }

    /// The key that signs evidence.
    pub(crate) fn evidence(&self, shield: &Shield) -> Result<SigningKey, ErrorCode> {
        SigningKey::derive(&self.huk(shield)?, Purpose::EvidenceKey).map_err(|_| ErrorCode::FAIL)
    }

    /// The key that opens model tickets.
    pub(crate) fn unseal(&self, shield: &Shield) -> Result<RecipientKey, ErrorCode> {
        RecipientKey::derive(&self.huk(shield)?).map_err(|_| ErrorCode::FAIL)
    }

    /// A symmetric key for one purpose.
    pub(crate) fn symmetric(
        &self,
        shield: &Shield,
        purpose: Purpose,
    ) -> Result<Secret<32>, ErrorCode> {
        let mut key = Secret::zeroed();
        kdf::derive(&self.huk(shield)?, purpose, key.expose_mut());
        Ok(key)
    }

    fn huk(&self, shield: &Shield) -> Result<Secret<32>, ErrorCode> {
        Ok(check(&self.page(shield)?)?.huk())
    }

    /// A copy of the page, which wipes itself when dropped.
    fn page(&self, _shield: &Shield) -> Result<Secret<PAGE_BYTES>, ErrorCode> {
        let mut bytes = Secret::zeroed();
        self.page.read(bytes.expose_mut())?;
        Ok(bytes)
    }
}

fn check(bytes: &Secret<PAGE_BYTES>) -> Result<Page<'_>, ErrorCode> {
    Page::check(bytes.expose()).map_err(error_code)
}

fn error_code(error: PageError) -> ErrorCode {
    match error {
        PageError::NotProvisioned => ErrorCode::NODEVICE,
        PageError::Damaged | PageError::UnknownContent | PageError::InvalidKey => ErrorCode::INVAL,
    }
}
