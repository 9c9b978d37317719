//! The verbs of the command line, one file each.

pub mod flash;
pub mod inspect;
pub mod keygen;
pub mod provision;
pub mod seal;
pub mod sim;
pub mod verify;
