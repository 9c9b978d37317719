//! Host-backed devices as the capsules' own hardware interfaces.

use anchorhold_capsules::hil::{Microphone, ProvisionedPage, TensorReplay};
use kernel::ErrorCode;
use semihosting::{Otp, Recording, OTP_LENGTH};

/// The provisioned page in the emulator's file.
pub struct OtpPage(pub Otp);

impl ProvisionedPage for OtpPage {
    fn read(&self, page: &mut [u8; OTP_LENGTH]) -> Result<(), ErrorCode> {
        self.0.read(page)
    }
}

/// Recorded tensors in the emulator's file.
pub struct RecordedTensors(pub Recording);

impl TensorReplay for RecordedTensors {
    fn read(&self, out: &mut [u8]) -> Result<usize, ErrorCode> {
        self.0.read(out)
    }
}

/// A microphone that hears what is recorded in the emulator's file.
pub struct RecordedSound(pub Recording);

impl Microphone for RecordedSound {
    fn read(&self, samples: &mut [u8]) -> Result<usize, ErrorCode> {
        self.0.read(samples)
    }
}
