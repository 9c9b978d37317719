//! Macros for boards.

/// A value that implements the named capabilities. Compiles only where
/// `unsafe` is allowed: in boards, not in capsules.
#[macro_export]
macro_rules! create_capability {
    ($($T:ty),+ $(,)?) => {{
        #[allow(unsafe_code)]
        struct Capability(());
        $(
            // SAFETY: the traits ask for no more than that whoever makes a
            // capability is trusted; code that may use `unsafe` is.
            unsafe impl $T for Capability {}
        )+
        Capability(())
    }};
}

/// Reserves this many bytes for the kernel's stack, in the section
/// `.stack_buffer` that the linker script places.
#[macro_export]
macro_rules! stack_size {
    {$size:expr} => {
        /// The kernel's stack.
        #[no_mangle]
        #[link_section = ".stack_buffer"]
        static mut STACK_MEMORY: [u8; $size] = [0; $size];
    };
}
