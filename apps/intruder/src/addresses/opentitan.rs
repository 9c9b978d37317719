//! The OpenTitan board.

/// A serial port.
pub const UART: usize = 0x4000_0000;
/// The serial port's register that transmits what is written to it.
pub const UART_TRANSMIT: usize = UART + 0x1C;
/// The timer that ends time slices.
pub const TIMER: usize = 0x4010_0000;
/// The interrupt controller.
pub const INTERRUPTS: usize = 0x4800_0000;
/// The kernel's first instruction.
pub const KERNEL_CODE: usize = 0x2000_0400;
/// The kernel's first instruction, where the address translation of the flash
/// shows it once more.
pub const KERNEL_ALIAS: usize = 0x8000_0400;
/// In the kernel's memory.
pub const KERNEL_RAM: usize = 0x1000_0800;
/// In the inference process's code, after its header.
pub const INFERENCE_CODE: usize = 0x2003_0080;
/// In the inference process's memory.
pub const INFERENCE_RAM: usize = 0x1000_6000;
/// Near the end of the inference process's memory, where its grants are, the
/// model's key among them.
pub const INFERENCE_GRANT: usize = 0x1001_7F00;
/// In the reader process's memory.
pub const READER_RAM: usize = 0x1001_8000;
/// A sealed model.
pub const MODEL: usize = 0x2008_0000;
/// In this process's code, after its header.
pub const OWN_CODE: usize = 0x2004_8080;
