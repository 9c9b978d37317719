//! How a process comes to be: finding room for it and for its record.

use core::alloc::Layout;
use core::cell::Cell;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ptr;
use core::slice;

use super::grant_table::{GrantEntry, GrantTable};
use super::memory::ProcessMemory;
use super::record::ProcessStandard;
use crate::collections::ring_buffer::RingBuffer;
use crate::kernel::Kernel;
use crate::platform::chip::Chip;
use crate::platform::mpu::{Permissions, MPU};
use crate::process::binary::ProcessBinary;
use crate::process::id::{ProcessId, ShortId};
use crate::process::interface::Process;
use crate::process::loading::ProcessLoadError;
use crate::process::policies::{ProcessFaultPolicy, ProcessStandardDebug};
use crate::process::state::State;
use crate::process::task::Task;
use crate::syscall::UserspaceKernelBoundary;
use crate::utilities::cells::{MapCell, OptionalCell};

/// How many upcalls can wait for a process: as many as in Tock, where one of ten places
/// stays free.
const QUEUE_LEN: usize = 9;

/// What the kernel keeps at the top of a process's block: the record, the
/// queue, the table of grants.
struct KernelPart {
    layout: Layout,
    queue_offset: usize,
    grants_offset: usize,
}

impl KernelPart {
    fn new<P>(grant_count: usize) -> Option<Self> {
        let queue = Layout::array::<MaybeUninit<Task>>(QUEUE_LEN).ok()?;
        let grants = Layout::array::<GrantEntry>(grant_count).ok()?;
        let (layout, queue_offset) = Layout::new::<P>().extend(queue).ok()?;
        let (layout, grants_offset) = layout.extend(grants).ok()?;
        Some(Self {
            layout: layout.pad_to_align(),
            queue_offset,
            grants_offset,
        })
    }

    /// Bytes to ask for: wherever the block ends, an aligned place is inside.
    fn reserve(&self) -> usize {
        self.layout.size() + self.layout.align()
    }
}

impl<C: 'static + Chip, D: 'static + ProcessStandardDebug> ProcessStandard<'static, C, D> {
    /// Makes a process of `binary`, in the first fitting part of `memory`.
    /// Returns it, and the memory behind its block.
    ///
    /// # Safety
    ///
    /// Nothing may refer to `memory`, now or later, but what this returns.
    pub(in crate::process) unsafe fn create(
        kernel: &'static Kernel,
        chip: &'static C,
        binary: ProcessBinary,
        memory: *mut [u8],
        fault_policy: &'static dyn ProcessFaultPolicy,
        app_id: ShortId,
        index: usize,
    ) -> Result<(&'static dyn Process, *mut [u8]), ProcessLoadError> {
        let grant_count = kernel.finalize_grants();
        let part = KernelPart::new::<Self>(grant_count).ok_or(ProcessLoadError::NotEnoughMemory)?;
        let (start, len) = Self::find_block(chip, &binary, memory, &part)?;

        let end = start.addr() + len;
        let kernel_start = (end - part.layout.size()) & part.layout.align().wrapping_neg();
        let record = start.with_addr(kernel_start);
        // SAFETY: `find_block` returned a part of `memory` that ends at `end`
        // and has `part.reserve()` bytes at least, so that the kernel's part
        // fits between `kernel_start` and `end`, aligned. Nothing else refers
        // to the block (the caller's promise). What the block held before is
        // wiped.
        let (process, queue, entries) = unsafe {
            ptr::write_bytes(start, 0, len);
            let queue = record.add(part.queue_offset).cast::<MaybeUninit<Task>>();
            let entries = record.add(part.grants_offset).cast::<GrantEntry>();
            for number in 0..grant_count {
                entries.add(number).write(GrantEntry::empty());
            }
            (
                &mut *record.cast::<MaybeUninit<Self>>(),
                slice::from_raw_parts_mut(queue, QUEUE_LEN),
                slice::from_raw_parts(entries.cast_const(), grant_count),
            )
        };

        let process: &'static Self = process.write(ProcessStandard {
            kernel,
            chip,
            fault_policy,
            process_id: Cell::new(ProcessId::new(
                kernel,
                kernel.create_process_identifier(),
                index,
            )),
            app_id,
            credential: binary.credential.get(),
            flash: binary.flash,
            header: binary.header,
            state: Cell::new(State::Terminated),
            restart_count: Cell::new(0),
            completion_code: OptionalCell::empty(),
            wipe_pending: Cell::new(false),
            restart_pending: Cell::new(false),
            // SAFETY: the block is the process's alone, and nothing refers to
            // it below the kernel's part.
            memory: unsafe { ProcessMemory::new(start, len, kernel_start) },
            grants: GrantTable::new(entries),
            tasks: MapCell::new(RingBuffer::new(queue)),
            stored_state: MapCell::empty(),
            mpu_config: MapCell::empty(),
            stack_start: Cell::new(None),
            heap_start: Cell::new(None),
            debug: PhantomData,
        });
        let config = chip
            .mpu()
            .new_config()
            .ok_or(ProcessLoadError::MpuConfigurationError)?;
        process.mpu_config.put(config);
        process
            .begin()
            .map_err(|()| ProcessLoadError::MpuConfigurationError)?;

        let used = end - memory.cast::<u8>().addr();
        let rest = ptr::slice_from_raw_parts_mut(start.with_addr(end), memory.len() - used);
        Ok((process, rest))
    }

    /// Finds the block: at the address that the binary was built for, or the
    /// first that the memory protection unit can deal with.
    fn find_block(
        chip: &C,
        binary: &ProcessBinary,
        memory: *mut [u8],
        part: &KernelPart,
    ) -> Result<(*mut u8, usize), ProcessLoadError> {
        let first = memory.cast::<u8>();
        let end = first.addr() + memory.len();
        let fixed = binary.header.get_fixed_address_ram();
        let from = fixed.map_or(first.addr(), |address| address as usize);
        if from < first.addr() || from >= end {
            return Err(ProcessLoadError::MemoryAddressMismatch {
                actual_address: first,
                expected_address: first.with_addr(from),
            });
        }
        let reachable = chip
            .userspace_kernel_boundary()
            .initial_process_app_brk_size();
        let total = (binary.header.get_minimum_app_ram_size() as usize)
            .max(reachable)
            .checked_add(part.reserve())
            .ok_or(ProcessLoadError::NotEnoughMemory)?;

        let mpu = chip.mpu();
        let mut config = mpu
            .new_config()
            .ok_or(ProcessLoadError::MpuConfigurationError)?;
        // The flash region takes its place first, as it will in `begin`.
        let flash = binary.flash;
        mpu.allocate_region(
            flash.as_ptr(),
            flash.len(),
            flash.len(),
            Permissions::ReadExecuteOnly,
            &mut config,
        )
        .ok_or(ProcessLoadError::MpuInvalidFlashLength)?;
        let (start, len) = mpu
            .allocate_app_memory_region(
                first.with_addr(from),
                end - from,
                total,
                reachable,
                part.reserve(),
                Permissions::ReadWriteOnly,
                &mut config,
            )
            .ok_or(ProcessLoadError::NotEnoughMemory)?;
        let start = first.with_addr(start.addr());
        if fixed.is_some() && start.addr() != from {
            return Err(ProcessLoadError::MemoryAddressMismatch {
                actual_address: start,
                expected_address: first.with_addr(from),
            });
        }
        let fits = start.addr() >= from
            && len >= total
            && start.addr().checked_add(len).is_some_and(|e| e <= end);
        if !fits {
            return Err(ProcessLoadError::MpuConfigurationError);
        }
        Ok((start, len))
    }
}
