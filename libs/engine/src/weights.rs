//! Where operators get their weights: from the plan in memory, or from tiles.

use crate::error::RunError;
use crate::format::GROUP_HEADER_BYTES;
use crate::operators::{header, GroupHeader};
use crate::stream::{Stream, QUAD_BYTES};

/// The weights that are still to be read, in the order of the kernels.
pub enum Weights<'a> {
    /// The rest of a plan in memory, which is read where it lies.
    Memory(&'a [u8]),
    /// Tiles, and the buffer in which groups are put together from them.
    Tiles {
        /// The tiles.
        stream: Stream<'a>,
        /// As long as the longest group, at least.
        rows: &'a mut [u8],
    },
}

impl Weights<'_> {
    /// Between 1 and `most` groups of `length` bytes each (`most` at least 1).
    pub fn groups(&mut self, length: usize, most: usize) -> Result<&[u8], RunError> {
        match self {
            Self::Memory(rest) => take(rest, length.saturating_mul(most)),
            Self::Tiles { stream, rows } => {
                let fitting = rows.len().checked_div(length).unwrap_or(0);
                let groups = fitting.min(most).max(1);
                let rows = rows.get_mut(..groups.saturating_mul(length));
                let rows = rows.ok_or(RunError::Inconsistent)?;
                stream.read(rows)?;
                Ok(rows)
            }
        }
    }

    /// Reads the header of a group.
    pub fn group_header(&mut self) -> Result<GroupHeader, RunError> {
        let mut copy = GroupHeader::default();
        match self {
            Self::Memory(rest) => Ok(*header(take(rest, GROUP_HEADER_BYTES)?, &mut copy)),
            Self::Tiles { stream, .. } => {
                let mut bytes = [0; GROUP_HEADER_BYTES];
                stream.read(&mut bytes)?;
                Ok(*header(&bytes, &mut copy))
            }
        }
    }

    /// Between 1 and `most` quads (`most` at least 1).
    pub fn quads(&mut self, most: usize) -> Result<&[[u8; QUAD_BYTES]], RunError> {
        match self {
            Self::Memory(rest) => Ok(take(rest, most.saturating_mul(QUAD_BYTES))?.as_chunks().0),
            Self::Tiles { stream, .. } => stream.quads(most),
        }
    }
}

/// Takes the first `length` bytes off `rest`.
fn take<'a>(rest: &mut &'a [u8], length: usize) -> Result<&'a [u8], RunError> {
    let (front, back) = rest
        .split_at_checked(length)
        .ok_or(RunError::Inconsistent)?;
    *rest = back;
    Ok(front)
}
