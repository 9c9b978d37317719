//! The fake kernel's state, one for each thread.
//!
//! It is apart from `fake::Kernel`, because system calls have no receiver
//! through which they could find that. Code that holds the state must not call
//! a driver or an upcall, either of which may make a system call.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::panic::Location;
use std::rc::Rc;

use libtock_platform::Register;

use crate::{fake, ExpectedSyscall, SyscallLogEntry};

/// The function of an upcall (TRD 104, 4.2).
pub(crate) type UpcallFunction = unsafe extern "C" fn(u32, u32, u32, Register);

/// An upcall as it was passed to Subscribe. Without a function it is the null
/// upcall.
#[derive(Clone, Copy)]
pub(crate) struct Upcall {
    pub function: Option<UpcallFunction>,
    pub data: Register,
}

/// An upcall that a driver has scheduled. It is in the queue only while it is
/// registered, and so while it is sound to call.
pub(crate) struct ScheduledUpcall {
    pub driver_num: u32,
    pub subscribe_num: u32,
    pub upcall: Upcall,
    pub arguments: (u32, u32, u32),
}

/// A driver, and the upcalls registered with it by subscribe number.
pub(crate) struct Driver {
    pub driver: Rc<dyn fake::SyscallDriver>,
    pub upcall_count: u32,
    pub upcalls: HashMap<u32, Upcall>,
}

/// Everything that the fake kernel knows.
pub(crate) struct State {
    pub created_at: &'static Location<'static>,
    pub drivers: HashMap<u32, Driver>,
    pub expected: VecDeque<ExpectedSyscall>,
    pub log: Vec<SyscallLogEntry>,
    pub upcalls: VecDeque<ScheduledUpcall>,
    /// Address and length of the buffers that are shared, none of them empty.
    pub shared: Vec<(usize, usize)>,
    pub memory_break: usize,
}

impl State {
    pub fn new(created_at: &'static Location<'static>) -> Self {
        Self {
            created_at,
            drivers: HashMap::new(),
            expected: VecDeque::new(),
            log: Vec::new(),
            upcalls: VecDeque::new(),
            shared: Vec::new(),
            memory_break: 0,
        }
    }

    /// Notes that a buffer is shared.
    ///
    /// # Panics
    /// When it overlaps one that is: Rust code that does this has borrowed one
    /// of them wrongly.
    pub fn share(&mut self, address: usize, length: usize) {
        if length == 0 {
            return;
        }
        let overlaps = |&(other, other_length): &(usize, usize)| {
            address < other + other_length && other < address + length
        };
        assert!(
            !self.shared.iter().any(overlaps),
            "allowed a buffer that overlaps one that is shared already"
        );
        self.shared.push((address, length));
    }

    /// Notes that a buffer is no longer shared.
    pub fn unshare(&mut self, address: usize, length: usize) {
        self.shared.retain(|&buffer| buffer != (address, length));
    }
}

thread_local! {
    static STATE: RefCell<Option<State>> = const { RefCell::new(None) };
}

/// Runs `function` with the slot that holds this thread's state.
pub(crate) fn with_slot<T>(function: impl FnOnce(&mut Option<State>) -> T) -> T {
    STATE.with(|slot| function(&mut slot.borrow_mut()))
}

/// Runs `function` with this thread's state.
///
/// # Panics
/// When the thread has no `fake::Kernel`.
pub(crate) fn with_state<T>(function: impl FnOnce(&mut State) -> T) -> T {
    with_slot(|slot| function(slot.as_mut().expect("a system call without a fake::Kernel")))
}
