//! Attacks the kernel and the other processes, over and over, and prints how
//! each attempt ends. It is installed unsigned, as anybody could do it.
//!
//! ```text
//! attack <name> refused <why>      the kernel said no, or nothing came of it
//! attack <name> BREACH <what>      it got through
//! attack <name> begin              it should fault: the kernel's next line
//!                                  about this process is the refusal
//! ```
//!
//! A fault costs the process its memory, and with it where it was. So attempts
//! have slots of a quarter of a second, by the time since boot, and a process
//! that starts anew waits for the next slot. It starts in the first one, which
//! is therefore free; the last ones are for all attempts that return.
#![no_main]
#![no_std]
#![forbid(unsafe_code)]

mod addresses;
mod attack;
mod attacks;
mod calls;
mod report;
mod slot;

use libtock::platform::ErrorCode;
use libtock::runtime::{set_main, stack_size};

set_main! {main}
stack_size! {0x1000}

/// Slots that all attempts that return take together, and one to spare: they must not
/// reach into the slot of the first that faults.
const RETURNING_SLOTS: u32 = 4;

fn main() -> Result<(), ErrorCode> {
    let last = 1 + attacks::faulting().count() as u32;
    let slots = last + RETURNING_SLOTS;
    // A restart in the middle of a slot may be what its attempt was after.
    if let Some(attack) = faulting(slot::current(slots)?) {
        if let Some(verdict) = (attack.after_restart)() {
            report::verdict(attack.name, verdict)?;
        }
    }
    loop {
        let slot = slot::next(slots)?;
        if let Some(attack) = faulting(slot) {
            report::begin(attack.name)?;
            report::verdict(attack.name, (attack.run)())?;
        } else if slot == last {
            for attack in attacks::returning() {
                report::verdict(attack.name, (attack.run)())?;
            }
        }
    }
}

/// The faulting attempt that the slot is for.
fn faulting(slot: u32) -> Option<&'static attack::Attack> {
    attacks::faulting().nth(slot.checked_sub(1)? as usize)
}
