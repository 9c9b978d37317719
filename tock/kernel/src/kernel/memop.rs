//! The memop system call: what a process may ask about its memory (TRD 104,
//! section 4.6).

use crate::errorcode::ErrorCode;
use crate::process::Process;
use crate::syscall::SyscallReturn;

/// Carries out memop number `operand` with argument `argument`.
pub(super) fn memop(process: &dyn Process, operand: usize, argument: usize) -> SyscallReturn {
    let pointer = core::ptr::without_provenance::<u8>(argument);
    let addresses = process.get_addresses();
    let address = SyscallReturn::SuccessAddr;
    match operand {
        0 => match process.brk(pointer) {
            Ok(_) => SyscallReturn::Success,
            Err(_) => SyscallReturn::Failure(ErrorCode::NOMEM),
        },
        1 => match process.sbrk(argument.cast_signed()) {
            Ok(old_break) => SyscallReturn::SuccessPtr(old_break),
            Err(_) => SyscallReturn::Failure(ErrorCode::NOMEM),
        },
        2 => address(addresses.sram_start),
        3 => address(addresses.sram_end),
        4 => address(addresses.flash_start),
        5 => address(addresses.flash_end),
        6 => address(addresses.sram_grant_start),
        7 => address(process.number_writeable_flash_regions()),
        8 | 9 => match process.get_writeable_flash_region(argument) {
            // There is no such region, or nothing in it.
            (_, 0) => SyscallReturn::Failure(ErrorCode::FAIL),
            (offset, length) => {
                let start = addresses.flash_start.saturating_add(offset);
                address(if operand == 8 {
                    start
                } else {
                    start.saturating_add(length)
                })
            }
        },
        10 => {
            process.update_stack_start_pointer(pointer);
            SyscallReturn::Success
        }
        11 => {
            process.update_heap_start_pointer(pointer);
            SyscallReturn::Success
        }
        _ => SyscallReturn::Failure(ErrorCode::NOSUPPORT),
    }
}
