//! The program break, moved to where it must not be.

use crate::addresses::*;
use crate::attack::{Attack, Verdict};
use crate::calls::{memop, operation};

pub const ATTACKS: &[Attack] = &[
    Attack::new("break-to-null", || break_at(NULL)),
    Attack::new("break-to-kernel-ram", || break_at(KERNEL_RAM)),
    Attack::new("break-to-inference-ram", || break_at(INFERENCE_RAM)),
    Attack::new("break-over-own-grant", || {
        break_at(memop(operation::RAM_END, 0).unwrap_or(usize::MAX))
    }),
    Attack::new("break-to-the-end", || break_at(usize::MAX)),
    Attack::new("break-by-too-much", || break_by(i32::MAX)),
    Attack::new("break-by-less-than-all", || break_by(i32::MIN)),
    Attack::new("unknown-memory-operations", || {
        let operations = [12, 99, usize::MAX];
        Verdict::of_all(operations.map(|number| memop(number, 0)).into_iter())
    }),
];

fn break_at(address: usize) -> Verdict {
    Verdict::of(memop(operation::BREAK, address))
}

fn break_by(increment: i32) -> Verdict {
    Verdict::of(memop(operation::SBREAK, increment as usize))
}
