//! The MPS2+ board with the AN386 image. On the nRF52840, peripherals are elsewhere
//! in the same region, and there is nothing at the alias.

/// A serial port.
pub const UART: usize = 0x4000_4000;
/// The serial port's register that transmits what is written to it.
pub const UART_TRANSMIT: usize = UART;
/// The timer that ends time slices: the processor's own.
pub const TIMER: usize = 0xE000_E010;
/// The register that raises interrupts.
pub const INTERRUPTS: usize = 0xE000_EF00;
/// In the kernel's code, behind the vectors.
pub const KERNEL_CODE: usize = 0x0000_0400;
/// The same, where the board mirrors its memory.
pub const KERNEL_ALIAS: usize = 0x0040_0400;
/// In the kernel's memory.
pub const KERNEL_RAM: usize = 0x2000_0800;
/// In the inference process's code, after its header.
pub const INFERENCE_CODE: usize = 0x0004_0080;
/// In the inference process's memory.
pub const INFERENCE_RAM: usize = 0x2001_0000;
/// Near the end of the inference process's memory, where its grants are, the
/// model's key among them.
pub const INFERENCE_GRANT: usize = 0x2002_1F00;
/// In the reader process's memory.
pub const READER_RAM: usize = 0x2002_8000;
/// A sealed model.
pub const MODEL: usize = 0x0008_0000;
/// In this process's code, after its header.
pub const OWN_CODE: usize = 0x0005_8080;
