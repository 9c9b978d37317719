//! Which applications run, and as whom: ECDSA P-256 signatures by the OEM.
//!
//! A TBF with a good signature gets the ShortId of its own header, which the
//! signature covers. A TBF without credentials runs without an identity, and so
//! with the default rights only. A TBF whose signature does not verify does not run.

use crate::keys::Keys;
use anchorhold_crypto::digest::sha256;
use core::cell::Cell;
use core::num::NonZeroU32;
use kernel::debug;
use kernel::deferred_call::{DeferredCall, DeferredCallClient};
use kernel::process::{Process, ProcessBinary, ShortId};
use kernel::process_checker::{
    AppCredentialsPolicy, AppCredentialsPolicyClient, AppUniqueness, CheckResult, Compress,
};
use kernel::utilities::cells::OptionalCell;
use kernel::ErrorCode;
use tock_tbf::types::{TbfFooterV2Credentials, TbfFooterV2CredentialsType};

/// Checks the signatures of applications with the OEM's provisioned key.
pub struct OemSignatures<'a> {
    keys: &'a Keys<'a>,
    checking: Cell<Option<(TbfFooterV2Credentials, &'static [u8])>>,
    deferred_call: DeferredCall,
    client: OptionalCell<&'static dyn AppCredentialsPolicyClient<'static>>,
}

impl<'a> OemSignatures<'a> {
    /// A policy that trusts the OEM key of the provisioned page.
    pub fn new(keys: &'a Keys<'a>) -> OemSignatures<'a> {
        OemSignatures {
            keys,
            checking: Cell::new(None),
            deferred_call: DeferredCall::new(),
            client: OptionalCell::empty(),
        }
    }

    fn verify(&self, signature: &[u8], signed: &[u8]) -> bool {
        match (self.keys.oem(), signature.try_into()) {
            (Ok(oem), Ok(signature)) => oem.verify(&sha256(signed), signature).is_ok(),
            _ => false,
        }
    }
}

impl AppCredentialsPolicy<'static> for OemSignatures<'_> {
    fn set_client(&self, client: &'static dyn AppCredentialsPolicyClient<'static>) {
        self.client.set(client);
    }

    fn require_credentials(&self) -> bool {
        false
    }

    fn check_credentials(
        &self,
        credentials: TbfFooterV2Credentials,
        integrity_region: &'static [u8],
    ) -> Result<(), (ErrorCode, TbfFooterV2Credentials, &'static [u8])> {
        if credentials.format() != TbfFooterV2CredentialsType::EcdsaNistP256 {
            return Err((ErrorCode::NOSUPPORT, credentials, integrity_region));
        }
        if self.checking.get().is_some() {
            return Err((ErrorCode::BUSY, credentials, integrity_region));
        }
        self.checking.set(Some((credentials, integrity_region)));
        self.deferred_call.set();
        Ok(())
    }
}

impl DeferredCallClient for OemSignatures<'_> {
    fn handle_deferred_call(&self) {
        let Some((credentials, region)) = self.checking.take() else {
            return;
        };
        let result = if self.verify(credentials.data(), region) {
            CheckResult::Accept(None)
        } else {
            debug!(
                "credentials: refused the application at {:p}: its signature is not the OEM's",
                region.as_ptr()
            );
            CheckResult::Reject
        };
        self.client
            .map(|client| client.check_done(Ok(result), credentials, region));
    }

    fn register(&'static self) {
        self.deferred_call.register(self);
    }
}

/// Gives a signed application the ShortId of its header, and others none.
pub struct SignedShortIds;

impl SignedShortIds {
    fn identity(binary: &ProcessBinary) -> Option<NonZeroU32> {
        binary
            .credential
            .get()
            .and_then(|_| binary.header.get_fixed_short_id())
    }
}

impl Compress for SignedShortIds {
    fn to_short_id(&self, binary: &ProcessBinary) -> ShortId {
        ShortId::from(SignedShortIds::identity(binary))
    }
}

impl AppUniqueness for SignedShortIds {
    fn different_identifier(&self, a: &ProcessBinary, b: &ProcessBinary) -> bool {
        ShortId::from(Self::identity(a)) != ShortId::from(Self::identity(b))
    }

    fn different_identifier_process(&self, a: &ProcessBinary, b: &dyn Process) -> bool {
        ShortId::from(Self::identity(a)) != b.short_app_id()
    }

    fn different_identifier_processes(&self, a: &dyn Process, b: &dyn Process) -> bool {
        a.short_app_id() != b.short_app_id()
    }
}
