//! Upcalls and yields that should lead nowhere.

use libtock::platform::syscall_class;
use libtock_hostile::syscall;

use crate::addresses::*;
use crate::attack::{Attack, Verdict};
use crate::calls::{command, subscribe};

/// Attempts that return.
pub const RETURNING: &[Attack] = &[
    Attack::new("subscribe-unknown-number", || {
        let numbers = [16, 255, usize::MAX];
        Verdict::of_all(
            numbers
                .map(|number| subscribe(CONSOLE, number, OWN_CODE))
                .into_iter(),
        )
    }),
    Attack::new("yield-into-kernel-ram", || yield_into(KERNEL_RAM)),
    Attack::new("yield-into-inference-ram", || yield_into(INFERENCE_RAM)),
    Attack::new("yield-into-nowhere", || yield_into(usize::MAX)),
];

/// Attempts that fault if the kernel does not refuse them before.
pub const FAULTING: &[Attack] = &[
    Attack::new("upcall-kernel-code", || upcall(KERNEL_CODE)),
    Attack::new("upcall-inference-code", || upcall(INFERENCE_CODE)),
    Attack::new("upcall-ram", || upcall(INFERENCE_RAM)),
    Attack::new("upcall-odd-address", || upcall(usize::MAX)),
    // TRD 104, 4.1, has it ignored; upstream's kernel stops the process.
    Attack::new("yield-unknown-number", || {
        syscall(YIELD, [77, KERNEL_RAM, KERNEL_RAM, KERNEL_RAM]);
        Verdict::Harmless("it was ignored")
    }),
    Attack::new("unknown-system-call", unknown_system_call),
];

const CONSOLE: usize = 1;
/// The console's command and upcall for a write.
const WRITE: usize = 1;
/// Class and numbers of Yield (TRD 104, 4.1).
const YIELD: usize = 0;
const NO_WAIT: usize = 0;
const WAIT: usize = 1;

/// Has the kernel say whether an upcall ran where it must not write.
fn yield_into(address: usize) -> Verdict {
    syscall(YIELD, [NO_WAIT, address, 0, 0]);
    Verdict::Harmless("it was ignored")
}

/// Registers an upcall that is not the process's code, and has it called.
fn upcall(function: usize) -> Verdict {
    if let Err(error) = subscribe(CONSOLE, WRITE, function) {
        return Verdict::Refused(error);
    }
    let _ = command(CONSOLE, WRITE, [0, 0]);
    syscall(YIELD, [WAIT, 0, 0, 0]);
    Verdict::Breach("called", function)
}

/// Classes that TRD 104 does not have.
fn unknown_system_call() -> Verdict {
    let classes = [syscall_class::EXIT + 2, 77, 255, usize::MAX];
    let success = classes.into_iter().find(|class| {
        let [variant, ..] = syscall(*class, [1, 0, 0, 0]);
        variant >= 128
    });
    match success {
        None => Verdict::Harmless("no class answered"),
        Some(class) => Verdict::Breach("was served: class", class),
    }
}
