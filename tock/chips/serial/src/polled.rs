//! Writing by polling.

use crate::port::Port;
use kernel::utilities::io_write::IoWrite;

/// Writes by polling, for a kernel that has stopped: interrupts and transfers in
/// progress are left behind.
pub struct PolledWriter<P> {
    port: P,
}

impl<P: Port> PolledWriter<P> {
    /// A writer to `port`, which is configured for `baud` unless it has been
    /// before: what is on its way is not lost.
    pub fn new(port: P, baud: u32) -> Self {
        if !port.is_on() {
            // Without a rate nothing can be written, nor said about it.
            let _ = port.configure(baud);
        }
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
