//! Kernel messages: `debug!` and what a board's panic handler needs.
//!
//! A board wires the output in three steps:
//! 1. [`initialize_debug_writer_wrapper_unsafe`], before anything logs;
//! 2. an object that implements [`DebugWriter`] (`capsules_system` has one
//!    over a UART);
//! 3. [`set_debug_writer_wrapper`] with that object.
//!
//! Messages before step 3 are lost. A line ends in `\r\n`.

use core::fmt::{self, Arguments, Write};
use core::panic::PanicInfo;

use crate::capabilities::SetDebugWriterCapability;
use crate::platform::chip::{Chip, ThreadIdProvider};
use crate::utilities::cells::OptionalCell;
use crate::utilities::io_write::IoWrite;
use crate::utilities::single_thread_value::SingleThreadValue;

/// Takes the bytes of kernel messages.
pub trait DebugWriter {
    /// Takes `bytes`, or as many as fit; returns how many. Where some do not
    /// fit, `overflow_message` may be shown instead.
    fn write(&self, bytes: &[u8], overflow_message: &[u8]) -> usize;

    /// How many bytes fit now.
    fn available_len(&self) -> usize;

    /// How many bytes wait to be sent.
    fn to_write_len(&self) -> usize;

    /// Starts to send what waits; returns how many bytes are on their way.
    fn publish(&self) -> usize;

    /// Writes what waits through `writer` instead: the kernel is panicking
    /// and the usual way may be blocked.
    fn flush(&self, writer: &mut dyn IoWrite);
}

/// Shown where messages did not fit.
const OVERFLOW: &[u8] = b"\r\n(kernel messages lost)\r\n";

static WRITER: SingleThreadValue<OptionalCell<&'static dyn DebugWriter>> = SingleThreadValue::new();

/// Makes room for the writer of the calling thread.
///
/// # Safety
///
/// No other thread (interrupt handlers included) may log before this returns.
pub unsafe fn initialize_debug_writer_wrapper_unsafe<P: ThreadIdProvider>() {
    // SAFETY: the caller keeps other threads out. If there is room already,
    // there is nothing to do.
    let _ = unsafe { WRITER.bind_to_thread_unsafe::<P>(OptionalCell::empty()) };
}

/// Sends all further messages to `debug_writer`.
pub fn set_debug_writer_wrapper<C: SetDebugWriterCapability>(
    debug_writer: &'static dyn DebugWriter,
    _capability: C,
) {
    if let Some(writer) = WRITER.get() {
        writer.set(debug_writer);
    }
}

fn writer() -> Option<&'static dyn DebugWriter> {
    WRITER.get()?.get()
}

/// Formats into a [`DebugWriter`].
struct Formatted(&'static dyn DebugWriter);

impl Write for Formatted {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write(text.as_bytes(), OVERFLOW);
        Ok(())
    }
}

/// Writes a message without ending the line.
pub fn debug_print(args: Arguments) {
    if let Some(writer) = writer() {
        // Formatting into a `DebugWriter` does not fail: what does not fit is
        // dropped by the writer.
        let _ = Formatted(writer).write_fmt(args);
        writer.publish();
    }
}

/// Writes a message and ends the line.
pub fn debug_println(args: Arguments) {
    debug_print(format_args!("{args}\r\n"));
}

/// Writes a line to the kernel's log; arguments are those of `format!`.
#[macro_export]
macro_rules! debug {
    () => {
        $crate::debug!("")
    };
    ($($arg:tt)+) => {
        $crate::debug::debug_println(format_args!($($arg)+))
    };
}

/// Writes the messages that have not been sent yet. First step of a panic
/// report.
pub fn flush<W: IoWrite>(panic_writer: &mut W) {
    if let Some(writer) = writer() {
        writer.flush(panic_writer);
    }
}

/// Writes where and why the kernel panicked, and its version.
///
/// # Safety
///
/// Only for a panic handler.
pub unsafe fn panic_banner<W: Write>(writer: &mut W, panic_info: &PanicInfo) {
    // A panic report goes as far as its output does.
    let _ = write!(
        writer,
        "\r\nkernel panic: {panic_info}\r\nkernel version {}.{}\r\n",
        crate::KERNEL_MAJOR_VERSION,
        crate::KERNEL_MINOR_VERSION
    );
}

/// Writes the processor's state.
///
/// # Safety
///
/// Only for a panic handler.
pub unsafe fn panic_cpu_state<W: Write, C: Chip>(chip: Option<&'static C>, writer: &mut W) {
    // SAFETY: the caller is a panic handler.
    unsafe { C::print_state(chip, writer) };
}
