//! Addresses, interrupt numbers and clocks of the Earl Grey that QEMU 7.2
//! emulates (`-M opentitan`), which is earlier than today's silicon.
//!
//! A board for the silicon needs this file's twin and the timer's later
//! register order; nothing else knows an address.

/// Embedded flash: kernel, applications, sealed models.
pub const FLASH: (usize, usize) = (0x2000_0000, 1 << 20);
/// The part of flash that the kernel may execute.
pub const KERNEL_IMAGE: (usize, usize) = (0x2000_0000, 192 << 10);
/// The part of flash that processes may be given.
pub const APPLICATION_FLASH: (usize, usize) = (0x2003_0000, 0xd_0000);
/// Main memory.
pub const RAM: (usize, usize) = (0x1000_0000, 128 << 10);
/// The kernel's stack, data and buffers.
pub const KERNEL_RAM: (usize, usize) = (0x1000_0000, 24 << 10);
/// The memory that processes may be given.
pub const APPLICATION_RAM: (usize, usize) = (0x1000_6000, 0x1_a000);

/// `uart0`.
pub const UART0: (usize, usize) = (0x4000_0000, 0x1000);
/// `rv_timer`.
pub const TIMER: (usize, usize) = (0x4010_0000, 0x1000);
/// `rv_plic`, as far as its claim register.
pub const PLIC: (usize, usize) = (0x4800_0000, 4 << 20);

/// First and last interrupt source of `uart0`.
pub const UART0_INTERRUPTS: core::ops::RangeInclusive<u32> = 1..=8;

/// Input clock of the UARTs.
pub const UART_CLOCK_HZ: u32 = 50_000_000;
