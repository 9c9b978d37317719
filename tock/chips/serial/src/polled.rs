//! Writing by polling.

use crate::port::Port;
use kernel::utilities::io_write::IoWrite;

/// Writes by polling, for a kernel that has stopped: interrupts and transfers in
/// progress are left behind.
pub struct PolledWriter<P> {
    port: P,
}

impl<P: Port> PolledWriter<P> {
    /// A writer to `port`, which must be configured.
    pub const fn new(port: P) -> Self {
        PolledWriter { port }
    }

    /// Waits until the last byte has left.
    pub fn flush(&self) {
        while !self.port.is_idle() {}
    }
}

impl<P: Port> IoWrite for PolledWriter<P> {
    fn write(&mut self, bytes: &[u8]) -> usize {
        for byte in bytes {
            while !self.port.put(*byte) {}
        }
        bytes.len()
    }
}

impl<P: Port> core::fmt::Write for PolledWriter<P> {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        self.write(text.as_bytes());
        Ok(())
    }
}
