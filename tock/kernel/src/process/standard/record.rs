//! The record that the kernel keeps of a process.

use core::cell::Cell;
use core::marker::PhantomData;

use tock_tbf::types::TbfHeader;

use super::grant_table::GrantTable;
use super::memory::ProcessMemory;
use crate::collections::ring_buffer::RingBuffer;
use crate::kernel::Kernel;
use crate::platform::chip::Chip;
use crate::platform::mpu::MPU;
use crate::process::id::{ProcessId, ShortId};
use crate::process::policies::{ProcessFaultPolicy, ProcessStandardDebug};
use crate::process::state::State;
use crate::process::task::Task;
use crate::process_checker::AcceptedCredential;
use crate::syscall::UserspaceKernelBoundary;
use crate::utilities::cells::{MapCell, OptionalCell};

type StoredState<C> =
    <<C as Chip>::UserspaceKernelBoundary as UserspaceKernelBoundary>::StoredState;
type MpuConfig<C> = <<C as Chip>::MPU as MPU>::MpuConfig;

/// A process in a block of RAM and a TBF in flash.
pub struct ProcessStandard<'a, C: 'static + Chip, D: 'static + ProcessStandardDebug> {
    pub(super) kernel: &'static Kernel,
    pub(super) chip: &'static C,
    pub(super) fault_policy: &'a dyn ProcessFaultPolicy,

    pub(super) process_id: Cell<ProcessId>,
    pub(super) app_id: ShortId,
    pub(super) credential: Option<AcceptedCredential>,
    pub(super) flash: &'static [u8],
    pub(super) header: TbfHeader<'static>,

    pub(super) state: Cell<State>,
    pub(super) restart_count: Cell<usize>,
    /// Set when the process has ended.
    pub(super) completion_code: OptionalCell<Option<u32>>,
    /// The process has ended, and its memory is still to be wiped: a grant is
    /// in use.
    pub(super) wipe_pending: Cell<bool>,
    /// The process is to start again after the wipe.
    pub(super) restart_pending: Cell<bool>,

    pub(super) memory: ProcessMemory,
    pub(super) grants: GrantTable<'a>,
    pub(super) tasks: MapCell<RingBuffer<'a, Task>>,
    pub(super) stored_state: MapCell<StoredState<C>>,
    pub(super) mpu_config: MapCell<MpuConfig<C>>,
    /// What the process says about its own layout.
    pub(super) stack_start: Cell<Option<usize>>,
    pub(super) heap_start: Cell<Option<usize>>,

    pub(super) debug: PhantomData<D>,
}
