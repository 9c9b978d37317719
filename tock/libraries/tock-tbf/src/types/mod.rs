//! What the parser returns: headers, credentials and errors.

mod credentials;
mod error;
mod header;

pub use credentials::{TbfFooterV2Credentials, TbfFooterV2CredentialsType};
pub use error::{InitialTbfParseError, TbfParseError};
pub use header::TbfHeader;

pub(crate) use header::{Addresses, Base, Program};
