//! A recorded accelerometer.

use crate::replay::{Kind, Replay};
use core::cell::Cell;
use kernel::deferred_call::{DeferredCall, DeferredCallClient};
use kernel::hil::sensors::{NineDof, NineDofClient};
use kernel::utilities::cells::OptionalCell;
use kernel::ErrorCode;

/// Three axes of two bytes, milli-g, little-endian.
const SAMPLE: usize = 6;

/// Plays `sensor.bin` back, one sample a call, until it ends: then
/// `read_accelerometer` returns `NODEVICE`.
pub struct Accelerometer<'a> {
    replay: Replay,
    sample: Cell<[u8; SAMPLE]>,
    soon: DeferredCall,
    client: OptionalCell<&'a dyn NineDofClient>,
}

impl Accelerometer<'_> {
    /// The recording in `sensor.bin`, if there is one of this kind.
    pub fn new() -> Self {
        Accelerometer {
            replay: Replay::open(Kind::Accelerometer),
            sample: Cell::new([0; SAMPLE]),
            soon: DeferredCall::new(),
            client: OptionalCell::empty(),
        }
    }
}

impl Default for Accelerometer<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'a> NineDof<'a> for Accelerometer<'a> {
    fn set_client(&self, client: &'a dyn NineDofClient) {
        self.client.set(client);
    }

    fn read_accelerometer(&self) -> Result<(), ErrorCode> {
        if self.soon.is_pending() {
            return Err(ErrorCode::BUSY);
        }
        let mut sample = [0; SAMPLE];
        if self.replay.take(&mut sample)? < SAMPLE {
            return Err(ErrorCode::NODEVICE);
        }
        self.sample.set(sample);
        self.soon.set();
        Ok(())
    }
}

impl DeferredCallClient for Accelerometer<'_> {
    fn handle_deferred_call(&self) {
        let [x0, x1, y0, y1, z0, z1] = self.sample.get();
        let axis = |low, high| i32::from(i16::from_le_bytes([low, high])) as usize;
        self.client
            .map(|client| client.callback(axis(x0, x1), axis(y0, y1), axis(z0, z1)));
    }

    fn register(&'static self) {
        self.soon.register(self);
    }
}
