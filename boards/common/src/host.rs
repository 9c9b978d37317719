//! Devices that are files of the emulator's host.

use crate::adapters::{OtpPage, RecordedSound, RecordedTensors};
use crate::devices::Devices;
use crate::place::{keep, places};
use anchorhold_state::Layout;
use kernel::deferred_call::DeferredCallClient;
use semihosting::{Accelerometer, Otp, Recording, Storage};

places! {
    /// Static memory for them.
    pub struct HostPlaces {
        page: OtpPage,
        tensors: RecordedTensors,
        storage: Storage<'static>,
        accelerometer: Accelerometer<'static>,
        microphone: RecordedSound,
    }
}

/// Opens the files.
pub fn open(places: &'static mut HostPlaces) -> Devices {
    let storage = keep(&mut places.storage, Storage::new());
    storage.register();
    let accelerometer = keep(&mut places.accelerometer, Accelerometer::new());
    accelerometer.register();
    let page = keep(&mut places.page, OtpPage(Otp::new()));
    let tensors = keep(
        &mut places.tensors,
        RecordedTensors(Recording::of_tensors()),
    );
    let microphone = keep(&mut places.microphone, RecordedSound(Recording::of_sound()));
    Devices {
        page,
        tensors,
        storage,
        layout: Layout::PAGES_OF_2_KIB,
        accelerometer,
        microphone,
    }
}
