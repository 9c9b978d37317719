//! Devices that are files of the emulator's host.

use crate::adapters::{OtpPage, RecordedSound, RecordedTensors};
use crate::devices::Devices;
use crate::place::{keep, places};
use crate::system::Authority;
use anchorhold_state::Layout;
use capsules_core::rng::{self, Entropy32ToRandom, RngDriver};
use kernel::deferred_call::DeferredCallClient;
use kernel::hil::rng::Rng;
use kernel::Kernel;
use semihosting::{Accelerometer, Entropy, Otp, Recording, Storage};

/// Random numbers from the host.
type Random = Entropy32ToRandom<'static, Entropy<'static>>;

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

places! {
    /// Static memory for random numbers.
    pub struct RandomPlaces {
        entropy: Entropy<'static>,
        source: Random,
        driver: RngDriver<'static, Random>,
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
        random: None,
    }
}

/// Opens the files, and has random numbers for applications, too: their driver takes
/// about 2 KB of flash, which not every kernel has.
pub fn open_with_random(
    places: &'static mut HostPlaces,
    random: &'static mut RandomPlaces,
    kernel: &'static Kernel,
    authority: impl Authority,
) -> Devices {
    let entropy = keep(&mut random.entropy, Entropy::new());
    entropy.register();
    let source = keep(&mut random.source, Entropy32ToRandom::new(entropy));
    let grant = kernel.create_grant(rng::DRIVER_NUM, &authority);
    let driver = keep(&mut random.driver, RngDriver::new(source, grant));
    source.set_client(driver);
    Devices {
        random: Some(driver),
        ..open(places)
    }
}
