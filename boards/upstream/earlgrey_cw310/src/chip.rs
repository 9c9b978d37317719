//! How the chip is configured on a CW310: clocks, pins, memory protection, and the few
//! of its peripherals that are in use.

use anchorhold_board::BAUD;
use earlgrey::chip::EarlGrey;
use earlgrey::chip_config::EarlGreyConfig;
use earlgrey::epmp::{EPMPDebugConfig, EPMPDebugDisable, EarlGreyEPMP};
use earlgrey::flash_ctrl::FLASH_CTRL_BASE;
use earlgrey::i2c::I2C0_BASE;
use earlgrey::pinmux_config::{EarlGreyPinmuxConfig, INPUT_NUM, OUTPUT_NUM};
use earlgrey::registers::top_earlgrey::{
    MuxedPads, PinmuxInsel, PinmuxOutsel, PinmuxPeripheralIn, PlicPeripheral,
    PLIC_INTERRUPT_FOR_PERIPHERAL,
};
use earlgrey::timer::RvTimer;
use earlgrey::uart::{Uart, UART0_BASE};
use kernel::platform::chip::InterruptService;
use lowrisc::flash_ctrl::{FlashCtrl, FlashRegion};
use lowrisc::i2c::I2c;

/// The design's clocks in the board's FPGA.
pub enum Clocks {}

impl EarlGreyConfig for Clocks {
    const NAME: &'static str = "fpga_cw310";
    const CPU_FREQ: u32 = 24_000_000;
    const PERIPHERAL_FREQ: u32 = 6_000_000;
    const AON_TIMER_FREQ: u32 = 250_000;
    const UART_BAUDRATE: u32 = BAUD;
}

/// The pins in use: serial port 0 and I2C 0. All others stay unconnected.
pub enum Pins {}

impl EarlGreyPinmuxConfig for Pins {
    const INPUT: &'static [PinmuxInsel; INPUT_NUM] = &{
        let mut sources = [PinmuxInsel::ConstantZero; INPUT_NUM];
        sources[PinmuxPeripheralIn::Uart0Rx as usize] = PinmuxInsel::Ioc3;
        sources[PinmuxPeripheralIn::I2c0Sda as usize] = PinmuxInsel::Iob12;
        sources[PinmuxPeripheralIn::I2c0Scl as usize] = PinmuxInsel::Iob11;
        sources
    };

    const OUTPUT: &'static [PinmuxOutsel; OUTPUT_NUM] = &{
        let mut sources = [PinmuxOutsel::ConstantHighZ; OUTPUT_NUM];
        sources[MuxedPads::Ioc4 as usize] = PinmuxOutsel::Uart0Tx;
        sources[MuxedPads::Iob12 as usize] = PinmuxOutsel::I2c0Sda;
        sources[MuxedPads::Iob11 as usize] = PinmuxOutsel::I2c0Scl;
        sources
    };
}

/// Memory protection without a region for the debug module: with the whitelist policy
/// in force, a debugger cannot run its code. What the ROM leaves behind is not checked,
/// because it differs from ROM to ROM.
pub type Protection = EarlGreyEPMP<false, EPMPDebugDisable>;

/// The peripherals in use. Upstream has a set of all of them, which takes 1.7 KiB more
/// RAM, and whose I2C divides by a clock period of 0.
pub struct Peripherals {
    /// The serial port.
    pub uart: Uart<'static>,
    /// The accelerometer's bus.
    pub i2c: I2c<'static>,
    /// Flash, for the records.
    pub flash: FlashCtrl<'static>,
}

impl Peripherals {
    /// The peripherals, not set up.
    pub fn new() -> Peripherals {
        const NANOSECONDS: u32 = 1_000_000_000;
        Peripherals {
            uart: Uart::new(UART0_BASE, Clocks::PERIPHERAL_FREQ),
            i2c: I2c::new(I2C0_BASE, NANOSECONDS / Clocks::PERIPHERAL_FREQ),
            flash: FlashCtrl::new(FLASH_CTRL_BASE, FlashRegion::REGION0),
        }
    }
}

impl InterruptService for Peripherals {
    fn service_interrupt(&self, interrupt: u32) -> bool {
        match PLIC_INTERRUPT_FOR_PERIPHERAL.get(interrupt as usize) {
            Some(PlicPeripheral::Uart0) => self.uart.handle_interrupt(),
            Some(PlicPeripheral::I2c0) => self.i2c.handle_interrupt(),
            Some(PlicPeripheral::FlashCtrl) => self.flash.handle_interrupt(),
            _ => return false,
        }
        true
    }
}

/// The timer.
pub type Timer = RvTimer<'static, Clocks>;
/// The chip.
pub type Chip = EarlGrey<
    'static,
    { <EPMPDebugDisable as EPMPDebugConfig>::TOR_USER_REGIONS },
    Peripherals,
    Clocks,
    Pins,
    Protection,
>;
