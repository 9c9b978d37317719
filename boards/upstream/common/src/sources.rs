//! Where keys and samples come from on boards with flash and a real sensor.

use anchorhold_capsules::hil::{Microphone, ProvisionedPage, TensorReplay};
use anchorhold_provisioning::PAGE_BYTES;
use capsules_extra::lsm303agr::Lsm303agrI2C;
use capsules_extra::lsm303xx::{
    Lsm303AccelDataRate, Lsm303MagnetoDataRate, Lsm303Range, Lsm303Scale,
};
use kernel::debug;
use kernel::hil::i2c::I2CDevice;
use kernel::ErrorCode;

/// The provisioned page, in flash that the processor reads like memory.
pub struct FlashPage(pub &'static [u8; PAGE_BYTES]);

impl ProvisionedPage for FlashPage {
    fn read(&self, page: &mut [u8; PAGE_BYTES]) -> Result<(), ErrorCode> {
        page.copy_from_slice(self.0);
        Ok(())
    }
}

/// A board without recordings: input comes from its sensor alone.
pub struct NoRecording;

impl TensorReplay for NoRecording {
    fn read(&self, _out: &mut [u8]) -> Result<usize, ErrorCode> {
        Err(ErrorCode::NODEVICE)
    }
}

/// A board without a microphone.
pub struct NoMicrophone;

impl Microphone for NoMicrophone {
    fn read(&self, _samples: &mut [u8]) -> Result<usize, ErrorCode> {
        Err(ErrorCode::NODEVICE)
    }
}

/// Sets an LSM303AGR up: up to 4 g, 400 samples a second. The magnetometer in the same
/// package idles.
pub fn start_accelerometer<I: I2CDevice>(sensor: &Lsm303agrI2C<'_, I>) {
    let result = sensor.configure(
        Lsm303AccelDataRate::DataRate400Hz,
        false,
        Lsm303Scale::Scale4G,
        true,
        false,
        Lsm303MagnetoDataRate::DataRate0_75Hz,
        Lsm303Range::Range4_7G,
    );
    if let Err(error) = result {
        debug!("the accelerometer cannot be set up ({:?})", error);
    }
}
