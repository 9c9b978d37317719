//! System calls, interrupts and faults while the stack pointer is where it must not be. Arm's
//! processors store registers there at each, RISC-V's do not.

use libtock_hostile::{breakpoint_on_stack, spin_on_stack, syscall_on_stack, undefined_on_stack};

use crate::addresses::*;
use crate::attack::{Attack, Verdict};
use crate::calls::{memop, operation};

pub const ATTACKS: &[Attack] = &[
    Attack::new("call-on-kernel-ram", || call_on(KERNEL_RAM)),
    Attack::new("call-on-inference-ram", || call_on(INFERENCE_RAM + 0x100)),
    Attack::new("call-on-own-grant", || {
        memop(operation::RAM_END, 0).map_or_else(Verdict::Refused, call_on)
    }),
    Attack::new("call-on-own-code", || call_on(OWN_CODE + 0x100)),
    Attack::new("call-on-registers", || call_on(TIMER + FRAME)),
    Attack::new("call-on-null", || call_on(NULL)),
    Attack::new("call-across-break", call_across_break),
    Attack::new("call-on-odd-word", call_on_odd_word),
    Attack::new("preempted-on-kernel-ram", || spin_on(KERNEL_RAM)),
    Attack::new("preempted-on-null", || spin_on(NULL)),
    // Two faults at once, of which neither may be left to another process.
    Attack::new("undefined-on-kernel-ram", || {
        fault_on(undefined_on_stack, KERNEL_RAM)
    }),
    Attack::new("undefined-on-registers", || {
        fault_on(undefined_on_stack, TIMER + FRAME)
    }),
    Attack::new("breakpoint-on-kernel-ram", || {
        fault_on(breakpoint_on_stack, KERNEL_RAM)
    }),
];

/// Bytes that an Arm processor stores.
const FRAME: usize = 32;
/// The console, whose command 0 does nothing.
const CONSOLE: usize = 1;
/// So many that a time slice ends meanwhile.
const ROUNDS: usize = 5_000_000;

const KEPT_OFF: Verdict = Verdict::Harmless("nothing was stored there");

fn call_on(stack: usize) -> Verdict {
    match syscall_on_stack(stack, [CONSOLE, 0, 0, 0]) {
        after if after == stack => KEPT_OFF,
        after => Verdict::Breach("moved the stack to", after),
    }
}

/// An Arm processor moves a stack that is not at a multiple of eight bytes to store there, and
/// must move it back.
fn call_on_odd_word() -> Verdict {
    let stack = [0u64; 8];
    let middle = (&raw const stack[6]).addr();
    match call_on(middle + 4) {
        Verdict::Harmless(_) => Verdict::Harmless("the stack is where it was"),
        other => other,
    }
}

/// The processor's protection may end a little behind the break, at its own granularity. What
/// is there is not the process's.
fn call_across_break() -> Verdict {
    let end = memop(operation::SBREAK, 0).and_then(|end| {
        let granule = end.next_multiple_of(FRAME);
        memop(operation::BREAK, granule + FRAME / 4).map(|_| granule + FRAME)
    });
    end.map_or_else(Verdict::Refused, call_on)
}

fn spin_on(stack: usize) -> Verdict {
    spin_on_stack(stack, ROUNDS);
    KEPT_OFF
}

fn fault_on(fault: fn(usize), stack: usize) -> Verdict {
    fault(stack);
    Verdict::Breach("went on, on a stack at", stack)
}
