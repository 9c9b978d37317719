//! [`Process`]: what the kernel does with a process.

use core::ptr::NonNull;

use super::id::{BinaryVersion, ProcessId, ShortId};
use super::state::{Error, State};
use super::task::{FunctionCall, Task};
use crate::errorcode::ErrorCode;
use crate::process_checker::AcceptedCredential;
use crate::processbuffer::{ReadOnlyProcessBuffer, ReadWriteProcessBuffer};
use crate::syscall::{ContextSwitchReason, SyscallReturn};
use crate::upcall::UpcallId;
use crate::utilities::capability_ptr::CapabilityPtr;

/// A process. Whoever can get hold of a `&dyn Process` may use all of this:
/// the kernel itself, and capsules that the board gave a
/// [`ProcessManagementCapability`](crate::capabilities::ProcessManagementCapability).
pub trait Process {
    // Identity.

    /// Names this run of the process.
    fn processid(&self) -> ProcessId;

    /// The identity of the application.
    fn short_app_id(&self) -> ShortId;

    /// The version of the application, if it has one.
    fn binary_version(&self) -> Option<BinaryVersion>;

    /// The credential by which the application was accepted, if it was.
    fn get_credential(&self) -> Option<AcceptedCredential>;

    /// The package name; `"(unnamed)"` if it has none, or one that would
    /// confuse readers of the log (anything but visible ASCII, more than 64 bytes).
    fn get_process_name(&self) -> &'static str;

    /// How often it was restarted.
    fn get_restart_count(&self) -> usize;

    // State.

    /// What it is doing.
    fn get_state(&self) -> State;

    /// Whether it could execute instructions right now.
    fn ready(&self) -> bool;

    /// Whether it is alive: neither faulted nor terminated.
    fn is_running(&self) -> bool;

    /// Makes it wait for any upcall. Only if it is running.
    fn set_yielded_state(&self);

    /// Makes it wait for an upcall. Only if it is running.
    fn set_yielded_for_state(&self, upcall_id: UpcallId);

    /// It faulted: logs why and does what the fault policy says.
    fn set_fault_state(&self);

    /// Ends it, wipes its memory and starts it again as a new run.
    fn try_restart(&self, completion_code: Option<u32>);

    /// Ends it and wipes its memory.
    fn terminate(&self, completion_code: Option<u32>);

    /// `Some` once it has ended, with the code that it gave, if it gave one.
    fn get_completion_code(&self) -> Option<Option<u32>>;

    // Upcalls.

    /// Whether anything waits to be delivered.
    fn has_tasks(&self) -> bool;

    /// Queues something for delivery. `NOMEM`: the queue is full;
    /// `NODEVICE`: the process has ended.
    fn enqueue_task(&self, task: Task) -> Result<(), ErrorCode>;

    /// Takes what waits longest.
    fn dequeue_task(&self) -> Option<Task>;

    /// Takes the oldest waiting upcall of this kind.
    fn remove_upcall(&self, upcall_id: UpcallId) -> Option<Task>;

    /// Drops all waiting upcalls of this kind; returns how many there were.
    fn remove_pending_upcalls(&self, upcall_id: UpcallId) -> usize;

    /// Whether an upcall may point there: into code of the process.
    fn is_valid_upcall_function_pointer(&self, upcall_fn: *const ()) -> bool;

    // Memory.

    /// The bounds of its memory and flash.
    fn get_addresses(&self) -> ProcessAddresses;

    /// Moves the end of the memory that it can reach; returns the new end.
    /// Memory that is shared with the kernel cannot be given up.
    fn brk(&self, new_break: *const u8) -> Result<CapabilityPtr, Error>;

    /// Moves the end by `increment`; returns the old end.
    fn sbrk(&self, increment: isize) -> Result<CapabilityPtr, Error>;

    /// How many writeable flash regions its header declares.
    fn number_writeable_flash_regions(&self) -> usize;

    /// Offset from the start of its flash, and length, of such a region; both
    /// 0 if there is none.
    fn get_writeable_flash_region(&self, region_index: usize) -> (usize, usize);

    /// It says that its stack starts here.
    fn update_stack_start_pointer(&self, stack_pointer: *const u8);

    /// It says that its heap starts here.
    fn update_heap_start_pointer(&self, heap_pointer: *const u8);

    /// Checks a buffer that it wants the kernel to read and write. `INVAL`:
    /// not all of it is memory that it can write; `FAIL`: it has ended.
    fn build_readwrite_process_buffer(
        &self,
        buf_start_addr: *mut u8,
        size: usize,
    ) -> Result<ReadWriteProcessBuffer, ErrorCode>;

    /// Checks a buffer that it wants the kernel to read. Errors as above.
    fn build_readonly_process_buffer(
        &self,
        buf_start_addr: *const u8,
        size: usize,
    ) -> Result<ReadOnlyProcessBuffer, ErrorCode>;

    /// Writes a byte of its memory; false if the byte is not its own.
    ///
    /// # Safety
    ///
    /// The kernel must not hold a Rust reference to that byte.
    unsafe fn set_byte(&self, addr: *mut u8, value: u8) -> bool;

    /// Loads its regions into the memory protection unit.
    fn setup_mpu(&self);

    // Grants.

    /// Reserves memory for a grant, out of its reach.
    #[allow(clippy::result_unit_err)] // Tock's interface
    fn allocate_grant(
        &self,
        grant_num: usize,
        driver_num: usize,
        size: usize,
        align: usize,
    ) -> Result<(), ()>;

    /// Whether that memory is reserved; `None` if it has ended.
    fn grant_is_allocated(&self, grant_num: usize) -> Option<bool>;

    /// Marks a grant as in use and returns its memory.
    fn enter_grant(&self, grant_num: usize) -> Result<NonNull<u8>, Error>;

    /// Marks a grant as no longer in use.
    ///
    /// # Safety
    ///
    /// The caller must have entered it, and must not use its memory again.
    unsafe fn leave_grant(&self, grant_num: usize);

    /// The grant of a driver.
    fn lookup_grant_from_driver_num(&self, driver_num: usize) -> Result<usize, Error>;

    // Execution.

    /// Sets what its system call returns.
    fn set_syscall_return_value(&self, return_value: SyscallReturn);

    /// Makes it call a function next.
    fn set_process_function(&self, callback: FunctionCall);

    /// Runs it until it stops; `None` if it cannot run.
    fn switch_to(&self) -> Option<ContextSwitchReason>;
}

/// The bounds of a process's memory and flash. Ends are exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProcessAddresses {
    /// Start of its TBF.
    pub flash_start: usize,
    /// End of the header: start of what it may hand to the kernel as its own.
    pub flash_non_protected_start: usize,
    /// End of what its credentials cover.
    pub flash_integrity_end: *const u8,
    /// End of its TBF.
    pub flash_end: usize,
    /// Start of its memory.
    pub sram_start: usize,
    /// End of the memory that it can reach.
    pub sram_app_brk: usize,
    /// Start of the memory that the kernel uses for it.
    pub sram_grant_start: usize,
    /// End of its memory.
    pub sram_end: usize,
    /// Start of its heap, if it said so. Not checked.
    pub sram_heap_start: Option<usize>,
    /// Start of its stack, if it said so. Not checked.
    pub sram_stack_top: Option<usize>,
}
