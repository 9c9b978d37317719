//! Sound to features, a frame at a time. No more than a frame is in memory, for a second
//! of sound takes half of what the process has.

use anchorhold_audio_frontend::{frames, FrontEnd, CHANNELS, FRAME_SAMPLES, STEP_SAMPLES};
use anchorhold_client::sensor::Verdict;
use anchorhold_client::{Sensor, Work};
use libtock_platform::Syscalls;

const SAMPLE_BYTES: usize = 2;
const FRAME_BYTES: usize = FRAME_SAMPLES * SAMPLE_BYTES;
const STEP_BYTES: usize = STEP_SAMPLES * SAMPLE_BYTES;

/// Fills `features` with those of a window of sound, by way of a frame at the front of
/// `buffer`. What the window has after its last frame is read too: the kernel vouches for
/// whole windows. `None` when the samples are not to be had or do not fit the model.
#[inline(never)] // Its stack is not the engine's.
pub fn fill<S: Syscalls>(
    work: Work,
    window_bytes: usize,
    features: &mut [u8],
    buffer: &mut [u8],
) -> Option<Verdict> {
    let frame: &mut [u8; FRAME_BYTES] = buffer.first_chunk_mut()?;
    if frames(window_bytes / SAMPLE_BYTES) * CHANNELS != features.len() {
        return None;
    }
    let mut front_end = FrontEnd::new();
    let mut features = features.as_chunks_mut::<CHANNELS>().0.iter_mut();
    let mut rest = window_bytes;
    // Bytes of the frame that are there already, for frames overlap.
    let mut known = 0;
    loop {
        let missing = frame.get_mut(known..)?;
        let is_frame = rest >= missing.len();
        let slice = match is_frame {
            true => missing,
            false => missing.get_mut(..rest)?,
        };
        rest = rest.checked_sub(slice.len())?;
        let verdict = Sensor::<S>::read(work, slice).ok()?;
        if is_frame {
            let samples = frame.as_chunks().0.iter();
            let samples = samples.map(|sample| i16::from_le_bytes(*sample));
            front_end.hear(samples, features.next()?);
            frame.copy_within(STEP_BYTES.., 0);
            known = FRAME_BYTES - STEP_BYTES;
        }
        if rest == 0 || verdict == Verdict::Rejected {
            return Some(verdict);
        }
    }
}
