//! Strided copy: `output[a][b][c][d] = input[a·s₀ + b·s₁ + c·s₂ + d·s₃]`. A stride of
//! zero repeats; others take the input's dimensions in any order.

use super::{geometry, Lengths};
use crate::arena::Areas;
use crate::error::{OperatorFault, RunError};
use crate::format::{Common, StridedCopy};

/// What the tensors take: of the input, all up to the last element that is read.
#[inline(never)] // Where other operators' lengths are computed, it would take room.
pub fn lengths(body: &StridedCopy) -> Result<Lengths, OperatorFault> {
    let mut input = 1;
    for (size, stride) in body.shape.iter().zip(&body.strides) {
        let steps = size.checked_sub(1).ok_or(OperatorFault::Shape)?;
        input = geometry::sum(input, geometry::product(&[steps, *stride])?)?;
    }
    Ok(Lengths::of_tensors(input, geometry::product(&body.shape)?))
}

/// Copies every element.
#[inline(never)]
pub fn run(common: &Common, body: &StridedCopy, arena: &mut [u8]) -> Result<(), RunError> {
    let lengths = lengths(body).map_err(|_| RunError::Inconsistent)?;
    let [input, output, _] = Areas::borrow(common, &lengths, 0, arena)?;
    let [outer, planes, lines, line] = body.shape.map(|size| size as usize);
    let [per_outer, per_plane, per_line, step] = body.strides.map(|stride| stride as usize);
    let mut targets = output.chunks_exact_mut(line.max(1));
    for outer in 0..outer {
        for plane in 0..planes {
            for line in 0..lines {
                let mut at = outer * per_outer + plane * per_plane + line * per_line;
                for target in targets.next().unwrap_or_default() {
                    *target = *input.get(at).ok_or(RunError::Inconsistent)?;
                    at = at.wrapping_add(step);
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMON: Common = Common {
        input_zero_point: 0,
        output_zero_point: 0,
        minimum: -128,
        maximum: 127,
        input_offset: 0,
        output_offset: 6,
    };

    /// What becomes of the numbers from 1 to 6.
    fn copied<const N: usize>(shape: [u32; 4], strides: [u32; 4]) -> [u8; N] {
        let mut arena = [0; 18];
        arena[..6].copy_from_slice(&[1, 2, 3, 4, 5, 6]);
        let body = StridedCopy { shape, strides };
        run(&COMMON, &body, &mut arena).unwrap();
        *arena[6..].first_chunk().unwrap()
    }

    #[test]
    fn elements_repeat_between_others() {
        // 2 × 1 × 3 becomes 2 × 2 × 3, and 3 × 2 × 1 becomes 3 × 2 × 2.
        assert_eq!(
            copied([1, 2, 2, 3], [0, 3, 0, 1]),
            [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6]
        );
        assert_eq!(
            copied([1, 3, 2, 2], [0, 2, 1, 0]),
            [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]
        );
    }

    #[test]
    fn dimensions_change_places() {
        // 2 × 3 becomes 3 × 2.
        assert_eq!(copied([1, 1, 3, 2], [0, 0, 1, 3]), [1, 4, 2, 5, 3, 6]);
    }

    #[test]
    fn the_last_element_that_is_read_is_in_the_input() {
        let lengths = |shape, strides| lengths(&StridedCopy { shape, strides });
        let read = Lengths::of_tensors(6, 12);
        assert_eq!(lengths([1, 2, 2, 3], [9, 3, 0, 1]), Ok(read));
        for (shape, strides) in [
            ([1, 0, 2, 3], [0, 3, 0, 1]),
            ([1, 2, 2, 3], [0, u32::MAX, 0, 1]),
            ([1, 1, 3, 3], [0, 0, 1 << 31, 1]),
            ([1 << 16, 1 << 16, 1, 1], [0; 4]),
        ] {
            assert_eq!(lengths(shape, strides), Err(OperatorFault::Shape));
        }
    }
}
