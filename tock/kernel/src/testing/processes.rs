//! System calls, as processes make them.

use super::board::DRIVER;
use crate::process::{FunctionCall, FunctionCallSource};
use crate::syscall::{Syscall, YieldVariant};

pub(super) const YIELD_WAIT: Syscall = Syscall::Yield {
    yield_type: YieldVariant::Wait,
};

pub(super) fn command(number: usize, arg0: usize, arg1: usize) -> Syscall {
    Syscall::Command {
        driver_number: DRIVER,
        subdriver_number: number,
        arg0,
        arg1,
    }
}

pub(super) fn subscribe(number: usize, function: usize, data: usize) -> Syscall {
    Syscall::Subscribe {
        driver_number: DRIVER,
        subdriver_number: number,
        upcall_ptr: function.into(),
        appdata: data.into(),
    }
}

pub(super) fn allow_rw(number: usize, address: usize, size: usize) -> Syscall {
    Syscall::ReadWriteAllow {
        driver_number: DRIVER,
        subdriver_number: number,
        allow_address: core::ptr::without_provenance_mut(address),
        allow_size: size,
    }
}

pub(super) fn allow_ro(number: usize, address: usize, size: usize) -> Syscall {
    Syscall::ReadOnlyAllow {
        driver_number: DRIVER,
        subdriver_number: number,
        allow_address: core::ptr::without_provenance(address),
        allow_size: size,
    }
}

pub(super) fn memop(operand: usize, arg0: usize) -> Syscall {
    Syscall::Memop { operand, arg0 }
}

pub(super) fn exit(which: usize, completion_code: usize) -> Syscall {
    Syscall::Exit {
        which,
        completion_code,
    }
}

pub(super) fn yield_no_wait(address: usize) -> Syscall {
    Syscall::Yield {
        yield_type: YieldVariant::NoWait {
            ptr: core::ptr::without_provenance_mut(address),
        },
    }
}

pub(super) fn yield_wait_for(subdriver_number: usize) -> Syscall {
    Syscall::Yield {
        yield_type: YieldVariant::WaitFor {
            driver_number: DRIVER,
            subdriver_number,
        },
    }
}

/// A function call that means nothing.
pub(super) fn nothing() -> FunctionCall {
    FunctionCall {
        source: FunctionCallSource::Kernel,
        argument0: 0,
        argument1: 0,
        argument2: 0,
        argument3: 0.into(),
        pc: 0.into(),
    }
}
