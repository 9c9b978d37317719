//! What the OEM provisions: the device's secret page, and the signed record that
//! introduces the device to model owners and relying parties.
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]

pub mod device_record;
pub mod page;
pub mod tier;

pub use device_record::{DeviceRecord, RecordError, MAX_BOARD_NAME, MAX_RECORD};
pub use page::{encode, Page, PageError, PAGE_BYTES};
pub use tier::KeyTier;
