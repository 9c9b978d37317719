//! Anchorhold's capsules, put together.

use crate::essentials::virtual_alarm;
use crate::restart::WipingRestart;
use crate::rights::{INFERENCE, RIGHTS};
use anchorhold_capsules::credentials::OemSignatures;
use anchorhold_capsules::device_state::DeviceState;
use anchorhold_capsules::evidence::{Evidence, Services};
use anchorhold_capsules::hil::{ProvisionedPage, TensorReplay};
use anchorhold_capsules::keys::Keys;
use anchorhold_capsules::measurement::BootMeasurement;
use anchorhold_capsules::model::ActiveModel;
use anchorhold_capsules::sensor::Sensor;
use anchorhold_capsules::vault::{BoardLimits, Vault};
use anchorhold_capsules::{driver, work::Work};
use anchorhold_evidence::DebugStatus;
use anchorhold_state::{Layout, RECORD_BYTES};
use capsules_core::virtualizers::virtual_alarm::{MuxAlarm, VirtualMuxAlarm};
use core::mem::MaybeUninit;
use kernel::capabilities::{MemoryAllocationCapability, ProcessManagementCapability};
use kernel::deferred_call::DeferredCallClient;
use kernel::hil::nonvolatile_storage::NonvolatileStorage;
use kernel::hil::sensors::NineDof;
use kernel::hil::time::Alarm;
use kernel::Kernel;

/// What a board has, as Anchorhold sees it.
pub struct Hardware<A: Alarm<'static> + 'static> {
    /// Holds the HUK and the trusted keys.
    pub page: &'static dyn ProvisionedPage,
    /// Keeps the device's records, from address 0 on.
    pub storage: &'static dyn NonvolatileStorage<'static>,
    /// How that storage is divided.
    pub layout: Layout,
    /// The sensor.
    pub accelerometer: &'static dyn NineDof<'static>,
    /// Recorded tensors.
    pub tensors: &'static dyn TensorReplay,
    /// Time.
    pub alarms: &'static MuxAlarm<'static, A>,
    /// Whether the debug port is closed.
    pub debug: DebugStatus,
    /// The kernel as it was flashed.
    pub image: &'static [u8],
    /// The flash that applications and models are installed in.
    pub applications: &'static [u8],
    /// What the inference process can offer a model.
    pub limits: BoardLimits,
}

/// Static memory for the capsules.
pub struct Room<A: Alarm<'static> + 'static, C: ProcessManagementCapability + 'static> {
    keys: MaybeUninit<Keys<'static>>,
    record: MaybeUninit<[u8; RECORD_BYTES]>,
    state: MaybeUninit<DeviceState<'static>>,
    model: MaybeUninit<ActiveModel>,
    work: MaybeUninit<Work<'static>>,
    sensor_alarm: MaybeUninit<VirtualMuxAlarm<'static, A>>,
    sensor: MaybeUninit<Sensor<'static, VirtualMuxAlarm<'static, A>>>,
    vault: MaybeUninit<Vault<'static>>,
    measurement: MaybeUninit<BootMeasurement>,
    restart: MaybeUninit<WipingRestart<C>>,
    evidence_alarm: MaybeUninit<VirtualMuxAlarm<'static, A>>,
    evidence: MaybeUninit<Evidence<'static, VirtualMuxAlarm<'static, A>>>,
    signatures: MaybeUninit<OemSignatures<'static>>,
}

impl<A: Alarm<'static>, C: ProcessManagementCapability> Room<A, C> {
    /// Memory that nothing uses yet.
    pub const fn new() -> Self {
        Room {
            keys: MaybeUninit::uninit(),
            record: MaybeUninit::uninit(),
            state: MaybeUninit::uninit(),
            model: MaybeUninit::uninit(),
            work: MaybeUninit::uninit(),
            sensor_alarm: MaybeUninit::uninit(),
            sensor: MaybeUninit::uninit(),
            vault: MaybeUninit::uninit(),
            measurement: MaybeUninit::uninit(),
            restart: MaybeUninit::uninit(),
            evidence_alarm: MaybeUninit::uninit(),
            evidence: MaybeUninit::uninit(),
            signatures: MaybeUninit::uninit(),
        }
    }
}

impl<A: Alarm<'static>, C: ProcessManagementCapability> Default for Room<A, C> {
    fn default() -> Self {
        Room::new()
    }
}

/// The capsules that a board deals with.
pub struct Anchorhold<A: Alarm<'static> + 'static> {
    /// Driver 0xA0001.
    pub evidence: &'static Evidence<'static, VirtualMuxAlarm<'static, A>>,
    /// Driver 0xA0002.
    pub sensor: &'static Sensor<'static, VirtualMuxAlarm<'static, A>>,
    /// Driver 0xA0003.
    pub vault: &'static Vault<'static>,
    /// Decides which applications run.
    pub signatures: &'static OemSignatures<'static>,
}

impl<A: Alarm<'static>> Anchorhold<A> {
    /// Puts the capsules together over a board's hardware. They do nothing until
    /// [`Evidence::start`].
    pub fn assemble<C: ProcessManagementCapability>(
        room: &'static mut Room<A, C>,
        kernel: &'static Kernel,
        hardware: Hardware<A>,
        grants: &dyn MemoryAllocationCapability,
        management: C,
    ) -> Anchorhold<A> {
        let keys: &Keys = room.keys.write(Keys::new(hardware.page));
        let state: &DeviceState = room.state.write(DeviceState::new(
            hardware.storage,
            hardware.layout,
            keys,
            room.record.write([0; RECORD_BYTES]),
        ));
        hardware.storage.set_client(state);
        let model: &ActiveModel = room.model.write(ActiveModel::new());
        let work: &Work = room.work.write(Work::new(INFERENCE));

        let sensor_alarm = virtual_alarm(&mut room.sensor_alarm, hardware.alarms);
        let sensor: &Sensor<_> = room.sensor.write(Sensor::new(
            hardware.accelerometer,
            hardware.tensors,
            sensor_alarm,
            keys,
            model,
            work,
            kernel.create_grant(driver::SENSOR, grants),
        ));
        hardware.accelerometer.set_client(sensor);
        sensor_alarm.set_alarm_client(sensor);
        sensor.register();

        let vault: &Vault = room.vault.write(Vault::new(
            hardware.applications,
            hardware.limits,
            keys,
            state,
            model,
            work,
            kernel.create_grant(driver::VAULT, grants),
        ));
        let measurement: &BootMeasurement = room.measurement.write(BootMeasurement::new(
            hardware.image,
            &RIGHTS,
            hardware.applications,
        ));
        let restart: &WipingRestart<C> = room.restart.write(WipingRestart::new(kernel, management));

        let services = Services {
            keys,
            state,
            vault,
            model,
            work,
            measurement,
            restart,
            debug: hardware.debug,
        };
        let evidence_alarm = virtual_alarm(&mut room.evidence_alarm, hardware.alarms);
        let evidence: &Evidence<_> = room.evidence.write(Evidence::new(
            services,
            evidence_alarm,
            kernel.create_grant(driver::EVIDENCE, grants),
        ));
        evidence_alarm.set_alarm_client(evidence);
        state.set_client(evidence);
        work.set_client(evidence);
        evidence.register();

        let signatures: &OemSignatures = room.signatures.write(OemSignatures::new(keys));
        signatures.register();
        Anchorhold {
            evidence,
            sensor,
            vault,
            signatures,
        }
    }
}
