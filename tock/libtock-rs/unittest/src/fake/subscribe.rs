//! Subscribe in the fake kernel.

use std::mem;

use libtock_platform::{return_variant, ErrorCode, Register};

use crate::state::{with_state, State, Upcall, UpcallFunction};
use crate::{ExpectedSyscall, SyscallLogEntry};

/// Registers an upcall and returns the one that it replaces, all scheduled
/// calls of which are cancelled (TRD 104, 4.2).
///
/// # Safety
/// `function` must be 0, or the address of an [`UpcallFunction`] that is sound
/// to call with `data` until it is replaced.
pub(super) unsafe fn subscribe(
    driver_num: u32,
    subscribe_num: u32,
    function: Register,
    data: Register,
) -> [Register; 4] {
    let upcall = Upcall {
        function: match usize::from(function) {
            0 => None,
            // SAFETY: the caller passes the address of such a function.
            _ => Some(unsafe { mem::transmute::<Register, UpcallFunction>(function) }),
        },
        data,
    };
    match with_state(|state| replace(state, driver_num, subscribe_num, upcall)) {
        Ok(previous) => [
            return_variant::SUCCESS_2_U32.into(),
            previous
                .function
                .map_or(0usize.into(), |function| (function as *const ()).into()),
            previous.data,
            data,
        ],
        Err(error) => [
            return_variant::FAILURE_2_U32.into(),
            error.into(),
            function,
            data,
        ],
    }
}

fn replace(
    state: &mut State,
    driver_num: u32,
    subscribe_num: u32,
    upcall: Upcall,
) -> Result<Upcall, ErrorCode> {
    let called = (driver_num, subscribe_num);
    state.log.push(SyscallLogEntry::Subscribe {
        driver_num,
        subscribe_num,
    });
    match state.expected.pop_front() {
        None => {}
        Some(ExpectedSyscall::Subscribe {
            driver_num,
            subscribe_num,
            skip_with_error,
        }) => {
            assert_eq!(
                called,
                (driver_num, subscribe_num),
                "expected another subscribe"
            );
            if let Some(error) = skip_with_error {
                return Err(error);
            }
        }
        Some(other) => panic!("expected {other:?}, not subscribe {called:?}"),
    }

    let driver = state
        .drivers
        .get_mut(&driver_num)
        .ok_or(ErrorCode::NoDevice)?;
    if subscribe_num >= driver.upcall_count {
        return Err(ErrorCode::Invalid);
    }
    let previous = driver.upcalls.insert(subscribe_num, upcall);
    state
        .upcalls
        .retain(|scheduled| (scheduled.driver_num, scheduled.subscribe_num) != called);
    Ok(previous.unwrap_or(Upcall {
        function: None,
        data: 0usize.into(),
    }))
}
