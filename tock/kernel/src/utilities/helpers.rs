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
