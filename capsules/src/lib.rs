//! Anchorhold's Tock capsules: keys, sensor, model vault, evidence, policy.
//!
//! They compile unchanged against upstream Tock and against this repository's
//! `tock/`. No chip, no `unsafe`, no heap; hardware comes through HIL traits, and
//! what upstream has no trait for is in [`hil`].
//!
//! | module | is | driver |
//! |---|---|---|
//! | [`evidence`] | requests, work, deadline, signed tokens, start-up | 0xA0001 |
//! | [`sensor`] | input windows: sampled, checked, committed to | 0xA0002 |
//! | [`vault`] | sealed models: accepted at boot, decrypted tile by tile | 0xA0003 |
//! | [`keys`] | keys derived on demand from the provisioned page | |
//! | [`device_state`] | counters, version floors and budgets in storage | |
//! | [`work`], [`model`] | the job in hand and the model in use, which the drivers share | |
//! | [`measurement`] | SHA-256 of kernel, rights and applications | |
//! | [`rights`] | the board's system call filter | |
//! | [`credentials`] | application signatures and identities | |
//! | [`restart`] | the power to restart a hung process | |
//!
//! # Wiring
//!
//! In a board's `main.rs`, where `page`, `storage`, `accelerometer`, `tensors` and
//! `microphone` are chip drivers and the alarms are two of a mux:
//!
//! ```ignore
//! static RIGHTS: Rights = Rights::new(&rights::TABLE);
//!
//! let keys = static_init!(Keys, Keys::new(page));
//! let state = static_init!(
//!     DeviceState,
//!     DeviceState::new(storage, Layout::PAGES_OF_2_KIB, keys, record_buffer) // [u8; RECORD_BYTES]
//! );
//! storage.set_client(state);
//! let model = static_init!(ActiveModel, ActiveModel::new());
//! let work = static_init!(Work, Work::new(INFERENCE_SHORT_ID));
//!
//! let sensor = static_init!(
//!     Sensor<VirtualMuxAlarm<Timer>>,
//!     Sensor::new(Sources { accelerometer, tensors, microphone }, sensor_alarm, keys, model, work,
//!         board_kernel.create_grant(driver::SENSOR, &memory_allocation_capability))
//! );
//! accelerometer.set_client(sensor);
//! sensor_alarm.set_alarm_client(sensor);
//! sensor.register();
//!
//! let vault = static_init!(
//!     Vault,
//!     Vault::new(app_flash, BoardLimits { arena_bytes, engine_abi }, keys, state, model, work,
//!         board_kernel.create_grant(driver::VAULT, &memory_allocation_capability))
//! );
//! let measurement = static_init!(
//!     BootMeasurement, BootMeasurement::new([kernel_flash, &[]], &RIGHTS, app_flash));
//! let restart = static_init!(
//!     KernelRestart<ProcessManagement>, KernelRestart::new(board_kernel, ProcessManagement, |_| {}));
//!
//! let evidence = static_init!(
//!     Evidence<VirtualMuxAlarm<Timer>>,
//!     Evidence::new(
//!         Services { keys, state, vault, model, work, measurement, restart,
//!             debug: DebugStatus::Enabled },
//!         evidence_alarm,
//!         board_kernel.create_grant(driver::EVIDENCE, &memory_allocation_capability))
//! );
//! evidence_alarm.set_alarm_client(evidence);
//! state.set_client(evidence);
//! work.set_client(evidence);
//! evidence.register();
//!
//! let signatures = static_init!(OemSignatures, OemSignatures::new(keys));
//! signatures.register();
//! // … a ProcessCheckerMachine with `signatures`, a loader with `SignedShortIds`,
//! // `&RIGHTS` as KernelResources::SyscallFilter; when all of that is set up:
//! evidence.start();
//! ```
//!
//! [`evidence::Evidence::start`] may come before or after processes are loaded:
//! requests that come early wait. A board whose kernel can hook process faults calls
//! [`vault::Vault::wipe`] from the hook, so that the content key goes with the process.
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]

pub mod credentials;
pub mod device_state;
pub mod driver;
pub mod evidence;
pub mod hil;
pub mod keys;
pub mod measurement;
pub mod model;
pub mod restart;
pub mod rights;
pub mod sensor;
mod shield;
pub mod vault;
pub mod work;

#[cfg(test)]
mod tests;
