//! Memop in the fake kernel. There is no memory behind it: the break is a
//! number.

use libtock_platform::{return_variant, ErrorCode, Register};

use crate::state::{with_state, State};
use crate::{ExpectedSyscall, SyscallLogEntry};

/// Where the fake process's RAM starts, and its break is at first.
const RAM_START: usize = 0x1000_0000;

/// Does operation `memop_num` (TRD 104, 4.6).
pub(super) fn memop(memop_num: u32, argument: Register) -> [Register; 2] {
    match with_state(|state| operate(state, memop_num, argument)) {
        Ok(None) => [return_variant::SUCCESS.into(), 0usize.into()],
        Ok(Some(value)) => [return_variant::SUCCESS_U32.into(), value.into()],
        Err(error) => [return_variant::FAILURE.into(), error.into()],
    }
}

fn operate(
    state: &mut State,
    memop_num: u32,
    argument: Register,
) -> Result<Option<usize>, ErrorCode> {
    state.log.push(SyscallLogEntry::Memop {
        memop_num,
        argument0: argument,
    });
    let return_error = match state.expected.pop_front() {
        None => None,
        Some(ExpectedSyscall::Memop {
            memop_num: expected_num,
            argument0,
            return_error,
        }) if expected_num == memop_num && argument0 == argument => return_error,
        Some(other) => panic!("expected {other:?}, not memop {memop_num} of {argument:?}"),
    };
    if let Some(error) = return_error {
        return Err(error);
    }

    let current = RAM_START + state.memory_break;
    match memop_num {
        0 => move_break(state, Some(argument.into())).map(|()| None),
        1 => move_break(
            state,
            current.checked_add_signed(argument.as_i32() as isize),
        )
        .map(|()| Some(current)),
        2 => Ok(Some(RAM_START)),
        10 | 11 => Ok(None),
        _ => Err(ErrorCode::NoSupport),
    }
}

fn move_break(state: &mut State, to: Option<usize>) -> Result<(), ErrorCode> {
    state.memory_break = to
        .and_then(|to| to.checked_sub(RAM_START))
        .ok_or(ErrorCode::NoMem)?;
    Ok(())
}
