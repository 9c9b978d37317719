//! A model of the processor's check, from the specification, to test plans with
//! (privileged specification "Priority and Matching Logic"; Smepmp truth table
//! with `MML` = 1 and `MMWP` = 1).

use super::entry::Entry;
use super::machine::{ENTRIES, FIRST_USER_ENTRY, USER_ENTRIES};
use super::mpu::{Configurations, UserEntries};
use core::cell::Cell;
use isolation::testing::Operation;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Privilege {
    User,
    Machine,
}

pub struct Model {
    entries: [Cell<Entry>; ENTRIES],
}

impl Model {
    pub fn new(entries: [Entry; ENTRIES]) -> Self {
        Model {
            entries: entries.map(Cell::new),
        }
    }

    /// Whether a one-byte access passes.
    pub fn allows(&self, privilege: Privilege, address: usize, operation: Operation) -> bool {
        let mut previous = 0;
        for entry in self.entries.iter().map(Cell::get) {
            let matches = match (entry.configuration >> 3) & 0b11 {
                0b01 => (previous << 2..entry.address << 2).contains(&address),
                0b11 => {
                    let length = 8 << entry.address.trailing_ones();
                    let start = (entry.address << 2) & !(length - 1);
                    (start..start + length).contains(&address)
                }
                0b10 => (entry.address << 2..(entry.address << 2) + 4).contains(&address),
                _ => false,
            };
            if matches {
                return permits(entry.configuration, privilege, operation);
            }
            previous = entry.address;
        }
        false
    }
}

fn permits(configuration: u8, privilege: Privilege, operation: Operation) -> bool {
    let locked = configuration & 0x80 != 0;
    let (read, write, execute) = (
        configuration & 1 != 0,
        configuration & 2 != 0,
        configuration & 4 != 0,
    );
    assert!(
        !(write && (!read || execute)),
        "plans use no shared and no writable executable rule"
    );
    if locked != (privilege == Privilege::Machine) {
        return false;
    }
    match operation {
        Operation::Read => read,
        Operation::Write => write,
        Operation::Execute => execute,
    }
}

impl UserEntries for Model {
    fn set_addresses(&self, pairs: [&[Entry; 2]; USER_ENTRIES / 2]) {
        for (index, entry) in pairs.into_iter().flatten().enumerate() {
            let cell = &self.entries[FIRST_USER_ENTRY + index];
            cell.set(Entry {
                address: entry.address,
                ..cell.get()
            });
        }
    }

    fn set_configurations(&self, configurations: Configurations) {
        let first = configurations.first.to_le_bytes().into_iter();
        let bytes = first.chain(configurations.second.to_le_bytes());
        for (index, configuration) in bytes.enumerate() {
            let cell = &self.entries[FIRST_USER_ENTRY + index];
            cell.set(Entry {
                configuration,
                ..cell.get()
            });
        }
    }
}
