//! What a board decides about applications.

use tock_tbf::types::TbfFooterV2Credentials;

use crate::errorcode::ErrorCode;
use crate::process::{Process, ProcessBinary, ShortId};

/// What the checker says about one credential.
#[derive(Debug)]
pub enum CheckResult {
    /// The application may run, on the strength of this credential.
    Accept(Option<CheckResultAcceptMetadata>),
    /// This credential says nothing; look at the next one.
    Pass,
    /// The application must not run.
    Reject,
}

/// What the checker wants to remember of an accepted credential.
#[derive(Clone, Copy, Debug)]
pub struct CheckResultAcceptMetadata {
    /// Of meaning to the checker and the identity policy only.
    pub metadata: usize,
}

/// A credential that was accepted.
#[derive(Clone, Copy)]
pub struct AcceptedCredential {
    /// The credential.
    pub credential: TbfFooterV2Credentials,
    /// What the checker remembers of it.
    pub metadata: Option<CheckResultAcceptMetadata>,
}

/// Checks credentials, one at a time.
pub trait AppCredentialsPolicy<'a> {
    /// Names who hears of finished checks.
    fn set_client(&self, client: &'a dyn AppCredentialsPolicyClient<'a>);

    /// Whether an application without an accepted credential must not run.
    fn require_credentials(&self) -> bool;

    /// Starts to check a credential, which covers `integrity_region`. The
    /// client hears of the outcome. `NOSUPPORT`: this kind of credential is
    /// not looked at; `ALREADY`: a check is under way.
    fn check_credentials(
        &self,
        credentials: TbfFooterV2Credentials,
        integrity_region: &'a [u8],
    ) -> Result<(), (ErrorCode, TbfFooterV2Credentials, &'a [u8])>;
}

/// Hears of finished checks.
pub trait AppCredentialsPolicyClient<'a> {
    /// A check has finished. An error counts as [`CheckResult::Pass`].
    fn check_done(
        &self,
        result: Result<CheckResult, ErrorCode>,
        credentials: TbfFooterV2Credentials,
        integrity_region: &'a [u8],
    );
}

/// Whether two applications are different ones. Two runs of the same
/// application never run at the same time.
pub trait AppUniqueness {
    /// Compares two binaries.
    fn different_identifier(&self, process_a: &ProcessBinary, process_b: &ProcessBinary) -> bool;

    /// Compares a binary with a process.
    fn different_identifier_process(
        &self,
        process_a: &ProcessBinary,
        process_b: &dyn Process,
    ) -> bool;

    /// Compares two processes.
    fn different_identifier_processes(
        &self,
        process_a: &dyn Process,
        process_b: &dyn Process,
    ) -> bool;
}

/// All applications are different.
impl AppUniqueness for () {
    fn different_identifier(&self, _process_a: &ProcessBinary, _process_b: &ProcessBinary) -> bool {
        true
    }

    fn different_identifier_process(
        &self,
        _process_a: &ProcessBinary,
        _process_b: &dyn Process,
    ) -> bool {
        true
    }

    fn different_identifier_processes(
        &self,
        _process_a: &dyn Process,
        _process_b: &dyn Process,
    ) -> bool {
        true
    }
}

/// Gives applications their 32-bit identity.
pub trait Compress {
    /// The identity of `process`, whose `credential` says how it was
    /// accepted.
    fn to_short_id(&self, process: &ProcessBinary) -> ShortId;
}

/// Nobody has a number.
impl Compress for () {
    fn to_short_id(&self, _process: &ProcessBinary) -> ShortId {
        ShortId::LocallyUnique
    }
}

/// Everything about identity.
pub trait AppIdPolicy: AppUniqueness + Compress {}
impl<T: AppUniqueness + Compress> AppIdPolicy for T {}
