//! Jumps to code that is not the process's, or is not code.

use libtock_hostile::{call, RETURN};

use crate::addresses::*;
use crate::attack::{Attack, Verdict};

pub const ATTACKS: &[Attack] = &[
    Attack::new("run-kernel-code", || jump(KERNEL_CODE)),
    Attack::new("run-kernel-ram", || jump(KERNEL_RAM)),
    Attack::new("run-inference-code", || jump(INFERENCE_CODE)),
    Attack::new("run-model", || jump(MODEL)),
    Attack::new("run-own-stack", run_own_stack),
    Attack::new("run-null", || jump(NULL)),
];

fn jump(address: usize) -> Verdict {
    call(address);
    Verdict::Breach("ran code at", address)
}

/// Code that an attacker has written to memory must not run: here a return.
fn run_own_stack() -> Verdict {
    let code = [RETURN; 2];
    jump(core::hint::black_box(&code).as_ptr().addr())
}
