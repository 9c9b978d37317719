//! Who may call what: one table for the whole board, and nothing beyond it.

use anchorhold_crypto::digest::Sha256;
use kernel::platform::SyscallFilter;
use kernel::process::{Process, ShortId};
use kernel::syscall::Syscall;
use kernel::ErrorCode;

/// Which applications a row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Application {
    /// The application that the OEM signed with this ShortId.
    Signed(u32),
    /// Every application that no row names by its ShortId.
    AnyOther,
}

/// The right to use some commands of a driver, and its upcalls and buffers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Right {
    /// Who has the right.
    pub application: Application,
    /// Which driver.
    pub driver: usize,
    /// Bit n permits command n. Commands above 31 are never permitted.
    pub commands: u32,
}

/// A bit mask of commands, for [`Right::commands`].
pub const fn commands(numbers: &[u32]) -> u32 {
    let mut mask = 0;
    let mut i = 0;
    while i < numbers.len() {
        mask |= 1 << numbers[i];
        i += 1;
    }
    mask
}

/// The system call filter of the board: denies what the table does not permit.
///
/// A system call without a driver (memop, yield, exit) concerns the caller alone
/// and is not filtered. A denied call fails with `NODEVICE`: to this application,
/// there is no such driver.
pub struct Rights {
    table: &'static [Right],
}

impl Rights {
    /// A filter by this table.
    pub const fn new(table: &'static [Right]) -> Rights {
        Rights { table }
    }

    /// SHA-256 over the table, for the boot measurement.
    pub fn digest(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        for right in self.table {
            let short_id = match right.application {
                Application::Signed(id) => id,
                Application::AnyOther => 0,
            };
            digest.update(&short_id.to_le_bytes());
            digest.update(&(right.driver as u64).to_le_bytes());
            digest.update(&right.commands.to_le_bytes());
        }
        digest.finish()
    }

    /// Whether the application may use the driver; `command` is `None` for
    /// subscribing and for sharing buffers.
    fn permits(&self, short_id: Option<u32>, driver: usize, command: Option<usize>) -> bool {
        let named = short_id
            .map(Application::Signed)
            .filter(|named| self.table.iter().any(|right| right.application == *named));
        let application = named.unwrap_or(Application::AnyOther);
        self.table
            .iter()
            .filter(|right| right.application == application && right.driver == driver)
            .any(|right| match command {
                None => true,
                Some(number) => u32::try_from(number)
                    .ok()
                    .and_then(|number| right.commands.checked_shr(number))
                    .is_some_and(|mask| mask & 1 == 1),
            })
    }
}

impl SyscallFilter for Rights {
    fn filter_syscall(&self, process: &dyn Process, syscall: &Syscall) -> Result<(), ErrorCode> {
        let (driver, command) = match *syscall {
            Syscall::Command {
                driver_number,
                subdriver_number,
                ..
            } => (driver_number, Some(subdriver_number)),
            _ => match syscall.driver_number() {
                Some(driver) => (driver, None),
                None => return Ok(()),
            },
        };
        let short_id = match process.short_app_id() {
            ShortId::Fixed(id) => Some(id.get()),
            ShortId::LocallyUnique => None,
        };
        if self.permits(short_id, driver, command) {
            Ok(())
        } else {
            Err(ErrorCode::NODEVICE)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static TABLE: [Right; 3] = [
        Right {
            application: Application::Signed(0x1001),
            driver: 7,
            commands: commands(&[0, 16, 31]),
        },
        Right {
            application: Application::Signed(0x1002),
            driver: 1,
            commands: commands(&[0]),
        },
        Right {
            application: Application::AnyOther,
            driver: 1,
            commands: commands(&[0, 1]),
        },
    ];
    const RIGHTS: Rights = Rights::new(&TABLE);

    #[test]
    fn a_signed_application_has_its_rows_and_no_others() {
        assert!(RIGHTS.permits(Some(0x1001), 7, Some(16)));
        assert!(RIGHTS.permits(Some(0x1001), 7, Some(31)));
        assert!(RIGHTS.permits(Some(0x1001), 7, None));
        assert!(!RIGHTS.permits(Some(0x1001), 7, Some(1)));
        assert!(!RIGHTS.permits(Some(0x1001), 1, Some(0)));
        assert!(!RIGHTS.permits(Some(0x1001), 1, None));
    }

    #[test]
    fn others_share_the_default_rows() {
        for short_id in [None, Some(0x2000), Some(0)] {
            assert!(RIGHTS.permits(short_id, 1, Some(1)));
            assert!(!RIGHTS.permits(short_id, 7, Some(16)));
            assert!(!RIGHTS.permits(short_id, 7, None));
        }
        assert!(!RIGHTS.permits(Some(0x1002), 1, Some(1)));
    }

    #[test]
    fn command_numbers_do_not_wrap_around() {
        for command in [32, 48, 1 << 32 | 16, usize::MAX] {
            assert!(!RIGHTS.permits(Some(0x1001), 7, Some(command)));
        }
    }

    #[test]
    fn an_empty_table_denies_everything() {
        let rights = Rights::new(&[]);
        assert!(!rights.permits(Some(0x1001), 7, Some(0)));
        assert!(!rights.permits(None, 1, None));
    }

    #[test]
    fn any_change_of_the_table_shows_in_its_digest() {
        static FEWER: [Right; 2] = [TABLE[0], TABLE[1]];
        assert_ne!(RIGHTS.digest(), Rights::new(&FEWER).digest());
    }
}
