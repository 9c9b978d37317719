//! An emulated board on this computer: flash image, run directory, emulator, transport.
//!
//! The same modules carry `anchorhold sim` and the end-to-end tests.

pub mod client;
pub mod emulator;
pub mod flash;
pub mod intruder;
pub(crate) mod loadable;
pub mod monitor;
pub mod recording;
pub mod run_directory;
pub mod session;
pub mod tools;
pub mod transport;
pub mod uart;
mod wav;

pub use emulator::Emulator;
pub use flash::FlashImage;
pub use run_directory::RunDirectory;
pub use session::Session;
pub use tools::Tools;
