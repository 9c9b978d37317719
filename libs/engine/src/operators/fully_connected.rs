//! FullyConnected: `output[o] = Σ input[i] · weight[o][i]`, for one row.
//!
//! Weights go from the tile straight into the sums: no row buffer.

use super::requantize::{header, is_small, Requantizer};
use super::{geometry, Lengths};
use crate::arena::{copy, Areas};
use crate::error::{OperatorFault, RunError};
use crate::format::{Common, FullyConnected, GROUP, GROUP_HEADER_BYTES};
use crate::processor::{one_by_four, GroupHeader, Inputs, Sums};
use crate::stream::{Stream, QUAD_BYTES};
use crate::weights::Weights;

/// What the matrix takes.
pub fn lengths(body: &FullyConnected) -> Result<Lengths, OperatorFault> {
    let quads = geometry::product(&[body.inputs.div_ceil(4), QUAD_BYTES as u32])?;
    let group = geometry::sum(quads, GROUP_HEADER_BYTES as u32)?;
    Ok(Lengths {
        weights: geometry::product(&[body.outputs.div_ceil(GROUP as u32), group])?,
        ..Lengths::of_tensors(body.inputs, body.outputs)
    })
}

/// Computes the row.
#[inline(never)]
pub fn run(
    common: &Common,
    body: &FullyConnected,
    weights: &mut Weights,
    arena: &mut [u8],
) -> Result<(), RunError> {
    let lengths = lengths(body).map_err(|_| RunError::Inconsistent)?;
    let [input, output, _] = Areas::borrow(common, &lengths, 0, arena)?;
    let (fours, rest) = input.as_chunks();
    let mut last = [0; 4];
    copy(&mut last, rest);
    let row = Row {
        fours,
        last: (!rest.is_empty()).then_some(last),
        requantizer: Requantizer::new(common),
    };
    let length = GROUP_HEADER_BYTES + input.len().div_ceil(4) * QUAD_BYTES;
    let mut copy = GroupHeader::default();
    for outputs in output.chunks_mut(GROUP) {
        let mut sums = [0; GROUP];
        if let Some(group) = weights.in_memory(length)? {
            let quads = group.get(GROUP_HEADER_BYTES..).unwrap_or_default();
            let quads = quads.as_chunks().0;
            one_by_four(&mut sums, quads, row.fours);
            if let (Some(last), Some(quad)) = (row.last, quads.last()) {
                one_by_four(&mut sums, &[*quad], &[last]);
            }
            row.store(header(group, &mut copy), sums, outputs)?;
        } else {
            let stream = weights.tiles()?;
            let mut bytes = [0; GROUP_HEADER_BYTES];
            stream.read(&mut bytes)?;
            row.multiply(stream, &mut sums)?;
            row.store(header(&bytes, &mut copy), sums, outputs)?;
        }
    }
    Ok(())
}

/// What all outputs share.
struct Row<'a> {
    fours: &'a [Inputs],
    /// Inputs beyond the last four, filled up with zeros.
    last: Option<Inputs>,
    requantizer: Requantizer,
}

impl Row<'_> {
    /// Adds all products with a group of weights, as its tiles come in.
    fn multiply(&self, weights: &mut Stream, sums: &mut Sums) -> Result<(), RunError> {
        let mut unread = self.fours;
        while !unread.is_empty() {
            let quads = weights.quads(unread.len())?;
            let (inputs, later) = unread
                .split_at_checked(quads.len())
                .ok_or(RunError::Inconsistent)?;
            one_by_four(sums, quads, inputs);
            unread = later;
        }
        if let Some(last) = self.last {
            one_by_four(sums, weights.quads(1)?, &[last]);
        }
        Ok(())
    }

    /// Makes outputs of the sums: all, or as many as there are left.
    #[inline(always)]
    fn store(&self, header: &GroupHeader, sums: Sums, outputs: &mut [u8]) -> Result<(), RunError> {
        let group = (header, is_small(header, 4 * self.fours.len() + 4));
        let (mut values, channels) = ([[0; GROUP]], outputs.len());
        let target = (outputs, channels);
        self.requantizer
            .write(group, &[sums], &mut values, target, 0)
    }
}
