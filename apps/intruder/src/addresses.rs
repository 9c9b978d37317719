//! What is where on the OpenTitan board, seen from a process that must not
//! touch it (the board's memory map).

/// The first address there is, where nothing is.
pub const NULL: usize = 0;
/// A serial port.
pub const UART: usize = 0x4000_0000;
/// The kernel's first instruction.
pub const KERNEL_CODE: usize = 0x2000_0400;
/// In the kernel's memory.
pub const KERNEL_RAM: usize = 0x1000_0800;
/// In the inference process's code, after its header.
pub const INFERENCE_CODE: usize = 0x2003_0080;
/// In the inference process's memory.
pub const INFERENCE_RAM: usize = 0x1000_6000;
/// Near the end of the inference process's memory, where its grants are, the
/// model's key among them.
pub const INFERENCE_GRANT: usize = 0x1001_5F00;
/// In the reader process's memory.
pub const READER_RAM: usize = 0x1001_6000;
/// A sealed model.
pub const MODEL: usize = 0x2008_0000;
/// In this process's code, after its header.
pub const OWN_CODE: usize = 0x2004_8080;
