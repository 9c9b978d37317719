//! A fake alarm (Tock's doc/syscalls/00000).

use std::cell::Cell;
use std::rc::Rc;

use libtock_platform::{CommandReturn, ErrorCode};

use crate::fake::SyscallDriver;
use crate::{command_return, DriverInfo, DriverShareRef};

/// A clock that stands still, but for jumping to the time of each alarm that is
/// set.
pub struct Alarm {
    frequency_hz: u32,
    now: Cell<u32>,
    share_ref: DriverShareRef,
}

impl Alarm {
    /// A clock at 0, with `frequency_hz` ticks in a second.
    pub fn new(frequency_hz: u32) -> Rc<Self> {
        Rc::new(Self {
            frequency_hz,
            now: Cell::new(0),
            share_ref: DriverShareRef::default(),
        })
    }
}

impl SyscallDriver for Alarm {
    fn info(&self) -> DriverInfo {
        DriverInfo::new(0).upcall_count(1)
    }

    fn register(&self, share_ref: DriverShareRef) {
        self.share_ref.replace(share_ref);
    }

    fn command(&self, command_id: u32, argument0: u32, _argument1: u32) -> CommandReturn {
        match command_id {
            0 => command_return::success(),
            1 => command_return::success_u32(self.frequency_hz),
            2 => command_return::success_u32(self.now.get()),
            5 => {
                let set_at = self.now.get();
                let expires = set_at.wrapping_add(argument0);
                self.now.set(expires);
                self.share_ref
                    .schedule_upcall(0, (expires, set_at, 0))
                    .expect("the alarm announces its upcall");
                command_return::success_u32(expires)
            }
            _ => command_return::failure(ErrorCode::NoSupport),
        }
    }
}
