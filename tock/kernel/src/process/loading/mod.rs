//! Loading: from TBFs in flash to processes.

mod error;
mod sequential;

pub use error::ProcessLoadError;
pub use sequential::{
    ProcessLoadingAsync, ProcessLoadingAsyncClient, SequentialProcessLoaderMachine,
};
