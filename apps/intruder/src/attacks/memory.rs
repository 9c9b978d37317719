//! Loads and stores outside the process's memory.

use libtock_hostile::{read, write};

use crate::addresses::*;
use crate::attack::{Attack, Verdict};
use crate::calls::{memop, operation};

pub const ATTACKS: &[Attack] = &[
    Attack::new("read-kernel-ram", || load(KERNEL_RAM)),
    Attack::new("write-kernel-ram", || store(KERNEL_RAM)),
    Attack::new("read-kernel-code", || load(KERNEL_CODE)),
    Attack::new("read-kernel-alias", || load(KERNEL_ALIAS)),
    Attack::new("read-inference-ram", || load(INFERENCE_RAM)),
    Attack::new("write-inference-ram", || store(INFERENCE_RAM)),
    Attack::new("read-model-key", || load(INFERENCE_GRANT)),
    Attack::new("read-inference-code", || load(INFERENCE_CODE)),
    Attack::new("read-reader-ram", || load(READER_RAM)),
    Attack::new("write-reader-ram", || store(READER_RAM)),
    Attack::new("read-own-grant", || near(operation::RAM_END, -4, load)),
    Attack::new("write-own-grant", || near(operation::RAM_END, -4, store)),
    Attack::new("read-grant-start", || near(operation::GRANT_START, 0, load)),
    Attack::new("read-across-break", || near(operation::SBREAK, -2, load)),
    Attack::new("read-past-flash", || near(operation::FLASH_END, 0, load)),
    Attack::new("write-own-code", || store(OWN_CODE)),
    Attack::new("read-model", || load(MODEL)),
    Attack::new("read-uart", || load(UART)),
    Attack::new("write-uart", || store(UART_TRANSMIT)),
    Attack::new("write-timer", || store(TIMER)),
    Attack::new("write-interrupts", || store(INTERRUPTS)),
    Attack::new("read-null", || load(NULL)),
];

/// Does something at an address relative to one that the kernel tells.
fn near(operation: usize, offset: isize, attempt: fn(usize) -> Verdict) -> Verdict {
    match memop(operation, 0) {
        Ok(address) => attempt(address.wrapping_add_signed(offset)),
        Err(error) => Verdict::Refused(error),
    }
}

fn load(address: usize) -> Verdict {
    Verdict::Breach("read", read(address) as usize)
}

fn store(address: usize) -> Verdict {
    write(address, u32::from_le_bytes(*b"hack"));
    Verdict::Breach("wrote to", address)
}
