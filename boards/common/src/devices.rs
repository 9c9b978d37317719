//! What Anchorhold needs beside processor, time and serial port.

use anchorhold_capsules::hil::{Microphone, ProvisionedPage, TensorReplay};
use anchorhold_state::Layout;
use kernel::hil::nonvolatile_storage::NonvolatileStorage;
use kernel::hil::sensors::NineDof;

/// The devices of a board.
pub struct Devices {
    /// Holds the HUK and the trusted keys.
    pub page: &'static dyn ProvisionedPage,
    /// Recorded tensors.
    pub tensors: &'static dyn TensorReplay,
    /// Keeps the device's records, from address 0 on.
    pub storage: &'static dyn NonvolatileStorage<'static>,
    /// How that storage is divided.
    pub layout: Layout,
    /// The motion sensor.
    pub accelerometer: &'static dyn NineDof<'static>,
    /// The microphone.
    pub microphone: &'static dyn Microphone,
}
