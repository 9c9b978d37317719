//! Where operators get their weights: from the plan in memory, or from tiles.

use crate::error::RunError;
use crate::stream::Stream;

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

impl<'a> Weights<'a> {
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

    /// The next group, of `length` bytes, if it is in memory.
    pub fn in_memory(&mut self, length: usize) -> Result<Option<&[u8]>, RunError> {
        match self {
            Self::Memory(rest) => take(rest, length).map(Some),
            Self::Tiles { .. } => Ok(None),
        }
    }

    /// The tiles, if that is where weights are.
    pub fn tiles(&mut self) -> Result<&mut Stream<'a>, RunError> {
        match self {
            Self::Memory(_) => Err(RunError::Inconsistent),
            Self::Tiles { stream, .. } => Ok(stream),
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
