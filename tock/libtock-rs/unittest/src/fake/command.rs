//! Command in the fake kernel.

use libtock_platform::{ErrorCode, Register};

use crate::state::with_state;
use crate::{command_return, ExpectedSyscall, SyscallLogEntry};

/// Asks the driver, which is `NoDevice` when there is none.
pub(super) fn command(
    driver_id: u32,
    command_id: u32,
    argument0: u32,
    argument1: u32,
) -> [Register; 4] {
    let called = (driver_id, command_id, argument0, argument1);
    let (driver, override_return) = with_state(|state| {
        state.log.push(SyscallLogEntry::Command {
            driver_id,
            command_id,
            argument0,
            argument1,
        });
        let override_return = match state.expected.pop_front() {
            None => None,
            Some(ExpectedSyscall::Command {
                driver_id,
                command_id,
                argument0,
                argument1,
                override_return,
            }) => {
                assert_eq!(
                    called,
                    (driver_id, command_id, argument0, argument1),
                    "expected another command"
                );
                override_return
            }
            Some(other) => panic!("expected {other:?}, not command {called:?}"),
        };
        let driver = state.drivers.get(&driver_id);
        (driver.map(|entry| entry.driver.clone()), override_return)
    });
    let answer = match driver {
        Some(driver) => driver.command(command_id, argument0, argument1),
        None => command_return::failure(ErrorCode::NoDevice),
    };
    let (variant, r1, r2, r3) = override_return.unwrap_or(answer).raw_values();
    [variant.into(), r1.into(), r2.into(), r3.into()]
}
