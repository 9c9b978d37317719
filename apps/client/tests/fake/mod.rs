//! Fakes of the three drivers, for the kernel of `libtock_unittest`.
//!
//! Also included by the inference process's tests; neither uses all of it.
#![allow(dead_code)]

mod evidence;
mod sensor;
mod vault;

use std::cell::RefCell;

use libtock_platform::ErrorCode;
use libtock_unittest::RwAllowBuffer;

pub use evidence::{Evidence, Outcome};
pub use sensor::Sensor;
pub use vault::Vault;

/// What a driver answers that has one writable buffer, number 0, and keeps it in `place`.
fn only_buffer(
    place: &RefCell<RwAllowBuffer>,
    number: u32,
    buffer: RwAllowBuffer,
) -> Result<RwAllowBuffer, (RwAllowBuffer, ErrorCode)> {
    match number {
        0 => Ok(place.replace(buffer)),
        _ => Err((buffer, ErrorCode::Invalid)),
    }
}
