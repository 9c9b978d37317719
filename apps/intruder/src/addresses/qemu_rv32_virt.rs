//! QEMU's `virt` machine with upstream Tock's memory map.

/// A serial port.
pub const UART: usize = 0x1000_0000;
/// The serial port's register that transmits what is written to it.
pub const UART_TRANSMIT: usize = UART;
/// The timer that ends time slices.
pub const TIMER: usize = 0x0200_BFF8;
/// The interrupt controller.
pub const INTERRUPTS: usize = 0x0C00_0000;
/// The kernel's first instruction.
pub const KERNEL_CODE: usize = 0x8000_0000;
/// The kernel's first instruction: nothing shows it once more.
pub const KERNEL_ALIAS: usize = KERNEL_CODE;
/// In the kernel's memory.
pub const KERNEL_RAM: usize = 0x8020_0800;
/// In the inference process's code, after its header.
pub const INFERENCE_CODE: usize = 0x8010_0080;
/// In the inference process's memory.
pub const INFERENCE_RAM: usize = 0x8030_0000;
/// Near the end of the inference process's memory, where its grants are, the
/// model's key among them.
pub const INFERENCE_GRANT: usize = 0x8031_1F00;
/// In the reader process's memory.
pub const READER_RAM: usize = 0x8032_0000;
/// A sealed model.
pub const MODEL: usize = 0x8018_0000;
/// In this process's code, after its header.
pub const OWN_CODE: usize = 0x8011_8080;
