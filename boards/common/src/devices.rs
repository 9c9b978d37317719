//! Devices that are files of the emulator's host.

use crate::adapters::{OtpPage, RecordedTensors};
use crate::place::{keep, places};
use kernel::deferred_call::DeferredCallClient;
use semihosting::{Accelerometer, Otp, Storage, Tensors};

places! {
    pub(crate) struct DevicePlaces {
        page: OtpPage,
        tensors: RecordedTensors,
        storage: Storage<'static>,
        accelerometer: Accelerometer<'static>,
    }
}

/// The devices.
pub(crate) struct Devices {
    pub page: &'static OtpPage,
    pub tensors: &'static RecordedTensors,
    pub storage: &'static Storage<'static>,
    pub accelerometer: &'static Accelerometer<'static>,
}

/// Opens the files.
pub(crate) fn wire(places: &'static mut DevicePlaces) -> Devices {
    let storage = keep(&mut places.storage, Storage::new());
    storage.register();
    let accelerometer = keep(&mut places.accelerometer, Accelerometer::new());
    accelerometer.register();
    Devices {
        page: keep(&mut places.page, OtpPage(Otp::new())),
        tensors: keep(&mut places.tensors, RecordedTensors(Tensors::new())),
        storage,
        accelerometer,
    }
}
