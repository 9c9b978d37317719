//! The traps of Arm: `svc`, with the class as its number and arguments and
//! results in r0 to r3 (TRD 104, 3.1).

use core::arch::asm;

use libtock_platform::{RawSyscalls, Register};

/// Class number of Yield (TRD 104, 4.1).
const YIELD: usize = 0;

// SAFETY: each trap passes its arguments on unchanged and returns the registers
// as the kernel left them.
unsafe impl RawSyscalls for crate::TockSyscalls {
    unsafe fn yield1([Register(r0)]: [Register; 1]) {
        // SAFETY: the caller answers for the call. An upcall runs as a function
        // called here would, and returns to the next instruction through lr, so
        // everything that the C ABI lets a function clobber is named, and
        // neither memory nor stack is excluded.
        unsafe {
            asm!("svc {class}",
                class = const YIELD,
                inlateout("r0") r0 => _,
                clobber_abi("C"),
            );
        }
    }

    unsafe fn yield2([Register(r0), Register(r1)]: [Register; 2]) {
        // SAFETY: as for `yield1`.
        unsafe {
            asm!("svc {class}",
                class = const YIELD,
                inlateout("r0") r0 => _,
                inlateout("r1") r1 => _,
                clobber_abi("C"),
            );
        }
    }

    unsafe fn syscall1<const CLASS: usize>([Register(r0)]: [Register; 1]) -> [Register; 2] {
        let (out0, out1);
        // SAFETY: the caller answers for the call, which is one that changes
        // its result registers only and no memory of the process. What the
        // processor saves on the stack meanwhile is below all that is in use.
        #[allow(clippy::pointers_in_nomem_asm_block)]
        unsafe {
            asm!("svc {class}",
                class = const CLASS,
                inlateout("r0") r0 => out0,
                lateout("r1") out1,
                options(nomem, nostack, preserves_flags),
            );
        }
        [Register(out0), Register(out1)]
    }

    unsafe fn syscall2<const CLASS: usize>(
        [Register(r0), Register(r1)]: [Register; 2],
    ) -> [Register; 2] {
        let (out0, out1);
        // SAFETY: as for `syscall1`.
        #[allow(clippy::pointers_in_nomem_asm_block)]
        unsafe {
            asm!("svc {class}",
                class = const CLASS,
                inlateout("r0") r0 => out0,
                inlateout("r1") r1 => out1,
                options(nomem, nostack, preserves_flags),
            );
        }
        [Register(out0), Register(out1)]
    }

    unsafe fn syscall4<const CLASS: usize>(
        [Register(r0), Register(r1), Register(r2), Register(r3)]: [Register; 4],
    ) -> [Register; 4] {
        let (out0, out1, out2, out3);
        // SAFETY: the caller answers for the call, which changes its result
        // registers and memory that is shared. Memory is not excluded, so that
        // what is shared is written before and read again after.
        unsafe {
            asm!("svc {class}",
                class = const CLASS,
                inlateout("r0") r0 => out0,
                inlateout("r1") r1 => out1,
                inlateout("r2") r2 => out2,
                inlateout("r3") r3 => out3,
                options(nostack, preserves_flags),
            );
        }
        [
            Register(out0),
            Register(out1),
            Register(out2),
            Register(out3),
        ]
    }
}
