//! Addresses, interrupt lines and clocks of the AN386 image (Arm DAI 0386), of
//! whose memory only as much is used as an nRF52840 has, at the same addresses.

use core::num::NonZeroU32;

/// Where an nRF52840 has its flash: kernel, applications, sealed models.
pub const FLASH: (usize, usize) = (0x0000_0000, 1 << 20);
/// The part of it that the kernel may execute.
pub const KERNEL_IMAGE: (usize, usize) = (0x0000_0000, 256 << 10);
/// The part of it that processes may be given.
pub const APPLICATION_FLASH: (usize, usize) = (0x0004_0000, 0xc_0000);
/// Main memory.
pub const RAM: (usize, usize) = (0x2000_0000, 256 << 10);
/// The kernel's stack, data and buffers.
pub const KERNEL_RAM: (usize, usize) = (0x2000_0000, 28 << 10);
/// The memory that processes may be given.
pub const APPLICATION_RAM: (usize, usize) = (0x2000_7000, 0x3_9000);

/// The dual timer.
pub const DUAL_TIMER: usize = 0x4000_2000;
/// The first UART.
pub const UART0: usize = 0x4000_4000;
/// From the dual timer to the first UART: all devices that are used.
pub const DEVICES: (usize, usize) = (DUAL_TIMER, 0x3000);

/// Interrupt lines that the chip has.
pub const LINES: usize = 32;
/// Of the first UART: received.
pub const UART0_RECEIVED: u32 = 0;
/// Of the first UART: transmitted.
pub const UART0_TRANSMITTED: u32 = 1;
/// Of the dual timer.
pub const DUAL_TIMER_LINE: u32 = 10;

/// The clock of processor and peripherals, in ticks a microsecond.
pub const CLOCK_MHZ: NonZeroU32 = NonZeroU32::new(25).unwrap();
