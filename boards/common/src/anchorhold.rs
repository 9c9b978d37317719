//! Anchorhold itself: keys, state, sensor, vault, evidence.

use crate::devices::Devices;
use crate::place::{buffer, keep, places};
use crate::rights::{INFERENCE, RIGHTS};
use crate::system::{Authority, Site};
use crate::time::{share, BoardAlarm, BoardAlarms};
use anchorhold_capsules::device_state::DeviceState;
use anchorhold_capsules::evidence::{Evidence, Services};
use anchorhold_capsules::keys::Keys;
use anchorhold_capsules::measurement::BootMeasurement;
use anchorhold_capsules::model::ActiveModel;
use anchorhold_capsules::restart::KernelRestart;
use anchorhold_capsules::sensor::{Sensor, Sources};
use anchorhold_capsules::vault::{BoardLimits, Vault};
use anchorhold_capsules::{driver, work::Work};
use anchorhold_state::RECORD_BYTES;
use kernel::deferred_call::DeferredCallClient;
use kernel::hil::time::Alarm;
use kernel::Kernel;

/// What the inference process can offer a model.
const LIMITS: BoardLimits = BoardLimits {
    arena_bytes: 48 * 1024,
    engine_abi: anchorhold_engine::ABI,
};

/// The sensor capsule.
pub(crate) type BoardSensor<T> = Sensor<'static, BoardAlarm<T>>;
/// The evidence capsule.
pub(crate) type BoardEvidence<T> = Evidence<'static, BoardAlarm<T>>;

places! {
    pub(crate) struct AnchorholdPlaces<T: Alarm<'static>, K: Authority> {
        keys: Keys<'static>,
        record: [u8; RECORD_BYTES],
        state: DeviceState<'static>,
        model: ActiveModel,
        work: Work<'static>,
        sensor_alarm: BoardAlarm<T>,
        sensor: BoardSensor<T>,
        vault: Vault<'static>,
        measurement: BootMeasurement,
        restart: KernelRestart<K>,
        evidence_alarm: BoardAlarm<T>,
        evidence: BoardEvidence<T>,
    }
}

/// The capsules that the board goes on to use.
pub(crate) struct Anchorhold<T: Alarm<'static> + 'static> {
    pub keys: &'static Keys<'static>,
    pub sensor: &'static BoardSensor<T>,
    pub vault: &'static Vault<'static>,
    pub evidence: &'static BoardEvidence<T>,
}

/// Connects the capsules with each other, the devices and time.
pub(crate) fn wire<C, T: Alarm<'static>, K: Authority>(
    places: &'static mut AnchorholdPlaces<T, K>,
    site: &Site<C>,
    devices: &Devices,
    alarms: &'static BoardAlarms<T>,
    kernel: &'static Kernel,
    authority: K,
) -> Anchorhold<T> {
    let keys = keep(&mut places.keys, Keys::new(devices.page));
    let record = buffer(&mut places.record);
    let state = DeviceState::new(devices.storage, devices.layout, keys, record);
    let state = keep(&mut places.state, state);
    devices.storage.set_client(state);
    let model = keep(&mut places.model, ActiveModel::new());
    let work = keep(&mut places.work, Work::new(INFERENCE));

    let sensor_alarm = share(&mut places.sensor_alarm, alarms);
    let grant = kernel.create_grant(driver::SENSOR, &authority);
    let sources = Sources {
        accelerometer: devices.accelerometer,
        tensors: devices.tensors,
        microphone: devices.microphone,
    };
    let sensor = keep(
        &mut places.sensor,
        Sensor::new(sources, sensor_alarm, keys, model, work, grant),
    );
    devices.accelerometer.set_client(sensor);
    sensor_alarm.set_alarm_client(sensor);
    sensor.register();

    let grant = kernel.create_grant(driver::VAULT, &authority);
    let vault = Vault::new(site.applications, LIMITS, keys, state, model, work, grant);
    let vault = keep(&mut places.vault, vault);
    let measurement = BootMeasurement::new(site.image, &RIGHTS, site.applications);
    let restart = KernelRestart::new(kernel, authority, site.duties.before_restart);
    let restart = keep(&mut places.restart, restart);
    let services = Services {
        keys,
        state,
        vault,
        model,
        work,
        measurement: keep(&mut places.measurement, measurement),
        restart,
        debug: site.debug_port,
    };
    let evidence_alarm = share(&mut places.evidence_alarm, alarms);
    let grant = kernel.create_grant(driver::EVIDENCE, &authority);
    let evidence = keep(
        &mut places.evidence,
        Evidence::new(services, evidence_alarm, grant),
    );
    evidence_alarm.set_alarm_client(evidence);
    state.set_client(evidence);
    work.set_client(evidence);
    evidence.register();

    Anchorhold {
        keys,
        sensor,
        vault,
        evidence,
    }
}
