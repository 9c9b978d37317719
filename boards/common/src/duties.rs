//! What a kernel leaves to its board.

use kernel::process::{Process, ProcessLoadingAsyncClient};

/// What the board does because its kernel does not.
#[derive(Clone, Copy)]
pub struct Duties {
    /// At a fault, before the kernel's policy acts.
    pub at_fault: fn(&dyn Process),
    /// Before a process that hangs is restarted.
    pub before_restart: fn(&dyn Process),
    /// Hears what was loaded and what was not.
    pub loading: Option<&'static dyn ProcessLoadingAsyncClient>,
}

impl Duties {
    /// None: a kernel that wipes memory and keeps a log, as this project's does.
    pub const NONE: Duties = Duties {
        at_fault: |_| {},
        before_restart: |_| {},
        loading: None,
    };
}
