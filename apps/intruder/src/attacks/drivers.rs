//! Drivers that the process has no right to, and commands that do not exist.

use libtock::platform::{share, DefaultConfig, ErrorCode, Syscalls};
use libtock::runtime::TockSyscalls;

use crate::attack::{Attack, Verdict};
use crate::calls::command;

pub const ATTACKS: &[Attack] = &[
    Attack::new("command-evidence", || all_commands(EVIDENCE as usize)),
    Attack::new("command-sensor", || all_commands(SENSOR as usize)),
    Attack::new("command-vault", || all_commands(VAULT as usize)),
    Attack::new("command-random", || all_commands(0x40001)),
    Attack::new("command-storage", || all_commands(0x50001)),
    Attack::new("command-neighbour", || all_commands(0x10000)),
    Attack::new("command-accelerometer", || all_commands(0x60004)),
    Attack::new("command-nowhere", || all_commands(usize::MAX)),
    Attack::new("read-console", || Verdict::of(command(1, 2, [4, 0]))),
    Attack::new("unknown-console-commands", || unknown_commands(1, 4)),
    Attack::new("unknown-alarm-commands", || unknown_commands(0, 7)),
    Attack::new("unknown-debug-commands", || unknown_commands(8, 4)),
    Attack::new("share-with-evidence", || Verdict::of(share::<EVIDENCE>())),
    Attack::new("share-with-sensor", || Verdict::of(share::<SENSOR>())),
    Attack::new("share-with-vault", || Verdict::of(share::<VAULT>())),
    Attack::new("subscribe-to-work", subscribe_to_work),
];

const EVIDENCE: u32 = 0xA0001;
const SENSOR: u32 = 0xA0002;
const VAULT: u32 = 0xA0003;

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
fn share<const DRIVER: u32>() -> Result<(), ErrorCode> {
    let mut buffer = [0; 512];
    share::scope(|allow| TockSyscalls::allow_rw::<DefaultConfig, DRIVER, 0>(allow, &mut buffer))
}

/// Listens for the inference process's work.
fn subscribe_to_work() -> Verdict {
    let work = core::cell::Cell::new(false);
    Verdict::of(share::scope(|subscribe| {
        TockSyscalls::subscribe::<_, _, DefaultConfig, EVIDENCE, 1>(subscribe, &work)
    }))
}
