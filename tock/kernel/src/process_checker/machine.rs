//! [`ProcessCheckerMachine`]: walks through an application's credentials.

use core::cell::Cell;
use core::fmt;

use tock_tbf::parse::parse_tbf_footer;
use tock_tbf::types::TbfFooterV2Credentials;

use super::policy::{
    AcceptedCredential, AppCredentialsPolicy, AppCredentialsPolicyClient, CheckResult,
};
use crate::errorcode::ErrorCode;
use crate::process::ProcessBinary;
use crate::utilities::cells::{MapCell, OptionalCell};

/// Why an application must not run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ProcessCheckError {
    /// It has no credential that was accepted, and needs one.
    CredentialsNotAccepted,
    /// The credential with this number, from 0, was rejected.
    CredentialsRejected(u32),
    /// A check is under way, or the policy failed.
    InternalError,
}

impl fmt::Debug for ProcessCheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CredentialsNotAccepted => f.write_str("no credential accepted"),
            Self::CredentialsRejected(index) => write!(f, "credential {index} rejected"),
            Self::InternalError => f.write_str("credentials could not be checked"),
        }
    }
}

/// Hears of finished checks of applications.
pub trait ProcessCheckerMachineClient {
    /// `process_binary` may run: by that credential, or without one. Or it
    /// must not.
    fn done(
        &self,
        process_binary: ProcessBinary,
        result: Result<Option<AcceptedCredential>, ProcessCheckError>,
    );
}

/// Checks the credentials of one application after another, in the order of
/// its footers, until one is accepted or rejected.
pub struct ProcessCheckerMachine {
    client: OptionalCell<&'static dyn ProcessCheckerMachineClient>,
    policy: &'static dyn AppCredentialsPolicy<'static>,
    /// What is being checked.
    binary: MapCell<ProcessBinary>,
    /// The footers behind the one that is being checked.
    footers: Cell<&'static [u8]>,
    /// Number of the footer that is being checked.
    index: Cell<u32>,
}

impl ProcessCheckerMachine {
    /// A machine that asks `policy`. The board makes it the policy's client.
    pub fn new(policy: &'static dyn AppCredentialsPolicy<'static>) -> Self {
        Self {
            client: OptionalCell::empty(),
            policy,
            binary: MapCell::empty(),
            footers: Cell::new(&[]),
            index: Cell::new(0),
        }
    }

    /// Names who hears of finished checks.
    pub fn set_client(&self, client: &'static dyn ProcessCheckerMachineClient) {
        self.client.set(client);
    }

    /// Starts to check `process_binary`. The client hears of the outcome.
    pub fn check(&self, process_binary: ProcessBinary) -> Result<(), ProcessCheckError> {
        if self.binary.is_some() {
            return Err(ProcessCheckError::InternalError);
        }
        self.footers.set(process_binary.footers);
        self.index.set(0);
        self.binary.put(process_binary);
        self.check_footers();
        Ok(())
    }

    /// Hands footers to the policy until it takes one, or none is left.
    fn check_footers(&self) {
        let Some(integrity) = self
            .binary
            .map(|binary| binary.get_integrity_region_slice())
        else {
            return;
        };
        loop {
            let footers = self.footers.get();
            // A footer that does not parse ends the list like its end does:
            // nothing behind it can be found.
            let Ok((credential, length)) = parse_tbf_footer(footers) else {
                let required = self.policy.require_credentials();
                return self.finish(if required {
                    Err(ProcessCheckError::CredentialsNotAccepted)
                } else {
                    Ok(None)
                });
            };
            self.footers
                .set(footers.get(4 + length as usize..).unwrap_or(&[]));
            match self.policy.check_credentials(credential, integrity) {
                Ok(()) => return,
                Err((ErrorCode::NOSUPPORT, ..)) => self.index.set(self.index.get() + 1),
                Err(_) => return self.finish(Err(ProcessCheckError::InternalError)),
            }
        }
    }

    fn finish(&self, result: Result<Option<AcceptedCredential>, ProcessCheckError>) {
        if let (Some(binary), Some(client)) = (self.binary.take(), self.client.get()) {
            client.done(binary, result);
        }
    }
}

impl AppCredentialsPolicyClient<'static> for ProcessCheckerMachine {
    fn check_done(
        &self,
        result: Result<CheckResult, ErrorCode>,
        credentials: TbfFooterV2Credentials,
        _integrity_region: &'static [u8],
    ) {
        match result {
            Ok(CheckResult::Accept(metadata)) => self.finish(Ok(Some(AcceptedCredential {
                credential: credentials,
                metadata,
            }))),
            Ok(CheckResult::Reject) => {
                self.finish(Err(ProcessCheckError::CredentialsRejected(
                    self.index.get(),
                )));
            }
            Ok(CheckResult::Pass) | Err(_) => {
                self.index.set(self.index.get() + 1);
                self.check_footers();
            }
        }
    }
}
