//! Read-Only and Read-Write Allow in the fake kernel.

use std::rc::Rc;

use libtock_platform::{return_variant, ErrorCode, Register};

use crate::fake::SyscallDriver;
use crate::state::with_state;
use crate::{ExpectedSyscall, RoAllowBuffer, RwAllowBuffer, SyscallLogEntry};

/// Shares a buffer that the driver may read.
///
/// # Safety
/// The length must be 0, or the buffer must be borrowed until it is replaced.
pub(super) unsafe fn readonly(
    driver_num: u32,
    buffer_num: u32,
    address: Register,
    length: Register,
) -> [Register; 4] {
    let called = (driver_num, buffer_num);
    let entry = SyscallLogEntry::AllowRo {
        driver_num,
        buffer_num,
        len: length.into(),
    };
    let driver = start(
        driver_num,
        address,
        length,
        entry,
        |expected| match expected {
            ExpectedSyscall::AllowRo {
                driver_num,
                buffer_num,
                return_error,
            } if called == (driver_num, buffer_num) => return_error,
            other => panic!("expected {other:?}, not read-only allow {called:?}"),
        },
    );
    finish(address, length, driver, |driver| {
        // SAFETY: the caller answers for the buffer.
        let buffer = unsafe { RoAllowBuffer::new(address, length) };
        match driver.allow_readonly(buffer_num, buffer) {
            Ok(previous) => Ok(previous.into_registers()),
            Err((_, error)) => Err(error),
        }
    })
}

/// Shares a buffer that the driver may write.
///
/// # Safety
/// The length must be 0, or the buffer must be mutably borrowed until it is
/// replaced.
pub(super) unsafe fn readwrite(
    driver_num: u32,
    buffer_num: u32,
    address: Register,
    length: Register,
) -> [Register; 4] {
    let called = (driver_num, buffer_num);
    let entry = SyscallLogEntry::AllowRw {
        driver_num,
        buffer_num,
        len: length.into(),
    };
    let driver = start(
        driver_num,
        address,
        length,
        entry,
        |expected| match expected {
            ExpectedSyscall::AllowRw {
                driver_num,
                buffer_num,
                return_error,
            } if called == (driver_num, buffer_num) => return_error,
            other => panic!("expected {other:?}, not read-write allow {called:?}"),
        },
    );
    finish(address, length, driver, |driver| {
        // SAFETY: the caller answers for the buffer.
        let buffer = unsafe { RwAllowBuffer::new(address, length) };
        match driver.allow_readwrite(buffer_num, buffer) {
            Ok(previous) => Ok(previous.into_registers()),
            Err((_, error)) => Err(error),
        }
    })
}

/// Records the call, finds the driver, and notes the buffer as shared.
/// `expected` judges the call that the test expected.
fn start(
    driver_num: u32,
    address: Register,
    length: Register,
    entry: SyscallLogEntry,
    expected: impl FnOnce(ExpectedSyscall) -> Option<ErrorCode>,
) -> Result<Rc<dyn SyscallDriver>, ErrorCode> {
    with_state(|state| {
        state.log.push(entry);
        if let Some(error) = state.expected.pop_front().and_then(expected) {
            return Err(error);
        }
        let driver = state
            .drivers
            .get(&driver_num)
            .map(|entry| entry.driver.clone())
            .ok_or(ErrorCode::NoDevice)?;
        state.share(address.into(), length.into());
        Ok(driver)
    })
}

/// Passes the buffer to the driver, and notes the one that came back as no
/// longer shared.
fn finish(
    address: Register,
    length: Register,
    driver: Result<Rc<dyn SyscallDriver>, ErrorCode>,
    allow: impl FnOnce(&dyn SyscallDriver) -> Result<[Register; 2], ErrorCode>,
) -> [Register; 4] {
    let result = driver.and_then(|driver| {
        let result = allow(&*driver);
        let [address, length] = result.unwrap_or([address, length]);
        with_state(|state| state.unshare(address.into(), length.into()));
        result
    });
    match result {
        Ok([previous, previous_length]) => [
            return_variant::SUCCESS_2_U32.into(),
            previous,
            previous_length,
            length,
        ],
        Err(error) => [
            return_variant::FAILURE_2_U32.into(),
            error.into(),
            address,
            length,
        ],
    }
}
