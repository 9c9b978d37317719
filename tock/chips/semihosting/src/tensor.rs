//! Recorded input tensors.

use crate::replay::{Kind, Replay};
use kernel::ErrorCode;

/// Plays raw tensors of `sensor.bin` back to back.
pub struct Tensors {
    replay: Replay,
}

impl Tensors {
    /// The recording in `sensor.bin`, if there is one of this kind.
    pub fn new() -> Self {
        Tensors {
            replay: Replay::open(Kind::Tensor),
        }
    }

    /// Fills `out` with the next tensor and returns how many bytes there were:
    /// fewer than asked for at the end of the recording. `NODEVICE` if there is
    /// no recording.
    pub fn read(&self, out: &mut [u8]) -> Result<usize, ErrorCode> {
        self.replay.take(out)
    }
}

impl Default for Tensors {
    fn default() -> Self {
        Self::new()
    }
}
