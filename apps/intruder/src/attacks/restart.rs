//! Memory that a process has left behind.

use libtock::platform::Syscalls;
use libtock::runtime::TockSyscalls;
use libtock_hostile::{read, write};

use crate::attack::{Attack, Verdict};
use crate::calls::{memop, operation};

pub const ATTACKS: &[Attack] = &[
    // Memory must be wiped when a process ends, or the next one reads what it
    // left. Here, both are this process.
    Attack {
        name: "read-previous-life",
        run: leave_mark,
        after_restart: find_mark,
    },
];

/// What is left behind.
const MARK: u32 = 0x5EC2_E75A;

/// Obtains memory that no variable of the process is in, the same each time.
fn spare() -> Option<usize> {
    memop(operation::SBREAK, 16).ok()
}

fn leave_mark() -> Verdict {
    match spare() {
        None => Verdict::Harmless("there is no memory to leave"),
        Some(address) => {
            write(address, MARK);
            TockSyscalls::exit_restart(0)
        }
    }
}

fn find_mark() -> Option<Verdict> {
    Some(match read(spare()?) {
        MARK => Verdict::Breach("read", MARK as usize),
        _ => Verdict::Harmless("nothing was left"),
    })
}
