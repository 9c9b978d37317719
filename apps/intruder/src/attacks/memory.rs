//! Loads and stores outside the process's memory.

use libtock_hostile::{read, write};

use crate::addresses::*;
use crate::attack::{Attack, Verdict};
use crate::calls::{memop, operation};

pub const ATTACKS: &[Attack] = &[
    Attack::new("read-kernel-ram", || load(KERNEL_RAM)),
    Attack::new("write-kernel-ram", || store(KERNEL_RAM)),
    Attack::new("read-kernel-code", || load(KERNEL_CODE)),
    Attack::new("read-inference-ram", || load(INFERENCE_RAM)),
    Attack::new("write-inference-ram", || store(INFERENCE_RAM)),
    Attack::new("read-model-key", || load(INFERENCE_GRANT)),
    Attack::new("read-inference-code", || load(INFERENCE_CODE)),
    Attack::new("read-reader-ram", || load(READER_RAM)),
    Attack::new("write-reader-ram", || store(READER_RAM)),
    Attack::new("read-own-grant", || load(near(operation::RAM_END, -4))),
    Attack::new("write-own-grant", || store(near(operation::RAM_END, -4))),
    Attack::new("read-grant-start", || load(near(operation::GRANT_START, 0))),
    Attack::new("read-across-break", || load(near(operation::SBREAK, -2))),
    Attack::new("read-past-flash", || load(near(operation::FLASH_END, 0))),
    Attack::new("write-own-code", || store(OWN_CODE)),
    Attack::new("read-model", || load(MODEL)),
    Attack::new("read-uart", || load(UART)),
    Attack::new("write-uart", || store(UART_TRANSMIT)),
    Attack::new("read-null", || load(NULL)),
];

/// The serial port's register that transmits what is written to it.
const UART_TRANSMIT: usize = UART + 0x1C;

/// An address relative to one that the kernel tells; null if it tells none.
fn near(operation: usize, offset: isize) -> usize {
    memop(operation, 0).map_or(NULL, |address| address.wrapping_add_signed(offset))
}

fn load(address: usize) -> Verdict {
    Verdict::Breach("read", read(address) as usize)
}

fn store(address: usize) -> Verdict {
    write(address, u32::from_le_bytes(*b"hack"));
    Verdict::Breach("wrote to", address)
}
