//! From the kernel's jump into the process to the application's `main`.

use libtock_platform::{Syscalls, Termination};

use crate::TockSyscalls;

#[cfg(target_arch = "arm")]
core::arch::global_asm!(include_str!("cortex_m.s"));
#[cfg(target_arch = "riscv32")]
core::arch::global_asm!(include_str!("riscv32.s"));

/// Names the process's `main`: a function without arguments, returning a
/// `libtock_platform::Termination`.
///
/// ```text
/// set_main! {main}
///
/// fn main() {}
/// ```
// `run_main` calls the generated function by its symbol. Its name says what the
// type system cannot: it must be `fn() -> !`.
#[macro_export]
macro_rules! set_main {
    {$name:ident} => {
        #[no_mangle]
        fn libtock_unsafe_main() -> ! {
            // `main` may itself be `fn() -> !`.
            #[allow(unreachable_code)]
            $crate::startup::handle_main_return($name())
        }
    }
}

/// Says how many bytes of stack the process needs.
///
/// ```text
/// stack_size! {0x400}
/// ```
// The linker script makes the stack as large as section .stack_buffer, and
// elf2tab asks the kernel for as much memory as the ELF file says.
#[macro_export]
macro_rules! stack_size {
    {$size:expr} => {
        #[no_mangle]
        #[link_section = ".stack_buffer"]
        pub static mut STACK_MEMORY: [u8; $size] = [0; $size];
    }
}

/// Ends the process with what `main` returned. For [`set_main!`] only.
pub fn handle_main_return<T: Termination>(result: T) -> ! {
    result.complete::<TockSyscalls>()
}

extern "C" {
    /// First byte above the process's static memory (linker script).
    static mut _heap_start: u8;
    /// First byte above the stack (linker script).
    static mut _stack_top: u8;
}

/// Called by the assembly once the stack and static memory are ready.
#[no_mangle]
extern "C" fn run_main() -> ! {
    extern "Rust" {
        fn libtock_unsafe_main() -> !;
    }

    // Both only help the kernel to describe a fault; a kernel without them is
    // as good.
    let _ = TockSyscalls::memop_debug_stack_start(&raw const _stack_top);
    let _ = TockSyscalls::memop_debug_heap_start(&raw const _heap_start);

    // SAFETY: `set_main!` defines the function, with this type.
    unsafe { libtock_unsafe_main() }
}

/// Where an allocator's heap may start: the initial program break.
pub fn get_heap_start() -> *mut () {
    (&raw mut _heap_start).cast()
}
