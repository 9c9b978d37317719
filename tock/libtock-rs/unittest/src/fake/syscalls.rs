//! The fake kernel, as the code under test sees it.

use libtock_platform::{exit_id, syscall_class, yield_id, RawSyscalls, Register};

use super::{allow, command, memop, subscribe, yields};

/// System calls to the current thread's `fake::Kernel`.
pub struct Syscalls;

/// The number in a register.
fn number(register: Register) -> u32 {
    register
        .try_into()
        .expect("a system call's number that is wider than 32 bits")
}

// SAFETY: calls return the registers that TRD 104 says for them.
unsafe impl RawSyscalls for Syscalls {
    unsafe fn yield1([r0]: [Register; 1]) {
        match number(r0) {
            yield_id::WAIT => yields::wait(),
            other => panic!("yield {other} with one argument"),
        }
    }

    unsafe fn yield2([r0, r1]: [Register; 2]) {
        match number(r0) {
            yield_id::NO_WAIT => {
                let ran: *mut libtock_platform::YieldNoWaitReturn = r1.into();
                // SAFETY: the caller passes an address that is valid to write.
                unsafe { ran.write(yields::no_wait()) }
            }
            other => panic!("yield {other} with two arguments"),
        }
    }

    unsafe fn syscall1<const CLASS: usize>([r0]: [Register; 1]) -> [Register; 2] {
        match CLASS {
            syscall_class::MEMOP => memop::memop(number(r0), 0usize.into()),
            _ => panic!("class {CLASS} with one argument"),
        }
    }

    unsafe fn syscall2<const CLASS: usize>([r0, r1]: [Register; 2]) -> [Register; 2] {
        match (CLASS, number(r0)) {
            (syscall_class::MEMOP, operation) => memop::memop(operation, r1),
            // A process that ends here ends the test, which fails unless it
            // expects the panic.
            (syscall_class::EXIT, exit_id::TERMINATE) => {
                panic!("exit-terminate({})", number(r1))
            }
            (syscall_class::EXIT, exit_id::RESTART) => panic!("exit-restart({})", number(r1)),
            (class, operation) => panic!("class {class}, operation {operation}, two arguments"),
        }
    }

    unsafe fn syscall4<const CLASS: usize>([r0, r1, r2, r3]: [Register; 4]) -> [Register; 4] {
        let (driver, number_of_call) = (number(r0), number(r1));
        match CLASS {
            // SAFETY: the caller passes an upcall as TRD 104 requires.
            syscall_class::SUBSCRIBE => unsafe {
                subscribe::subscribe(driver, number_of_call, r2, r3)
            },
            syscall_class::COMMAND => {
                command::command(driver, number_of_call, number(r2), number(r3))
            }
            // SAFETY: the caller passes a buffer as TRD 104 requires.
            syscall_class::ALLOW_RW => unsafe { allow::readwrite(driver, number_of_call, r2, r3) },
            // SAFETY: the caller passes a buffer as TRD 104 requires.
            syscall_class::ALLOW_RO => unsafe { allow::readonly(driver, number_of_call, r2, r3) },
            _ => panic!("class {CLASS} with four arguments"),
        }
    }
}
