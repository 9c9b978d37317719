//! Application identity and credentials (AppID TRD): which applications may
//! run, and who they are.

mod machine;
mod policy;

pub use machine::{ProcessCheckError, ProcessCheckerMachine, ProcessCheckerMachineClient};
pub use policy::{
    AcceptedCredential, AppCredentialsPolicy, AppCredentialsPolicyClient, AppIdPolicy,
    AppUniqueness, CheckResult, CheckResultAcceptMetadata, Compress,
};
