//! [`UartDebugWriter`]: the kernel's log on a UART.

use core::cell::Cell;
use kernel::collections::queue::Queue;
use kernel::collections::ring_buffer::RingBuffer;
use kernel::debug::DebugWriter;
use kernel::hil::uart::{Transmit, TransmitClient};
use kernel::utilities::cells::{MapCell, TakeCell};
use kernel::utilities::io_write::IoWrite;
use kernel::ErrorCode;

/// Keeps messages in a ring and sends them in the background, whole lines at
/// a time: on a UART that others use too, no line is torn that fits into the
/// output buffer, and none is left without its end where the ring overflows.
pub struct UartDebugWriter {
    uart: &'static dyn Transmit<'static>,
    /// Here unless the UART is sending it.
    output: TakeCell<'static, [u8]>,
    ring: MapCell<&'static mut RingBuffer<'static, u8>>,
    /// A line did not fit: until one begins that might, everything is dropped.
    overflowing: Cell<bool>,
}

impl UartDebugWriter {
    /// A writer to `uart`, whose client the board makes it. `out_buffer`
    /// should hold the longest line, `internal_buffer` the largest burst of
    /// lines.
    pub fn new(
        uart: &'static dyn Transmit<'static>,
        out_buffer: &'static mut [u8],
        internal_buffer: &'static mut RingBuffer<'static, u8>,
    ) -> Self {
        Self {
            uart,
            output: TakeCell::new(out_buffer),
            ring: MapCell::new(internal_buffer),
            overflowing: Cell::new(false),
        }
    }

    /// How much of `output` to send now: all whole lines in it, or everything
    /// if it does not hold one.
    fn whole_lines(output: &[u8]) -> usize {
        let last_end = output.iter().rposition(|byte| *byte == b'\n');
        last_end.map_or(output.len(), |end| end + 1)
    }

    /// Moves what is to be sent next into `output`; returns how much.
    fn fill(ring: &mut RingBuffer<u8>, output: &mut [u8]) -> usize {
        let (first, second) = ring.as_slices();
        let waiting = [first, second].into_iter().flatten().flatten();
        let mut copied = 0;
        for (to, from) in output.iter_mut().zip(waiting) {
            *to = *from;
            copied += 1;
        }
        let send = Self::whole_lines(output.get(..copied).unwrap_or(&[]));
        for _ in 0..send {
            ring.dequeue();
        }
        send
    }
}

impl DebugWriter for UartDebugWriter {
    fn write(&self, bytes: &[u8], overflow_message: &[u8]) -> usize {
        self.ring.map_or(0, |ring| {
            // Room for the overflow message is never given to anything else.
            let room = ring.available_len().checked_sub(overflow_message.len());
            if self.overflowing.get() {
                let next_may_fit = bytes.ends_with(b"\n") && room.is_some();
                self.overflowing.set(!next_may_fit);
                return 0;
            }
            let taken = bytes.get(..room.unwrap_or(0)).unwrap_or(bytes);
            for byte in taken {
                ring.enqueue(*byte);
            }
            if taken.len() < bytes.len() {
                for byte in overflow_message {
                    ring.enqueue(*byte);
                }
                self.overflowing.set(true);
            }
            taken.len()
        })
    }

    fn available_len(&self) -> usize {
        self.ring.map_or(0, |ring| ring.available_len())
    }

    fn to_write_len(&self) -> usize {
        self.ring.map_or(0, |ring| ring.len())
    }

    fn publish(&self) -> usize {
        let Some(output) = self.output.take() else {
            return 0;
        };
        let length = self.ring.map_or(0, |ring| Self::fill(ring, output));
        if length == 0 {
            self.output.replace(output);
            return 0;
        }
        match self.uart.transmit_buffer(output, length) {
            Ok(()) => length,
            Err((_, output)) => {
                // There is nobody to tell: this was the way to tell.
                self.output.replace(output);
                0
            }
        }
    }

    fn flush(&self, writer: &mut dyn IoWrite) {
        self.ring.map(|ring| {
            writer.write_ring_buffer(ring);
            ring.empty();
        });
    }
}

impl TransmitClient for UartDebugWriter {
    fn transmitted_buffer(
        &self,
        tx_buffer: &'static mut [u8],
        _tx_len: usize,
        _rval: Result<(), ErrorCode>,
    ) {
        self.output.replace(tx_buffer);
        self.publish();
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use core::cell::RefCell;
    use core::mem::MaybeUninit;
    use std::boxed::Box;
    use std::string::String;
    use std::vec;
    use std::vec::Vec;

    /// A UART that is done when the test says so.
    #[derive(Default)]
    struct SlowUart {
        sent: RefCell<Vec<String>>,
        sending: RefCell<Option<(&'static mut [u8], usize)>>,
    }

    impl<'a> Transmit<'a> for SlowUart {
        fn set_transmit_client(&self, _client: &'a dyn TransmitClient) {}

        fn transmit_buffer(
            &self,
            buffer: &'static mut [u8],
            length: usize,
        ) -> Result<(), (ErrorCode, &'static mut [u8])> {
            let text = String::from_utf8(buffer[..length].to_vec()).unwrap();
            self.sent.borrow_mut().push(text);
            *self.sending.borrow_mut() = Some((buffer, length));
            Ok(())
        }

        fn transmit_word(&self, _word: u32) -> Result<(), ErrorCode> {
            Err(ErrorCode::NOSUPPORT)
        }

        fn transmit_abort(&self) -> Result<(), ErrorCode> {
            Err(ErrorCode::FAIL)
        }
    }

    fn writer(output: usize, ring: usize) -> (&'static SlowUart, UartDebugWriter) {
        let uart: &'static SlowUart = Box::leak(Box::default());
        let ring = RingBuffer::new(vec![MaybeUninit::uninit(); ring].leak());
        let ring = Box::leak(Box::new(ring));
        let writer = UartDebugWriter::new(uart, vec![0; output].leak(), ring);
        (uart, writer)
    }

    fn finish(uart: &SlowUart, writer: &UartDebugWriter) {
        let (buffer, length) = uart.sending.borrow_mut().take().unwrap();
        writer.transmitted_buffer(buffer, length, Ok(()));
    }

    #[test]
    fn transmissions_end_with_lines() {
        let (uart, writer) = writer(10, 100);
        assert_eq!(writer.write(b"one\r\n", b""), 5);
        writer.publish();
        writer.write(b"two\r\nthree\r\nmuch too long\r\n", b"");
        assert_eq!(writer.publish(), 0, "the UART is busy");
        for _ in 0..5 {
            finish(uart, &writer);
        }
        let sent = uart.sent.borrow();
        assert_eq!(
            sent[..],
            ["one\r\n", "two\r\n", "three\r\n", "much too l", "ong\r\n"]
        );
        assert_eq!(writer.to_write_len(), 0);
    }

    #[test]
    fn overflow_is_said_once() {
        let (uart, writer) = writer(32, 12);
        assert_eq!(writer.write(b"0123456789", b"!!\n"), 9);
        assert_eq!(writer.write(b"more", b"!!\n"), 0);
        writer.publish();
        assert_eq!(uart.sent.borrow()[..], ["012345678!!\n"]);
    }

    // A line without its end would take in whatever another client of the UART sends next:
    // a process that faults often enough could spoil another's answers.
    #[test]
    fn a_line_that_is_cut_ends_with_the_overflow_message() {
        let (uart, writer) = writer(32, 12);
        assert_eq!(writer.write(b"012345678", b"!!\n"), 9, "all that fits");
        assert_eq!(writer.write(b"\r\n", b"!!\n"), 0);
        writer.publish();
        finish(uart, &writer);
        // There is room again, in the middle of a line and then before one.
        assert_eq!(writer.write(b"9", b"!!\n"), 0);
        assert_eq!(writer.write(b"\r\n", b"!!\n"), 0);
        assert_eq!(writer.write(b"new\r\n", b"!!\n"), 5);
        writer.publish();
        assert_eq!(uart.sent.borrow()[..], ["012345678!!\n", "new\r\n"]);
    }

    struct Collect(Vec<u8>);

    impl IoWrite for Collect {
        fn write(&mut self, buf: &[u8]) -> usize {
            self.0.extend(buf);
            buf.len()
        }
    }

    #[test]
    fn flush_bypasses_the_uart() {
        let (uart, writer) = writer(32, 32);
        writer.write(b"last words", b"");
        let mut collected = Collect(Vec::new());
        writer.flush(&mut collected);
        assert_eq!(collected.0, b"last words");
        assert_eq!(writer.publish(), 0);
        assert!(uart.sent.borrow().is_empty());
    }
}
