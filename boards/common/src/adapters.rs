//! Host-backed devices as the capsules' own hardware interfaces.

use anchorhold_capsules::hil::{ProvisionedPage, TensorReplay};
use kernel::ErrorCode;
use semihosting::{Otp, Tensors, OTP_LENGTH};

/// The provisioned page in the emulator's file.
pub struct OtpPage(pub Otp);

impl ProvisionedPage for OtpPage {
    fn read(&self, page: &mut [u8; OTP_LENGTH]) -> Result<(), ErrorCode> {
        self.0.read(page)
    }
}

/// Recorded tensors in the emulator's file.
pub struct RecordedTensors(pub Tensors);

impl TensorReplay for RecordedTensors {
    fn read(&self, out: &mut [u8]) -> Result<usize, ErrorCode> {
        self.0.read(out)
    }
}
