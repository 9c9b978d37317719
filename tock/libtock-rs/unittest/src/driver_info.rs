//! What a fake driver tells the fake kernel about itself.

/// A driver's number, and how many upcalls it has. Made with
/// [`new`](Self::new), and changed with the methods that return it.
#[non_exhaustive]
pub struct DriverInfo {
    pub(crate) driver_num: u32,
    /// How many upcalls the driver has; subscribe numbers are below this.
    pub upcall_count: u32,
}

impl DriverInfo {
    /// Driver `driver_num`, without upcalls.
    pub fn new(driver_num: u32) -> Self {
        Self {
            driver_num,
            upcall_count: 0,
        }
    }

    /// The same, with `upcall_count` upcalls.
    pub fn upcall_count(mut self, upcall_count: u32) -> Self {
        self.upcall_count = upcall_count;
        self
    }
}
