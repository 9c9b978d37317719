//! What a driver sees of a grant that it has entered.

use core::ops::{Deref, DerefMut};

use super::region::EnteredGrant;
use crate::errorcode::ErrorCode;
use crate::process::{Error, FunctionCall, FunctionCallSource, ReturnArguments, Task};
use crate::processbuffer::{
    ReadOnlyProcessBuffer, ReadOnlyProcessBufferRef, ReadWriteProcessBuffer,
    ReadWriteProcessBufferRef,
};
use crate::upcall::{UpcallError, UpcallId};

/// The driver's own data.
pub struct GrantData<'a, T: ?Sized> {
    data: &'a mut T,
}

impl<'a, T: ?Sized> GrantData<'a, T> {
    pub(super) fn new(data: &'a mut T) -> Self {
        Self { data }
    }
}

impl<T: ?Sized> Deref for GrantData<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.data
    }
}

impl<T: ?Sized> DerefMut for GrantData<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.data
    }
}

/// The upcalls and buffers that the process registered with the driver.
pub struct GrantKernelData<'a> {
    grant: &'a EnteredGrant<'a>,
    driver_num: usize,
}

impl<'a> GrantKernelData<'a> {
    pub(super) fn new(grant: &'a EnteredGrant<'a>, driver_num: usize) -> Self {
        Self { grant, driver_num }
    }

    /// Queues upcall `subscribe_num`, with three arguments. It is queued even
    /// while the process has no function registered, because it may be
    /// waiting for the arguments alone (yield-wait-for).
    pub fn schedule_upcall(
        &self,
        subscribe_num: usize,
        r: (usize, usize, usize),
    ) -> Result<(), UpcallError> {
        let saved = self
            .grant
            .upcall(subscribe_num)
            .ok_or(UpcallError::InvalidSubscribeNum)?
            .get();
        let upcall_id = self.id(subscribe_num);
        let task = saved.function.map_or(
            Task::ReturnValue(ReturnArguments {
                upcall_id,
                argument0: r.0,
                argument1: r.1,
                argument2: r.2,
            }),
            |function| {
                Task::FunctionCall(FunctionCall {
                    source: FunctionCallSource::Driver(upcall_id),
                    argument0: r.0,
                    argument1: r.1,
                    argument2: r.2,
                    argument3: saved.appdata,
                    pc: *function,
                })
            },
        );
        self.grant
            .process()
            .enqueue_task(task)
            .map_err(|error| match error {
                ErrorCode::NOMEM => UpcallError::QueueFull,
                _ => UpcallError::KernelError,
            })
    }

    /// Takes the oldest waiting upcall `subscribe_num` out of the queue.
    pub fn remove_upcall(&self, subscribe_num: usize) -> Option<Task> {
        self.grant.process().remove_upcall(self.id(subscribe_num))
    }

    /// Takes all waiting upcalls `subscribe_num` out of the queue; returns
    /// how many there were.
    pub fn remove_pending_upcalls(&self, subscribe_num: usize) -> usize {
        self.grant
            .process()
            .remove_pending_upcalls(self.id(subscribe_num))
    }

    /// Read-only buffer `allow_ro_num`; an empty one if the process shared
    /// none. `AddressOutOfBounds`: the driver has no such buffer.
    pub fn get_readonly_processbuffer(
        &self,
        allow_ro_num: usize,
    ) -> Result<ReadOnlyProcessBufferRef<'_>, Error> {
        let saved = self
            .grant
            .read_only(allow_ro_num)
            .ok_or(Error::AddressOutOfBounds)?
            .get();
        let owner = self.grant.process().processid();
        // SAFETY: only checked buffers of this process are saved, and the
        // process never gives shared memory up.
        let buffer = unsafe { ReadOnlyProcessBuffer::new(saved.start, saved.len, owner) };
        Ok(ReadOnlyProcessBufferRef::new(buffer))
    }

    /// Read-write buffer `allow_rw_num`; as for
    /// [`Self::get_readonly_processbuffer`].
    pub fn get_readwrite_processbuffer(
        &self,
        allow_rw_num: usize,
    ) -> Result<ReadWriteProcessBufferRef<'_>, Error> {
        let saved = self
            .grant
            .read_write(allow_rw_num)
            .ok_or(Error::AddressOutOfBounds)?
            .get();
        let owner = self.grant.process().processid();
        // SAFETY: as above; and read-write buffers were checked for that.
        let buffer =
            unsafe { ReadWriteProcessBuffer::new(saved.start.cast_mut(), saved.len, owner) };
        Ok(ReadWriteProcessBufferRef::new(buffer))
    }

    fn id(&self, subscribe_num: usize) -> UpcallId {
        UpcallId {
            driver_num: self.driver_num,
            subscribe_num,
        }
    }
}
