//! The driver numbers of these capsules (Tock's `doc/syscalls`).

/// Driver numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum NUM {
    /// [`alarm`](crate::alarm).
    Alarm = 0x00000,
    /// [`console`](crate::console).
    Console = 0x00001,
    /// [`low_level_debug`](crate::low_level_debug).
    LowLevelDebug = 0x00008,
    /// [`rng`](crate::rng).
    Rng = 0x40001,
}
