//! The provisioned page: what one-time-programmable memory holds on silicon.

use crate::file::{File, Mode};
use kernel::ErrorCode;

/// Bytes in the page.
pub const OTP_LENGTH: usize = 256;

/// The page, in `otp.bin`. There is no way to write it.
pub struct Otp {
    file: Option<File>,
}

impl Otp {
    /// Opens `otp.bin`; without it, reading returns `NODEVICE`.
    pub fn new() -> Self {
        Otp {
            file: File::open(c"otp.bin", Mode::Read).ok(),
        }
    }

    /// Copies the whole page. `SIZE` if the file has another length.
    pub fn read(&self, page: &mut [u8; OTP_LENGTH]) -> Result<(), ErrorCode> {
        let file = self.file.ok_or(ErrorCode::NODEVICE)?;
        if file.length()? != OTP_LENGTH || file.read_at(0, page)? != OTP_LENGTH {
            return Err(ErrorCode::SIZE);
        }
        Ok(())
    }
}

impl Default for Otp {
    fn default() -> Self {
        Self::new()
    }
}
