//! The regions of one process: pure planning, no hardware.

use super::entry::{Access, Entry};
use super::machine::USER_ENTRIES;
use super::span::Span;
use core::fmt;

/// Regions that a process can have at once.
pub const PROCESS_REGIONS: usize = USER_ENTRIES / 2;

/// Granularity of every region, in bytes.
const GRANULE: usize = 4;

/// Where processes may have regions at all: what is outside never becomes
/// reachable from user mode, whatever the kernel asks for.
#[derive(Clone, Copy, Debug)]
pub struct UserMemory {
    /// Code and constants; the only executable place.
    pub flash: Span,
    /// Process memory; the only writable place.
    pub ram: Span,
}

impl UserMemory {
    fn permits(&self, span: Span, access: Access) -> bool {
        (self.ram.contains(span) && !access.executes())
            || (self.flash.contains(span) && !access.writes())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct ProcessRegion {
    span: Span,
    access: Access,
}

/// What one process may touch. Regions never overlap, are never both writable
/// and executable, and lie in [`UserMemory`].
pub struct ProcessRegions {
    memory: Option<ProcessRegion>,
    others: [Option<ProcessRegion>; PROCESS_REGIONS - 1],
}

impl ProcessRegions {
    /// A process that may touch nothing.
    pub(super) const fn empty() -> Self {
        ProcessRegions {
            memory: None,
            others: [None; PROCESS_REGIONS - 1],
        }
    }

    fn all(&self) -> impl Iterator<Item = &ProcessRegion> {
        self.memory.iter().chain(self.others.iter().flatten())
    }

    /// Adds a region of at least `length` bytes inside `available`, and says
    /// where it is. `None`, with nothing changed, if it cannot be.
    pub(super) fn add(
        &mut self,
        available: Span,
        length: usize,
        access: Access,
        limits: &UserMemory,
    ) -> Option<Span> {
        let start = round_up(available.start())?;
        let span = Span::between(start, round_up(start.checked_add(length)?)?)?;
        let allowed = available.contains(span) && limits.permits(span, access);
        if !allowed || self.all().any(|region| region.span.overlaps(span)) {
            return None;
        }
        let slot = self.others.iter_mut().find(|slot| slot.is_none())?;
        *slot = Some(ProcessRegion { span, access });
        Some(span)
    }

    /// Removes a region that [`ProcessRegions::add`] returned; the process's own
    /// memory cannot be removed.
    pub(super) fn remove(&mut self, span: Span) -> Result<(), ()> {
        for slot in &mut self.others {
            if slot.is_some_and(|region| region.span == span) {
                *slot = None;
                return Ok(());
            }
        }
        Err(())
    }

    /// Chooses a process's memory block inside `available`: at least `minimum`
    /// bytes, whose first `accessible` bytes the process may use and whose last
    /// `reserved` bytes are the kernel's. Only once per process.
    pub(super) fn add_memory(
        &mut self,
        available: Span,
        minimum: usize,
        accessible: usize,
        reserved: usize,
        access: Access,
        limits: &UserMemory,
    ) -> Option<Span> {
        if self.memory.is_some() {
            return None;
        }
        let start = round_up(available.start())?;
        let usable_end = round_up(start.checked_add(accessible)?)?;
        let needed = (usable_end - start).checked_add(reserved)?;
        let block = Span::between(start, round_up(start.checked_add(needed.max(minimum))?)?)?;
        // A process may start with no accessible byte at all; a one-granule
        // region keeps the record of where its memory is.
        let span = Span::between(start, usable_end).or(Span::new(start, GRANULE))?;
        let allowed = available.contains(block) && limits.permits(block, access);
        if !allowed || self.all().any(|region| region.span.overlaps(block)) {
            return None;
        }
        self.memory = Some(ProcessRegion { span, access });
        Some(block)
    }

    /// Moves the end of the process's memory to `break_address`, which must stay
    /// at or below the kernel's part.
    pub(super) fn move_break(
        &mut self,
        break_address: usize,
        kernel_start: usize,
        access: Access,
        limits: &UserMemory,
    ) -> Result<(), ()> {
        let start = self.memory.ok_or(())?.span.start();
        let end = round_up(break_address).ok_or(())?;
        let span = Span::between(start, end).ok_or(())?;
        let clear = !self.others.iter().flatten().any(|r| r.span.overlaps(span));
        if end > kernel_start || !limits.permits(span, access) || !clear {
            return Err(());
        }
        self.memory = Some(ProcessRegion { span, access });
        Ok(())
    }

    /// The process's entries; those of unused regions are all zero.
    pub(super) fn entries(&self) -> [Entry; USER_ENTRIES] {
        let mut entries = [Entry::default(); USER_ENTRIES];
        for (pair, region) in entries.chunks_exact_mut(2).zip(self.all()) {
            pair.copy_from_slice(&Entry::user_range(region.span, region.access));
        }
        entries
    }
}

fn round_up(address: usize) -> Option<usize> {
    address.checked_next_multiple_of(GRANULE)
}

impl fmt::Display for ProcessRegions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for region in self.all() {
            writeln!(
                formatter,
                " {:#010x}..{:#010x} {:?}",
                region.span.start(),
                region.span.end(),
                region.access
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLASH: usize = 0x2003_0000;
    const RAM: usize = 0x1000_6000;

    fn span(start: usize, length: usize) -> Span {
        Span::new(start, length).unwrap()
    }

    fn limits() -> UserMemory {
        UserMemory {
            flash: span(FLASH, 0xd_0000),
            ram: span(RAM, 0x1_a000),
        }
    }

    fn loaded() -> ProcessRegions {
        let mut regions = ProcessRegions::empty();
        regions
            .add(span(FLASH, 0x1000), 0x1000, Access::ReadExecute, &limits())
            .unwrap();
        regions
            .add_memory(
                span(RAM, 0x1_a000),
                0x4000,
                0x1000,
                0x800,
                Access::ReadWrite,
                &limits(),
            )
            .unwrap();
        regions
    }

    #[test]
    fn kernel_memory_is_never_covered() {
        let mut regions = ProcessRegions::empty();
        for (start, length, access) in [
            (RAM - 0x1000, 0x2000, Access::ReadWrite),
            (RAM - 0x1000, 0x1000, Access::ReadOnly),
            (0x2000_0000, 0x1000, Access::ReadOnly),
            (FLASH - 4, 8, Access::ReadExecute),
            (0x4000_0000, 0x1000, Access::ReadWrite),
        ] {
            let asked = span(start, length);
            assert_eq!(regions.add(asked, length, access, &limits()), None);
        }
        assert_eq!(regions.entries(), [Entry::default(); USER_ENTRIES]);
    }

    #[test]
    fn flash_is_never_writable_and_memory_never_executable() {
        let mut regions = ProcessRegions::empty();
        let flash = span(FLASH, 64);
        let ram = span(RAM, 64);
        assert_eq!(regions.add(flash, 64, Access::ReadWrite, &limits()), None);
        assert_eq!(regions.add(ram, 64, Access::ReadExecute, &limits()), None);
        assert_eq!(regions.add(ram, 64, Access::ExecuteOnly, &limits()), None);
    }

    #[test]
    fn regions_do_not_overlap_and_run_out() {
        let mut regions = loaded();
        let inside_block = span(RAM + 0xffc, 8);
        assert_eq!(
            regions.add(inside_block, 8, Access::ReadOnly, &limits()),
            None
        );
        let third = span(FLASH + 0x2000, 64);
        let added = regions.add(third, 64, Access::ReadOnly, &limits());
        assert_eq!(added, Some(third));
        let fourth = span(FLASH + 0x3000, 64);
        assert_eq!(regions.add(fourth, 64, Access::ReadOnly, &limits()), None);
    }

    #[test]
    fn lengths_that_overflow_are_refused() {
        let mut regions = ProcessRegions::empty();
        let flash = span(FLASH, 64);
        assert_eq!(
            regions.add(flash, usize::MAX, Access::ReadOnly, &limits()),
            None
        );
        assert_eq!(regions.add(flash, 0, Access::ReadOnly, &limits()), None);
        assert_eq!(
            regions.add_memory(
                limits().ram,
                8,
                usize::MAX - 8,
                usize::MAX,
                Access::ReadWrite,
                &limits()
            ),
            None
        );
    }

    #[test]
    fn the_break_stays_below_the_kernels_part() {
        let mut regions = loaded();
        let kernel = RAM + 0x3800;
        let mut to = |end| regions.move_break(end, kernel, Access::ReadWrite, &limits());
        assert_eq!(to(kernel), Ok(()));
        assert_eq!(to(kernel + 1), Err(()));
        assert_eq!(to(RAM), Err(()));
        assert_eq!(to(usize::MAX), Err(()));
        assert_eq!(to(RAM + 0x1000), Ok(()));
        let top = regions.entries()[1];
        assert_eq!(top.address, (RAM + 0x1000) >> 2);
    }

    #[test]
    fn memory_is_allocated_once_and_never_removed() {
        let mut regions = loaded();
        assert_eq!(
            regions.add_memory(limits().ram, 64, 8, 8, Access::ReadWrite, &limits()),
            None
        );
        assert_eq!(regions.remove(span(RAM, 0x1000)), Err(()));
        assert_eq!(regions.remove(span(FLASH, 0x1000)), Ok(()));
        assert_eq!(regions.remove(span(FLASH, 0x1000)), Err(()));
    }
}
