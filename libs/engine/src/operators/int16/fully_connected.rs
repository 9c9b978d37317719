//! FullyConnected: `output[o] = Σ input[i] · weight[o][i]`, for one row.
//!
//! As tensorflow/lite/kernels/internal/reference/integer_ops/fully_connected.h.
//! Weights go from the tile into the sums by way of a few bytes: no row buffer.

use super::elements;
use super::lengths::of_tensors;
use super::sums::{add_products, Group, Quad};
use crate::arena::Areas;
use crate::error::{OperatorFault, RunError};
use crate::format::int16::{Int16, Matrix, INT16_GROUP_HEADER_BYTES};
use crate::format::{Common, GROUP};
use crate::operators::{geometry, Lengths};
use crate::weights::Weights;

/// Inputs whose weights are read from tiles at once.
const BLOCK: usize = 16;

/// What the matrix takes.
pub fn lengths(body: &Matrix) -> Result<Lengths, OperatorFault> {
    let weights = geometry::product(&[body.shape.inputs, GROUP as u32])?;
    let group = geometry::sum(weights, INT16_GROUP_HEADER_BYTES as u32)?;
    let groups = body.shape.outputs.div_ceil(GROUP as u32);
    Ok(Lengths {
        weights: geometry::product(&[groups, group])?,
        ..of_tensors(body.shape.inputs, body.shape.outputs)?
    })
}

/// Computes the row.
#[inline(never)]
pub fn run(
    common: &Common,
    int16: &Int16,
    body: &Matrix,
    weights: &mut Weights,
    arena: &mut [u8],
) -> Result<(), RunError> {
    let lengths = lengths(body).map_err(|_| RunError::Inconsistent)?;
    let [input, output, _] = Areas::borrow(common, &lengths, 0, arena)?;
    let input = elements::of(input);
    let length = INT16_GROUP_HEADER_BYTES + input.len() * GROUP;
    for outputs in elements::of_mut(output).chunks_mut(GROUP) {
        let mut sums = [0; GROUP];
        let group = if let Some(group) = weights.in_memory(length)? {
            let (group, quads) = Group::split(group, body.sums)?;
            add_products(&mut sums, input, quads);
            group
        } else {
            let stream = weights.tiles()?;
            let mut header = [0; INT16_GROUP_HEADER_BYTES];
            stream.read(&mut header)?;
            for inputs in input.chunks(BLOCK) {
                let mut block: [Quad; BLOCK] = [[0; GROUP]; BLOCK];
                let quads = block.get_mut(..inputs.len()).unwrap_or_default();
                stream.read(quads.as_flattened_mut())?;
                add_products(&mut sums, inputs, quads);
            }
            Group::new(&header, body.sums)
        };
        group.store(&sums, int16, outputs);
    }
    Ok(())
}
