//! FullyConnected: `output[o] = Σ input[i] · weight[o][i]`, for one row.
//!
//! Weights go from the tile straight into the sums: no row buffer.

use super::requantize::{is_small, store, Requantizer};
use super::{geometry, Lengths};
use crate::arena::{copy, Areas};
use crate::error::{OperatorFault, RunError};
use crate::format::{Common, FullyConnected, GROUP, GROUP_HEADER_BYTES};
use crate::processor::{one_by_four, Inputs};
use crate::stream::QUAD_BYTES;
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
    let requantizer = Requantizer::new(common);
    for outputs in output.chunks_mut(GROUP) {
        let header = weights.group_header()?;
        let mut sums = [0; GROUP];
        let mut unread: &[Inputs] = fours;
        while !unread.is_empty() {
            let quads = weights.quads(unread.len())?;
            let (inputs, later) = unread
                .split_at_checked(quads.len())
                .ok_or(RunError::Inconsistent)?;
            one_by_four(&mut sums, quads, inputs);
            unread = later;
        }
        if !rest.is_empty() {
            one_by_four(&mut sums, weights.quads(1)?, &[last]);
        }
        let mut values = [0; GROUP];
        let outputs_of_row = core::slice::from_mut(&mut values);
        if is_small(&header, input.len()) {
            requantizer.small(&header, &[sums], outputs_of_row);
        } else {
            requantizer.any(&header, &[sums], outputs_of_row);
        }
        store(outputs, &values);
    }
    Ok(())
}
