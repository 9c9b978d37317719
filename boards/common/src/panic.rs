//! The end of a kernel that cannot go on.

use core::fmt::{Display, Write};
use core::panic::PanicInfo;

/// Writes where the kernel stopped, and for a kernel fault what, but no message:
/// their texts and the code that formats them would take 9 KiB of flash.
pub fn report_panic(writer: &mut impl Write, info: &PanicInfo, fault: Option<impl Display>) {
    // Whatever cannot be written now is lost.
    if let Some(place) = info.location() {
        let (file, line) = (place.file(), place.line());
        let _ = writeln!(writer, "\r\nkernel panic at {file}:{line}");
    }
    if let Some(fault) = fault {
        let _ = writeln!(writer, "kernel fault: {fault}");
    }
}
