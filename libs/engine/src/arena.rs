//! Areas of the arena: checked once, then borrowed together.

use core::ops::Range;

use crate::error::{OperatorFault, RunError};
use crate::format::Common;
use crate::operators::Lengths;

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

/// The areas of an operator with one input.
pub struct Areas {
    pub input: Area,
    pub output: Area,
    pub scratch: Area,
}

impl Areas {
    /// For operators that may work in place, without scratch: input and output
    /// are one area or lie apart.
    pub fn in_place(
        common: &Common,
        lengths: &Lengths,
        arena_bytes: u32,
    ) -> Result<Self, OperatorFault> {
        if common.input_offset != common.output_offset {
            return Self::apart(common, lengths, 0, arena_bytes);
        }
        let output = Area::new(common.output_offset, lengths.output, arena_bytes)?;
        Ok(Self {
            input: output,
            output,
            scratch: Area::scratch(0, 0, arena_bytes)?,
        })
    }

    /// For operators whose areas must not overlap.
    pub fn apart(
        common: &Common,
        lengths: &Lengths,
        scratch_offset: u32,
        arena_bytes: u32,
    ) -> Result<Self, OperatorFault> {
        let areas = Self {
            input: Area::new(common.input_offset, lengths.input, arena_bytes)?,
            output: Area::new(common.output_offset, lengths.output, arena_bytes)?,
            scratch: Area::scratch(scratch_offset, lengths.scratch, arena_bytes)?,
        };
        areas.input.apart_from(areas.output)?;
        areas.scratch.apart_from(areas.input)?;
        areas.scratch.apart_from(areas.output)?;
        Ok(areas)
    }

    /// Borrows input, output and scratch of an operator that was checked.
    pub fn borrow<'a>(
        common: &Common,
        lengths: &Lengths,
        scratch_offset: u32,
        arena: &'a mut [u8],
    ) -> Result<[&'a mut [u8]; 3], RunError> {
        let areas = Self::apart(common, lengths, scratch_offset, length(arena))
            .map_err(|_| RunError::Inconsistent)?;
        split(arena, [areas.input, areas.output, areas.scratch])
    }
}

/// An arena's length, in the plan's units.
pub fn length(arena: &[u8]) -> u32 {
    u32::try_from(arena.len()).unwrap_or(u32::MAX)
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

/// The output of an operator that works in place, with the input's bytes in it.
#[inline(never)] // Five operators call it, once each.
pub fn output_over_input<'a>(
    common: &Common,
    length: u32,
    arena: &'a mut [u8],
) -> Result<&'a mut [u8], RunError> {
    let area = |offset| Area::new(offset, length, u32::MAX).map_err(|_| RunError::Inconsistent);
    let (input, output) = (area(common.input_offset)?, area(common.output_offset)?);
    if input != output {
        let [input, output] = split(arena, [input, output])?;
        copy(output, input);
    }
    output.of_mut(arena)
}

/// Copies as much as both slices hold.
pub fn copy<T: Copy>(to: &mut [T], from: &[T]) {
    let length = to.len().min(from.len());
    if let (Some(to), Some(from)) = (to.get_mut(..length), from.get(..length)) {
        to.copy_from_slice(from);
    }
}
