//! The provisioned page: what one-time-programmable memory holds on silicon.

use crate::file::{File, Mode};
use kernel::ErrorCode;

/// Bytes in the page.
pub const OTP_LENGTH: usize = 256;

/// Reads the whole page from `otp.bin`. `NODEVICE` if there is none, `SIZE` if
/// it has another length.
pub fn read_otp(page: &mut [u8; OTP_LENGTH]) -> Result<(), ErrorCode> {
    let file = File::open(c"otp.bin", Mode::Read)?;
    if file.length()? != OTP_LENGTH || file.read_at(0, page)? != OTP_LENGTH {
        return Err(ErrorCode::SIZE);
    }
    Ok(())
}
