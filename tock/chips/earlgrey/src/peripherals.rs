//! The peripherals that the kernel drives, and their interrupts.

use crate::map;
use kernel::deferred_call::DeferredCallClient;
use kernel::platform::chip::InterruptService;
use kernel::utilities::StaticRef;
use lowrisc::plic::{Plic, PlicRegisters};
use lowrisc::timer::{Timer, TimerRegisters};
use lowrisc::uart::{Uart, UartPort};

/// Registers of `uart0`, for writers that outlive the driver.
pub const UART0: UartPort = UartPort::new(
    // SAFETY: the map places this device here; registers are volatile cells.
    unsafe { StaticRef::new(map::UART0.0 as *const _) },
    map::UART_CLOCK_HZ,
);
// SAFETY: as for `UART0`.
const TIMER: StaticRef<TimerRegisters> = unsafe { StaticRef::new(map::TIMER.0 as *const _) };
// SAFETY: as for `UART0`.
const PLIC_REGISTERS: StaticRef<PlicRegisters> = unsafe { StaticRef::new(map::PLIC.0 as *const _) };
/// The interrupt controller.
pub(crate) const PLIC: Plic = Plic::new(PLIC_REGISTERS);

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
        PLIC.open();
        for source in map::UART0_INTERRUPTS {
            PLIC.enable(source);
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
        let known = map::UART0_INTERRUPTS.contains(&interrupt);
        if known {
            self.uart0.handle_interrupt();
        }
        known
    }
}
