//! The regions of one process: pure planning, no hardware.

use crate::access::Access;
use crate::cover::Cover;
use crate::span::Span;
use crate::user_memory::UserMemory;
use core::fmt;

/// What one process may touch: its memory, up to its break, and up to `OTHERS`
/// further regions. They never overlap, are never both writable and executable,
/// and lie in [`UserMemory`].
pub struct ProcessRegions<M, O, const OTHERS: usize> {
    memory: Option<Memory<M>>,
    others: [Option<O>; OTHERS],
}

/// A process's block of memory. Nothing is covered if its break is at its start.
struct Memory<M> {
    block: Span,
    cover: Option<M>,
}

/// What a process's block of memory must offer, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Need {
    /// The whole block, at least.
    pub total: usize,
    /// At its start, for the process: at least.
    pub accessible: usize,
    /// At its end, for the kernel alone.
    pub reserved: usize,
}

impl<M: Cover, O: Cover, const OTHERS: usize> ProcessRegions<M, O, OTHERS> {
    /// A process that may touch nothing.
    pub const fn empty() -> Self {
        ProcessRegions {
            memory: None,
            others: [const { None }; OTHERS],
        }
    }

    /// What covers the process's memory.
    pub fn memory(&self) -> Option<&M> {
        self.memory.as_ref()?.cover.as_ref()
    }

    /// What covers the rest, place by place.
    pub fn others(&self) -> &[Option<O>; OTHERS] {
        &self.others
    }

    /// Adds a region of at least `length` bytes inside `available`, and says
    /// where it is. `None`, with nothing changed, if it cannot be.
    pub fn add(
        &mut self,
        available: Span,
        length: usize,
        access: Access,
        limits: &UserMemory,
    ) -> Option<Span> {
        let place = O::place(available, |granule| {
            length.checked_next_multiple_of(granule)
        })?;
        let cover = O::tightest(place, available.end(), access)?;
        let span = cover.span();
        if !limits.permits(span, access) || self.overlaps(span) {
            return None;
        }
        let slot = self.others.iter_mut().find(|slot| slot.is_none())?;
        *slot = Some(cover);
        Some(span)
    }

    /// Removes a region that [`ProcessRegions::add`] returned; the process's own
    /// memory cannot be removed.
    #[allow(clippy::result_unit_err)] // as Tock's interface has it
    pub fn remove(&mut self, span: Span) -> Result<(), ()> {
        for slot in &mut self.others {
            if slot.is_some_and(|cover| cover.span() == span) {
                *slot = None;
                return Ok(());
            }
        }
        Err(())
    }

    /// Chooses the process's block of memory inside `available`. Only once.
    pub fn add_memory(
        &mut self,
        available: Span,
        need: Need,
        access: Access,
        limits: &UserMemory,
    ) -> Option<Span> {
        if self.memory.is_some() {
            return None;
        }
        let block = M::place(available, |granule| {
            let usable = need.accessible.checked_next_multiple_of(granule)?;
            Some(usable.checked_add(need.reserved)?.max(need.total))
        })?;
        if !limits.permits(block, access) || self.overlaps(block) {
            return None;
        }
        let cover = cover(
            block.start(),
            block.start().checked_add(need.accessible)?,
            block.end().checked_sub(need.reserved)?,
            access,
        )?;
        self.memory = Some(Memory { block, cover });
        Some(block)
    }

    /// Moves the end of the process's memory to `break_address`, which must stay
    /// at or below the kernel's part. Nothing changes if it cannot be.
    #[allow(clippy::result_unit_err)] // as Tock's interface has it
    pub fn move_break(
        &mut self,
        break_address: usize,
        kernel_start: usize,
        access: Access,
        limits: &UserMemory,
    ) -> Result<(), ()> {
        let memory = self.memory.as_mut().ok_or(())?;
        if !limits.permits(memory.block, access) {
            return Err(());
        }
        let limit = kernel_start.min(memory.block.end());
        memory.cover = cover(memory.block.start(), break_address, limit, access).ok_or(())?;
        Ok(())
    }

    fn overlaps(&self, span: Span) -> bool {
        let block = self.memory.iter().map(|memory| memory.block);
        let others = self.others.iter().flatten().map(Cover::span);
        block.chain(others).any(|taken| taken.overlaps(span))
    }
}

/// Covers what is between two addresses: nothing, if they are the same.
fn cover<M: Cover>(start: usize, end: usize, limit: usize, access: Access) -> Option<Option<M>> {
    if start == end {
        return Some(None);
    }
    M::tightest(Span::between(start, end)?, limit, access).map(Some)
}

impl<M: Cover, O: Cover, const OTHERS: usize> fmt::Display for ProcessRegions<M, O, OTHERS> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = |span: Span, access: Access| {
            let (start, end) = (span.start(), span.end());
            writeln!(formatter, " {start:#010x}..{end:#010x} {access:?}")
        };
        if let Some(cover) = self.memory() {
            line(cover.span(), cover.access())?;
        }
        for cover in self.others.iter().flatten() {
            line(cover.span(), cover.access())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
