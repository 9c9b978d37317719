//! The end of a kernel that cannot go on.

use core::fmt::Write;
use core::panic::PanicInfo;
use lowrisc::uart::PolledWriter;

/// Reports on the serial port, and ends the emulation with an error. Where, and
/// for a kernel fault what, but no message: their texts and the code that
/// formats them would take 9 KiB of flash.
#[panic_handler]
fn panic(info: &PanicInfo) -> ! {
    let mut writer = PolledWriter::new(earlgrey::UART0);
    kernel::debug::flush(&mut writer);
    // Whatever cannot be written now is lost.
    if let Some(place) = info.location() {
        let _ = writeln!(
            writer,
            "\r\nkernel panic at {}:{}",
            place.file(),
            place.line()
        );
    }
    if let Some(fault) = rv32i::kernel_fault() {
        let _ = writeln!(writer, "kernel fault: {fault}");
    }
    writer.flush();
    semihosting::exit(1)
}
