//! Processes: identity, state, memory, loading, and the interface that the
//! kernel and capsules see them through.

mod array;
mod binary;
mod id;
mod interface;
mod loading;
mod policies;
mod standard;
mod state;
mod task;

pub use array::{ProcessArray, ProcessSlot};
pub use binary::{ProcessBinary, ProcessBinaryError};
pub use id::{BinaryVersion, ProcessId, ShortId};
pub use interface::{Process, ProcessAddresses};
pub use loading::{
    ProcessLoadError, ProcessLoadingAsync, ProcessLoadingAsyncClient,
    SequentialProcessLoaderMachine,
};
pub use policies::{
    ProcessFaultPolicy, ProcessStandardDebug, ProcessStandardStoragePermissionsPolicy,
};
pub use standard::ProcessStandard;
pub use state::{Error, FaultAction, State, StoppedExecutingReason};
pub use task::{FunctionCall, FunctionCallSource, ReturnArguments, Task};

pub use crate::process_checker::{
    AcceptedCredential, ProcessCheckerMachine, ProcessCheckerMachineClient,
};
