//! Hardware that our capsules need and that Tock has no interface for.

use anchorhold_provisioning::PAGE_BYTES;
use kernel::ErrorCode;

/// A source of recorded model input: int8 tensors, back to back.
pub trait TensorReplay {
    /// Fills `out` from the recording and goes on from there at the next call.
    /// Returns how many bytes there were: fewer than asked for at the end of the
    /// recording, which does not begin again.
    ///
    /// # Errors
    /// `NODEVICE` when there is no recording of tensors, `FAIL` when it cannot be read.
    fn read(&self, out: &mut [u8]) -> Result<usize, ErrorCode>;
}

/// A microphone: signed 16-bit samples, little-endian, `MICROPHONE_HZ` a second.
///
/// Tock's own interface for sampling at that rate, `hil::adc::AdcHighSpeed`, is for
/// converters on the chip. It fits analogue microphones alone, wants two buffers in
/// kernel memory, and paces its client, who must be done with one before the other is
/// full. This one is asked when the process has room for samples, and so needs no memory.
pub trait Microphone {
    /// Fills `samples` with what follows the samples that were read before. Returns how
    /// many bytes there were: fewer than asked for when the microphone has gone silent.
    ///
    /// # Errors
    /// `NODEVICE` when there is no microphone, `FAIL` when it cannot be read.
    fn read(&self, samples: &mut [u8]) -> Result<usize, ErrorCode>;
}

/// The one-time programmable page that holds the HUK and the trusted public keys
/// (layout in `anchorhold_provisioning`).
pub trait ProvisionedPage {
    /// Copies the page, which the caller wipes after use.
    ///
    /// # Errors
    /// `FAIL` when it cannot be read.
    fn read(&self, page: &mut [u8; PAGE_BYTES]) -> Result<(), ErrorCode>;
}
