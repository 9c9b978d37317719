//! [`WatchDog`]: hardware that resets a kernel that hangs.

/// A watchdog, driven by the kernel loop.
pub trait WatchDog {
    /// Starts it.
    fn setup(&self) {}

    /// Tells it that the kernel loop is alive.
    fn tickle(&self) {}

    /// Stops it before sleep.
    fn suspend(&self) {}

    /// Starts it again after sleep.
    fn resume(&self) {
        self.tickle();
    }
}

/// No watchdog.
impl WatchDog for () {}
