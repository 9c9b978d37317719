//! `sensor.bin`: a recording to play back.

use crate::file::{File, Mode};
use core::cell::Cell;
use kernel::ErrorCode;

/// Identifies the file and its version.
const MAGIC: &[u8; 8] = b"AHSENSE1";
/// Magic, kind, seven zero bytes.
const HEADER: usize = 16;

/// What the recording holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Accelerometer = 1,
    Tensor = 2,
    Sound = 3,
}

/// A recording and the place in it. It never starts over.
pub(crate) struct Replay {
    file: Option<File>,
    position: Cell<usize>,
}

impl Replay {
    /// The recording, if `sensor.bin` holds one of this kind.
    pub fn open(kind: Kind) -> Self {
        let file = File::open(c"sensor.bin", Mode::Read)
            .ok()
            .filter(|file| is_recording(file, kind));
        Replay {
            file,
            position: Cell::new(HEADER),
        }
    }

    /// Takes the next `record.len()` bytes, or those that are left, and returns
    /// how many. `NODEVICE` if there is no recording.
    pub fn take(&self, record: &mut [u8]) -> Result<usize, ErrorCode> {
        let file = self.file.ok_or(ErrorCode::NODEVICE)?;
        let position = self.position.get();
        let taken = file.read_at(position, record)?;
        self.position.set(position.saturating_add(taken));
        Ok(taken)
    }
}

fn is_recording(file: &File, kind: Kind) -> bool {
    let mut header = [0; HEADER];
    let complete = file.read_at(0, &mut header) == Ok(HEADER);
    complete && matches_kind(&header, kind)
}

fn matches_kind(header: &[u8; HEADER], kind: Kind) -> bool {
    let mut expected = [0; HEADER];
    expected[..MAGIC.len()].copy_from_slice(MAGIC);
    expected[MAGIC.len()] = kind as u8;
    header == &expected
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_header_is_a_recording() {
        let header = *b"AHSENSE1\x01\0\0\0\0\0\0\0";
        assert!(matches_kind(&header, Kind::Accelerometer));
        assert!(!matches_kind(&header, Kind::Tensor));
        for at in 0..HEADER {
            let mut wrong = header;
            wrong[at] ^= 0x80;
            assert!(!matches_kind(&wrong, Kind::Accelerometer));
        }
    }
}
