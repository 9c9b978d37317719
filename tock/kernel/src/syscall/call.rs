//! A system call, decoded.

use crate::errorcode::ErrorCode;
use crate::syscall::SyscallReturn;
use crate::utilities::capability_ptr::CapabilityPtr;
use crate::utilities::machine_register::MachineRegister;

/// The classes of system calls and their numbers (TRD 104, section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum SyscallClass {
    /// Give the processor up, take an upcall.
    Yield = 0,
    /// Register an upcall.
    Subscribe = 1,
    /// Ask a driver to do something.
    Command = 2,
    /// Share a buffer that a driver may write.
    ReadWriteAllow = 3,
    /// Share a buffer that a driver may read.
    ReadOnlyAllow = 4,
    /// Ask about memory, or move its break.
    Memop = 5,
    /// End the process.
    Exit = 6,
    /// Share a buffer that both sides may access.
    UserspaceReadableAllow = 7,
}

impl TryFrom<u8> for SyscallClass {
    type Error = u8;

    fn try_from(number: u8) -> Result<Self, u8> {
        Ok(match number {
            0 => Self::Yield,
            1 => Self::Subscribe,
            2 => Self::Command,
            3 => Self::ReadWriteAllow,
            4 => Self::ReadOnlyAllow,
            5 => Self::Memop,
            6 => Self::Exit,
            7 => Self::UserspaceReadableAllow,
            other => return Err(other),
        })
    }
}

/// The ways to yield (TRD 104, section 4.1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum YieldVariant {
    /// Take one upcall if there is one, and report at `ptr` whether there was.
    NoWait {
        /// Where the report goes; null for nowhere.
        ptr: *mut u8,
    },
    /// Wait for any upcall.
    Wait,
    /// Wait for one upcall and return its arguments.
    WaitFor {
        /// The driver.
        driver_number: usize,
        /// The driver's subscribe number.
        subdriver_number: usize,
    },
    /// A number that means nothing yet; it returns at once.
    Reserved,
}

/// A system call with its arguments. Nothing in here has been checked.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)] // the fields are those of TRD 104's tables
pub enum Syscall {
    Yield {
        yield_type: YieldVariant,
    },
    Subscribe {
        driver_number: usize,
        subdriver_number: usize,
        upcall_ptr: CapabilityPtr,
        appdata: MachineRegister,
    },
    Command {
        driver_number: usize,
        subdriver_number: usize,
        arg0: usize,
        arg1: usize,
    },
    ReadWriteAllow {
        driver_number: usize,
        subdriver_number: usize,
        allow_address: *mut u8,
        allow_size: usize,
    },
    UserspaceReadableAllow {
        driver_number: usize,
        subdriver_number: usize,
        allow_address: *mut u8,
        allow_size: usize,
    },
    ReadOnlyAllow {
        driver_number: usize,
        subdriver_number: usize,
        allow_address: *const u8,
        allow_size: usize,
    },
    Memop {
        operand: usize,
        arg0: usize,
    },
    Exit {
        which: usize,
        completion_code: usize,
    },
}

impl Syscall {
    /// The driver that the call is for, if it is for one.
    pub fn driver_number(&self) -> Option<usize> {
        self.driver_and_number().map(|(driver, _)| driver)
    }

    /// The driver's number of the command, upcall or buffer, if the call is
    /// for a driver.
    pub fn subdriver_number(&self) -> Option<usize> {
        self.driver_and_number().map(|(_, number)| number)
    }

    fn driver_and_number(&self) -> Option<(usize, usize)> {
        match *self {
            Self::Subscribe {
                driver_number,
                subdriver_number,
                ..
            }
            | Self::Command {
                driver_number,
                subdriver_number,
                ..
            }
            | Self::ReadWriteAllow {
                driver_number,
                subdriver_number,
                ..
            }
            | Self::UserspaceReadableAllow {
                driver_number,
                subdriver_number,
                ..
            }
            | Self::ReadOnlyAllow {
                driver_number,
                subdriver_number,
                ..
            } => Some((driver_number, subdriver_number)),
            Self::Yield { .. } | Self::Memop { .. } | Self::Exit { .. } => None,
        }
    }

    /// The failure of this call, in the one variant that TRD 104 gives its
    /// class: callers tell success from failure by the variant.
    pub(crate) fn failure(&self, error: ErrorCode) -> SyscallReturn {
        match *self {
            // Where there is no driver, there is the Null Upcall (section 4.2.1).
            Self::Subscribe { appdata, .. } if error == ErrorCode::NODEVICE => {
                SyscallReturn::SubscribeFailure(error, core::ptr::null(), appdata.as_usize())
            }
            Self::Subscribe {
                upcall_ptr,
                appdata,
                ..
            } => SyscallReturn::SubscribeFailure(error, upcall_ptr.as_ptr(), appdata.as_usize()),
            Self::ReadWriteAllow {
                allow_address,
                allow_size,
                ..
            } => SyscallReturn::AllowReadWriteFailure(error, allow_address, allow_size),
            Self::UserspaceReadableAllow {
                allow_address,
                allow_size,
                ..
            } => SyscallReturn::UserspaceReadableAllowFailure(error, allow_address, allow_size),
            Self::ReadOnlyAllow {
                allow_address,
                allow_size,
                ..
            } => SyscallReturn::AllowReadOnlyFailure(error, allow_address, allow_size),
            Self::Command { .. } | Self::Memop { .. } | Self::Yield { .. } | Self::Exit { .. } => {
                SyscallReturn::Failure(error)
            }
        }
    }
}
