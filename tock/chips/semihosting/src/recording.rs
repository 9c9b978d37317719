//! Recordings that are read as they are: input tensors, and sound.

use crate::replay::{Kind, Replay};
use kernel::ErrorCode;

/// Plays the bytes of `sensor.bin` in order.
pub struct Recording {
    replay: Replay,
}

impl Recording {
    /// Int8 tensors back to back, if `sensor.bin` holds some.
    pub fn of_tensors() -> Self {
        Recording {
            replay: Replay::open(Kind::Tensor),
        }
    }

    /// 16-bit samples of sound, little-endian, if `sensor.bin` holds some.
    pub fn of_sound() -> Self {
        Recording {
            replay: Replay::open(Kind::Sound),
        }
    }

    /// Fills `out` with what comes next and returns how many bytes there were: fewer
    /// than asked for at the end of the recording. `NODEVICE` if there is none.
    pub fn read(&self, out: &mut [u8]) -> Result<usize, ErrorCode> {
        self.replay.take(out)
    }
}
