//! [`Grant`]: a driver's way to its data of each process.

use core::alloc::Layout;
use core::marker::PhantomData;

use super::counts::{AllowRoSize, AllowRwSize, UpcallSize};
use super::data::{GrantData, GrantKernelData};
use super::region::{Counts, EnteredGrant};
use crate::kernel::Kernel;
use crate::process::{Error, ProcessId, ProcessSlot};

/// A driver's data in every process: a `T` each, made with `Default` when a
/// process first needs it.
pub struct Grant<T: Default, Upcalls: UpcallSize, AllowROs: AllowRoSize, AllowRWs: AllowRwSize> {
    kernel: &'static Kernel,
    driver_num: usize,
    grant_num: usize,
    parts: PhantomData<(T, Upcalls, AllowROs, AllowRWs)>,
}

impl<T: Default, Upcalls: UpcallSize, AllowROs: AllowRoSize, AllowRWs: AllowRwSize>
    Grant<T, Upcalls, AllowROs, AllowRWs>
{
    pub(crate) fn new(kernel: &'static Kernel, driver_num: usize, grant_num: usize) -> Self {
        Self {
            kernel,
            driver_num,
            grant_num,
            parts: PhantomData,
        }
    }

    /// Lends the data of `processid` to `fun`; makes it first if need be.
    ///
    /// `NoSuchApp`, `InactiveApp`: the process is gone; `OutOfMemory`: its
    /// memory does not suffice; `AlreadyInUse`: the data is lent already.
    pub fn enter<F, R>(&self, processid: ProcessId, fun: F) -> Result<R, Error>
    where
        F: FnOnce(&mut GrantData<T>, &GrantKernelData) -> R,
    {
        let process = self.kernel.get_process(processid).ok_or(Error::NoSuchApp)?;
        let grant = match process.grant_is_allocated(self.grant_num) {
            // SAFETY: only this `Grant` has this number, and `create` below
            // initialized it with the same type.
            Some(true) => unsafe {
                EnteredGrant::enter(process, self.grant_num, Layout::new::<T>())
            },
            Some(false) => EnteredGrant::create(
                process,
                self.grant_num,
                self.driver_num,
                Counts {
                    upcalls: Upcalls::COUNT,
                    read_only: AllowROs::COUNT,
                    read_write: AllowRWs::COUNT,
                },
                T::default(),
            ),
            None => Err(Error::InactiveApp),
        }?;
        Ok(lend(&grant, self.driver_num, fun))
    }

    /// Lends the data of every process that has some and whose data is not
    /// lent already.
    pub fn each<F>(&self, mut fun: F)
    where
        F: FnMut(ProcessId, &mut GrantData<T>, &GrantKernelData),
    {
        for process_grant in self.iter() {
            let processid = process_grant.processid();
            process_grant.enter(|data, kernel_data| fun(processid, data, kernel_data));
        }
    }

    /// The data of every process that has some and whose data is not lent
    /// already.
    pub fn iter(&self) -> GrantIterator<'_, T, Upcalls, AllowROs, AllowRWs> {
        GrantIterator {
            grant: self,
            slots: self.kernel.slots().iter(),
        }
    }
}

fn lend<T, F, R>(grant: &EnteredGrant, driver_num: usize, fun: F) -> R
where
    F: FnOnce(&mut GrantData<T>, &GrantKernelData) -> R,
{
    // SAFETY: the grant was initialized with a `T`, and this is the only
    // access while it is entered.
    let data = unsafe { grant.data::<T>().as_mut() };
    fun(
        &mut GrantData::new(data),
        &GrantKernelData::new(grant, driver_num),
    )
}

/// The data of one process, reserved for the holder.
pub struct ProcessGrant<
    'a,
    T: 'a,
    Upcalls: UpcallSize,
    AllowROs: AllowRoSize,
    AllowRWs: AllowRwSize,
> {
    grant: EnteredGrant<'a>,
    driver_num: usize,
    parts: PhantomData<(T, Upcalls, AllowROs, AllowRWs)>,
}

impl<T, Upcalls: UpcallSize, AllowROs: AllowRoSize, AllowRWs: AllowRwSize>
    ProcessGrant<'_, T, Upcalls, AllowROs, AllowRWs>
{
    /// The process.
    pub fn processid(&self) -> ProcessId {
        self.grant.process().processid()
    }

    /// Lends the data to `fun`.
    pub fn enter<F, R>(self, fun: F) -> R
    where
        F: FnOnce(&mut GrantData<T>, &GrantKernelData) -> R,
    {
        lend(&self.grant, self.driver_num, fun)
    }
}

/// Walks the processes that have data of a [`Grant`].
pub struct GrantIterator<
    'a,
    T: Default,
    Upcalls: UpcallSize,
    AllowROs: AllowRoSize,
    AllowRWs: AllowRwSize,
> {
    grant: &'a Grant<T, Upcalls, AllowROs, AllowRWs>,
    slots: core::slice::Iter<'a, ProcessSlot>,
}

impl<'a, T: Default, Upcalls: UpcallSize, AllowROs: AllowRoSize, AllowRWs: AllowRwSize> Iterator
    for GrantIterator<'a, T, Upcalls, AllowROs, AllowRWs>
{
    type Item = ProcessGrant<'a, T, Upcalls, AllowROs, AllowRWs>;

    fn next(&mut self) -> Option<Self::Item> {
        let grant = self.grant;
        self.slots.by_ref().find_map(|slot| {
            let process = slot.get()?;
            if process.grant_is_allocated(grant.grant_num) != Some(true) {
                return None;
            }
            let data = Layout::new::<T>();
            // SAFETY: only `grant` has this number, and it initialized the
            // memory with this type.
            let entered = unsafe { EnteredGrant::enter(process, grant.grant_num, data) };
            Some(ProcessGrant {
                grant: entered.ok()?,
                driver_num: grant.driver_num,
                parts: PhantomData,
            })
        })
    }
}
