//! Drivers that the process has no right to, and commands that do not exist.

use crate::addresses::{KERNEL_RAM, OWN_CODE};
use crate::attack::{Attack, Verdict};
use crate::calls::{allow_rw, command, subscribe, Answer, EVIDENCE, VAULT};

pub const ATTACKS: &[Attack] = &[
    Attack::new("command-evidence", || all_commands(EVIDENCE)),
    Attack::new("command-sensor", || all_commands(SENSOR)),
    Attack::new("command-vault", || all_commands(VAULT)),
    Attack::new("command-random", || all_commands(0x40001)),
    Attack::new("command-storage", || all_commands(0x50001)),
    Attack::new("command-neighbour", || all_commands(0x10000)),
    Attack::new("command-accelerometer", || all_commands(0x60004)),
    Attack::new("command-nowhere", || all_commands(usize::MAX)),
    Attack::new("read-console", || Verdict::of(command(1, 2, [4, 0]))),
    Attack::new("unknown-console-commands", || unknown_commands(1, 4)),
    Attack::new("unknown-alarm-commands", || unknown_commands(0, 7)),
    Attack::new("unknown-debug-commands", || unknown_commands(8, 4)),
    Attack::new("share-with-evidence", || share(EVIDENCE)),
    Attack::new("share-with-sensor", || share(SENSOR)),
    Attack::new("share-with-vault", || share(VAULT)),
    Attack::new("subscribe-to-work", subscribe_to_work),
    Attack::new("keep-plan", || Verdict::of(keep_plan([0, 0]))),
    Attack::new("keep-plan-with-arguments", || {
        let arguments = [[1, 0], [KERNEL_RAM, 4096], [usize::MAX; 2]];
        Verdict::of_all(arguments.map(keep_plan).into_iter())
    }),
    Attack::new("keep-plan-once-open", || {
        Verdict::of_all([command(VAULT, OPEN, [0, 0]), keep_plan([0, 0])].into_iter())
    }),
    Attack::new("keep-plan-in-kernel-ram", || {
        Verdict::of_all([allow_rw(VAULT, 0, KERNEL_RAM, 4096), keep_plan([0, 0])].into_iter())
    }),
];

const SENSOR: usize = 0xA0002;
/// The vault's commands: opens the model; may the plan stay?
const OPEN: usize = 1;
const MAY_STAY: usize = 4;

/// One more than the highest command of any of our drivers.
const COMMANDS: usize = 19;

/// Every command, with arguments that are valid and that are not.
fn all_commands(driver: usize) -> Verdict {
    Verdict::of_all((0..COMMANDS).flat_map(|number| {
        [[0, 0], [1, 4], [usize::MAX; 2]]
            .into_iter()
            .map(move |arguments| command(driver, number, arguments))
    }))
}

/// The commands from `first` on, which a driver that may be used does not have.
fn unknown_commands(driver: usize, first: usize) -> Verdict {
    let numbers = (first..16).chain([256, usize::MAX]);
    Verdict::of_all(numbers.map(|number| command(driver, number, [0, 0])))
}

/// Shares a buffer for a driver to write to: for a token, samples or weights.
fn share(driver: usize) -> Verdict {
    let mut buffer = [0u8; 512];
    let shared = allow_rw(driver, 0, buffer.as_mut_ptr() as usize, buffer.len());
    if shared.is_ok() {
        // Nobody may write to it once it is something else.
        let _ = allow_rw(driver, 0, 0, 0);
    }
    Verdict::of(shared)
}

/// Asks whether the decrypted plan may stay in the process's memory.
fn keep_plan(arguments: [usize; 2]) -> Answer {
    command(VAULT, MAY_STAY, arguments)
}

/// Listens for the inference process's work.
fn subscribe_to_work() -> Verdict {
    let listening = subscribe(EVIDENCE, 1, OWN_CODE);
    if listening.is_ok() {
        let _ = subscribe(EVIDENCE, 1, 0);
    }
    Verdict::of(listening)
}
