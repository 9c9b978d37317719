//! The kernel's interface to a [`ProcessStandard`].

use core::num::NonZeroU32;
use core::ptr::NonNull;

use super::memory::within;
use super::record::ProcessStandard;
use crate::collections::queue::Queue;
use crate::errorcode::ErrorCode;
use crate::platform::chip::Chip;
use crate::platform::mpu::{Permissions, MPU};
use crate::process::binary::printable_name;
use crate::process::id::{BinaryVersion, ProcessId, ShortId};
use crate::process::interface::{Process, ProcessAddresses};
use crate::process::policies::ProcessStandardDebug;
use crate::process::state::{Error, State};
use crate::process::task::{FunctionCall, Task};
use crate::process_checker::AcceptedCredential;
use crate::processbuffer::{ReadOnlyProcessBuffer, ReadWriteProcessBuffer};
use crate::syscall::{ContextSwitchReason, SyscallReturn, UserspaceKernelBoundary};
use crate::upcall::UpcallId;
use crate::utilities::capability_ptr::CapabilityPtr;

impl<C: Chip, D: ProcessStandardDebug> ProcessStandard<'_, C, D> {
    /// Tells the memory protection unit where the reach of the process ends.
    fn update_region(&self, app_break: usize, kernel_break: usize) -> Result<(), Error> {
        let updated = self.mpu_config.map(|config| {
            self.chip.mpu().update_app_memory_region(
                self.memory.pointer(app_break),
                self.memory.pointer(kernel_break),
                Permissions::ReadWriteOnly,
                config,
            )
        });
        match updated {
            Some(Ok(())) => Ok(()),
            Some(Err(())) => Err(Error::OutOfMemory),
            None => Err(Error::KernelError),
        }
    }

    /// Whether all `size` bytes from `address` are the process's own flash.
    fn is_own_flash(&self, address: usize, size: usize) -> bool {
        let addresses = self.get_addresses();
        within(
            addresses.flash_non_protected_start..addresses.flash_end,
            address,
            size,
        )
    }
}

impl<C: Chip, D: ProcessStandardDebug> Process for ProcessStandard<'_, C, D> {
    fn processid(&self) -> ProcessId {
        self.process_id.get()
    }

    fn short_app_id(&self) -> ShortId {
        self.app_id
    }

    fn binary_version(&self) -> Option<BinaryVersion> {
        NonZeroU32::new(self.header.get_binary_version()).map(BinaryVersion::new)
    }

    fn get_credential(&self) -> Option<AcceptedCredential> {
        self.credential
    }

    fn get_process_name(&self) -> &'static str {
        printable_name(&self.header)
    }

    fn get_restart_count(&self) -> usize {
        self.restart_count.get()
    }

    fn get_state(&self) -> State {
        self.state.get()
    }

    fn ready(&self) -> bool {
        match self.state.get() {
            State::Running => true,
            State::Yielded => self.has_tasks(),
            State::YieldedFor(id) => self.tasks.map_or(false, |tasks| {
                tasks.any(|task| task.upcall_id() == Some(id))
            }),
            State::Faulted | State::Terminated => false,
        }
    }

    fn is_running(&self) -> bool {
        !matches!(self.state.get(), State::Faulted | State::Terminated)
    }

    fn set_yielded_state(&self) {
        if self.state.get() == State::Running {
            self.state.set(State::Yielded);
        }
    }

    fn set_yielded_for_state(&self, upcall_id: UpcallId) {
        if self.state.get() == State::Running {
            self.state.set(State::YieldedFor(upcall_id));
        }
    }

    fn set_fault_state(&self) {
        if self.is_running() {
            self.fault();
        }
    }

    fn try_restart(&self, completion_code: Option<u32>) {
        self.end(State::Terminated, completion_code, true);
    }

    fn terminate(&self, completion_code: Option<u32>) {
        if self.is_running() {
            self.end(State::Terminated, completion_code, false);
        }
    }

    fn get_completion_code(&self) -> Option<Option<u32>> {
        self.completion_code.get()
    }

    fn has_tasks(&self) -> bool {
        self.tasks.map_or(false, |tasks| tasks.has_elements())
    }

    fn enqueue_task(&self, task: Task) -> Result<(), ErrorCode> {
        if !self.is_running() {
            return Err(ErrorCode::NODEVICE);
        }
        if self.tasks.map_or(false, |tasks| tasks.enqueue(task)) {
            Ok(())
        } else {
            Err(ErrorCode::NOMEM)
        }
    }

    fn dequeue_task(&self) -> Option<Task> {
        self.tasks.and_then(Queue::dequeue)
    }

    fn remove_upcall(&self, upcall_id: UpcallId) -> Option<Task> {
        self.tasks.and_then(|tasks| {
            tasks.remove_first_matching(|task| task.upcall_id() == Some(upcall_id))
        })
    }

    fn remove_pending_upcalls(&self, upcall_id: UpcallId) -> usize {
        self.tasks.map_or(0, |tasks| {
            let before = tasks.len();
            tasks.retain(|task| task.upcall_id() != Some(upcall_id));
            before - tasks.len()
        })
    }

    fn is_valid_upcall_function_pointer(&self, upcall_fn: *const ()) -> bool {
        self.is_own_flash(upcall_fn.addr(), 1)
    }

    fn get_addresses(&self) -> ProcessAddresses {
        let flash_start = self.flash.as_ptr().addr();
        ProcessAddresses {
            flash_start,
            flash_non_protected_start: self.at_flash(self.header.get_protected_size()).addr(),
            flash_integrity_end: self.at_flash(self.header.get_binary_end()),
            flash_end: flash_start + self.flash.len(),
            sram_start: self.memory.start().addr(),
            sram_app_brk: self.memory.app_break().addr(),
            sram_grant_start: self.memory.kernel_break().addr(),
            sram_end: self.memory.end(),
            sram_heap_start: self.heap_start.get(),
            sram_stack_top: self.stack_start.get(),
        }
    }

    fn brk(&self, new_break: *const u8) -> Result<CapabilityPtr, Error> {
        if !self.is_running() {
            return Err(Error::InactiveApp);
        }
        let address = new_break.addr();
        self.memory.check_app_break(address)?;
        self.update_region(address, self.memory.kernel_break().addr())?;
        self.memory.set_app_break(address);
        Ok(self.memory.app_break().cast_const().into())
    }

    fn sbrk(&self, increment: isize) -> Result<CapabilityPtr, Error> {
        let old_break = self.memory.app_break().cast_const();
        let new_break = old_break
            .addr()
            .checked_add_signed(increment)
            .ok_or(Error::AddressOutOfBounds)?;
        self.brk(self.memory.pointer(new_break))?;
        Ok(old_break.into())
    }

    fn number_writeable_flash_regions(&self) -> usize {
        self.header.number_writeable_flash_regions()
    }

    fn get_writeable_flash_region(&self, region_index: usize) -> (usize, usize) {
        self.header.get_writeable_flash_region(region_index)
    }

    fn update_stack_start_pointer(&self, stack_pointer: *const u8) {
        self.stack_start.set(Some(stack_pointer.addr()));
    }

    fn update_heap_start_pointer(&self, heap_pointer: *const u8) {
        self.heap_start.set(Some(heap_pointer.addr()));
    }

    fn build_readwrite_process_buffer(
        &self,
        buf_start_addr: *mut u8,
        size: usize,
    ) -> Result<ReadWriteProcessBuffer, ErrorCode> {
        if !self.is_running() {
            return Err(ErrorCode::FAIL);
        }
        let address = buf_start_addr.addr();
        let start = if size == 0 {
            buf_start_addr
        } else if self.memory.is_reachable(address, size) {
            self.memory.note_shared(address, size);
            self.memory.pointer(address)
        } else {
            return Err(ErrorCode::INVAL);
        };
        // SAFETY: empty, or memory that the process can write and, having
        // been noted as shared, cannot give up while it lives.
        Ok(unsafe { ReadWriteProcessBuffer::new(start, size, self.processid()) })
    }

    fn build_readonly_process_buffer(
        &self,
        buf_start_addr: *const u8,
        size: usize,
    ) -> Result<ReadOnlyProcessBuffer, ErrorCode> {
        if !self.is_running() {
            return Err(ErrorCode::FAIL);
        }
        let address = buf_start_addr.addr();
        let start = if size == 0 {
            buf_start_addr
        } else if self.memory.is_reachable(address, size) {
            self.memory.note_shared(address, size);
            self.memory.pointer(address).cast_const()
        } else if self.is_own_flash(address, size) {
            self.flash.as_ptr().with_addr(address)
        } else {
            return Err(ErrorCode::INVAL);
        };
        // SAFETY: empty, or the process's own flash, or memory that it cannot
        // give up while it lives.
        Ok(unsafe { ReadOnlyProcessBuffer::new(start, size, self.processid()) })
    }

    unsafe fn set_byte(&self, addr: *mut u8, value: u8) -> bool {
        let reachable = self.is_running() && self.memory.is_reachable(addr.addr(), 1);
        if reachable {
            // SAFETY: memory of this process, to which the kernel holds no
            // reference (the caller's promise).
            unsafe { self.memory.pointer(addr.addr()).write(value) };
        }
        reachable
    }

    fn setup_mpu(&self) {
        self.mpu_config.map(|config| {
            // SAFETY: the kernel calls this for the process that runs next.
            unsafe { self.chip.mpu().configure_mpu(config) };
        });
    }

    fn allocate_grant(
        &self,
        grant_num: usize,
        driver_num: usize,
        size: usize,
        align: usize,
    ) -> Result<(), ()> {
        if !self.is_running() || !self.grants.is_free(grant_num, driver_num) {
            return Err(());
        }
        let start = self.memory.place_for_kernel(size, align).ok_or(())?;
        self.update_region(self.memory.app_break().addr(), start)
            .map_err(|_| ())?;
        self.memory.set_kernel_break(start);
        self.grants
            .add(grant_num, driver_num, self.memory.pointer(start));
        Ok(())
    }

    fn grant_is_allocated(&self, grant_num: usize) -> Option<bool> {
        self.is_running()
            .then(|| self.grants.is_allocated(grant_num))
    }

    fn enter_grant(&self, grant_num: usize) -> Result<NonNull<u8>, Error> {
        if !self.is_running() {
            return Err(Error::InactiveApp);
        }
        self.grants.enter(grant_num)
    }

    unsafe fn leave_grant(&self, grant_num: usize) {
        self.grants.leave(grant_num);
        self.finish_end();
    }

    fn lookup_grant_from_driver_num(&self, driver_num: usize) -> Result<usize, Error> {
        if !self.is_running() {
            return Err(Error::InactiveApp);
        }
        self.grants.find(driver_num).ok_or(Error::KernelError)
    }

    fn set_syscall_return_value(&self, return_value: SyscallReturn) {
        if !self.is_running() {
            return;
        }
        let set = self.stored_state.map(|state| {
            // SAFETY: the bounds are this process's.
            unsafe {
                self.chip
                    .userspace_kernel_boundary()
                    .set_syscall_return_value(
                        self.memory.start(),
                        self.memory.app_break(),
                        state,
                        return_value,
                    )
            }
        });
        match set {
            Some(Ok(())) => self.state.set(State::Running),
            _ => self.set_fault_state(),
        }
    }

    fn set_process_function(&self, callback: FunctionCall) {
        if !self.is_running() {
            return;
        }
        let set = self.stored_state.map(|state| {
            // SAFETY: the bounds are this process's.
            unsafe {
                self.chip.userspace_kernel_boundary().set_process_function(
                    self.memory.start(),
                    self.memory.app_break(),
                    state,
                    callback,
                )
            }
        });
        match set {
            Some(Ok(())) => self.state.set(State::Running),
            _ => self.set_fault_state(),
        }
    }

    fn switch_to(&self) -> Option<ContextSwitchReason> {
        if !self.is_running() {
            return None;
        }
        self.stored_state.map(|state| {
            // SAFETY: the bounds are this process's, and the kernel has set
            // the memory protection unit up for it.
            let (reason, _stack_pointer) = unsafe {
                self.chip.userspace_kernel_boundary().switch_to_process(
                    self.memory.start(),
                    self.memory.app_break(),
                    state,
                )
            };
            reason
        })
    }
}
