//! Areas of the arena: checked once, then borrowed together.

use core::ops::Range;

use crate::error::{OperatorFault, RunError};

/// A tensor or scratch area that lies inside the arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    start: u32,
    end: u32,
}

impl Area {
    /// The area of `length` bytes at `offset`, if that is a tensor that the
    /// arena holds.
    pub fn new(offset: u32, length: u32, arena_bytes: u32) -> Result<Self, OperatorFault> {
        if length == 0 {
            return Err(OperatorFault::Shape);
        }
        let end = offset
            .checked_add(length)
            .filter(|end| *end <= arena_bytes)
            .ok_or(OperatorFault::OutsideArena)?;
        Ok(Self { start: offset, end })
    }

    /// A scratch area, which may be empty and is then at offset 0.
    pub fn scratch(offset: u32, length: u32, arena_bytes: u32) -> Result<Self, OperatorFault> {
        match (offset, length) {
            (0, 0) => Ok(Self { start: 0, end: 0 }),
            (_, 0) => Err(OperatorFault::OutsideArena),
            _ => Self::new(offset, length, arena_bytes),
        }
    }

    /// Refuses areas that share a byte with this one.
    pub fn apart_from(self, other: Self) -> Result<(), OperatorFault> {
        if self.end <= other.start || other.end <= self.start {
            return Ok(());
        }
        Err(OperatorFault::Overlap)
    }

    /// The area's bytes.
    pub fn of(self, arena: &[u8]) -> Result<&[u8], RunError> {
        arena.get(self.range()).ok_or(RunError::Inconsistent)
    }

    /// The area's bytes, for writing.
    pub fn of_mut(self, arena: &mut [u8]) -> Result<&mut [u8], RunError> {
        arena.get_mut(self.range()).ok_or(RunError::Inconsistent)
    }

    /// Where the area lies.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Borrows areas that lie apart, all at once.
pub fn split<const N: usize>(
    arena: &mut [u8],
    areas: [Area; N],
) -> Result<[&mut [u8]; N], RunError> {
    arena
        .get_disjoint_mut(areas.map(Area::range))
        .map_err(|_| RunError::Inconsistent)
}

/// Copies `length` bytes inside the arena, for operators that work in place.
pub fn move_into(arena: &mut [u8], from: u32, to: u32, length: u32) -> Result<(), RunError> {
    if from == to {
        return Ok(());
    }
    let (from, to, length) = (from as usize, to as usize, length as usize);
    let fits = |offset: usize| offset.checked_add(length).filter(|end| *end <= arena.len());
    let end = fits(from).ok_or(RunError::Inconsistent)?;
    fits(to).ok_or(RunError::Inconsistent)?;
    arena.copy_within(from..end, to);
    Ok(())
}
