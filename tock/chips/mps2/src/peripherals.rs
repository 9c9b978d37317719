//! The peripherals that the kernel drives, and their interrupts.

use crate::map;
use crate::timer::{Timer, TimerRegisters};
use crate::uart::{Uart, UartPort};
use cortexm4::nvic::NVIC;
use kernel::deferred_call::DeferredCallClient;
use kernel::platform::chip::InterruptService;
use kernel::utilities::StaticRef;

/// Registers of the first UART, for writers that outlive the driver.
pub const UART0: UartPort = UartPort::new(
    // SAFETY: the map places this device here; registers are volatile cells.
    unsafe { StaticRef::new(map::UART0 as *const _) },
    map::CLOCK_MHZ.get() * 1_000_000,
);
// SAFETY: as for `UART0`.
const TIMER: StaticRef<TimerRegisters> = unsafe { StaticRef::new(map::DUAL_TIMER as *const _) };

/// One driver a peripheral.
pub struct Peripherals<'a> {
    /// Serial port.
    pub uart0: Uart<'a>,
    /// Time and alarms.
    pub timer: Timer<'a>,
}

impl Peripherals<'_> {
    /// Drivers for an unconfigured chip. Make only one.
    pub fn new() -> Self {
        Peripherals {
            uart0: Uart::new(UART0),
            timer: Timer::new(TIMER),
        }
    }

    /// Starts what must run before any client is wired.
    pub fn start(&'static self) {
        self.uart0.register();
        self.timer.start();
        for line in [
            map::UART0_RECEIVED,
            map::UART0_TRANSMITTED,
            map::DUAL_TIMER_LINE,
        ] {
            NVIC.enable(line);
        }
    }
}

impl Default for Peripherals<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl InterruptService for Peripherals<'_> {
    fn service_interrupt(&self, interrupt: u32) -> bool {
        match interrupt {
            map::UART0_RECEIVED | map::UART0_TRANSMITTED => self.uart0.handle_interrupt(),
            map::DUAL_TIMER_LINE => self.timer.handle_interrupt(),
            _ => return false,
        }
        true
    }
}
