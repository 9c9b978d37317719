//! Place: a tensor becomes a part of a larger one, and the rest is filled, or
//! stays. Pad is one; Concatenation is one for each input.

use super::{geometry, Lengths};
use crate::arena::{copy, Areas};
use crate::error::{OperatorFault, RunError};
use crate::format::{Common, Place};

/// What the tensors take; the input lies inside the output along every dimension.
#[inline(never)] // Apart from what every plan needs.
pub fn lengths(body: &Place) -> Result<Lengths, OperatorFault> {
    let sizes = body.start.iter().zip(&body.input).zip(&body.output);
    for ((start, input), output) in sizes {
        if u32::from(*start) + u32::from(*input) > u32::from(*output) {
            return Err(OperatorFault::Window);
        }
    }
    let volume = |shape: [u16; 4]| geometry::product(&shape.map(u32::from));
    let input = volume(body.input)?;
    Ok(Lengths::of_tensors(input, volume(body.output)?))
}

/// Fills and copies.
#[inline(never)]
pub fn run(common: &Common, body: &Place, arena: &mut [u8]) -> Result<(), RunError> {
    let lengths = lengths(body).map_err(|_| RunError::Inconsistent)?;
    let [input, output, _] = Areas::borrow(common, &lengths, 0, arena)?;
    if let Some(value) = body.fill {
        output.fill(value as u8);
    }
    let [outer, planes, lines, line] = body.input.map(usize::from);
    let [_, output_planes, output_lines, output_line] = body.output.map(usize::from);
    let [first_outer, first_plane, first_line, first] = body.start.map(usize::from);
    let mut sources = input.chunks_exact(line.max(1));
    for outer in 0..outer {
        for plane in 0..planes {
            let plane = (outer + first_outer) * output_planes + plane + first_plane;
            for line in 0..lines {
                let line = plane * output_lines + line + first_line;
                let target = output.get_mut(line * output_line + first..);
                let source = sources.next().unwrap_or_default();
                copy(target.ok_or(RunError::Inconsistent)?, source);
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
        output_offset: 4,
    };

    /// 2 × 2 at row 1, column 2 of 3 × 5.
    const BODY: Place = Place {
        input: [1, 1, 2, 2],
        output: [1, 1, 3, 5],
        start: [0, 0, 1, 2],
        fill: None,
    };

    fn placed(body: &Place) -> [u8; 19] {
        let mut arena = [9; 19];
        arena[..4].copy_from_slice(&[1, 2, 3, 4]);
        run(&COMMON, body, &mut arena).unwrap();
        arena
    }

    #[test]
    fn the_rest_is_filled_or_stays() {
        let mut expected = [9; 19];
        expected[..4].copy_from_slice(&[1, 2, 3, 4]);
        expected[4 + 7..4 + 9].copy_from_slice(&[1, 2]);
        expected[4 + 12..4 + 14].copy_from_slice(&[3, 4]);
        assert_eq!(placed(&BODY), expected);
        let filled = placed(&Place {
            fill: Some(-1),
            ..BODY
        });
        let expected = expected.map(|byte| if byte == 9 { 255 } else { byte });
        assert_eq!(filled, expected);
    }

    #[test]
    fn parts_lie_inside() {
        let mut outside = BODY;
        outside.start[3] = 4;
        assert_eq!(lengths(&outside), Err(OperatorFault::Window));
        outside.start = [u16::MAX; 4];
        assert_eq!(lengths(&outside), Err(OperatorFault::Window));
        assert_eq!(lengths(&BODY), Ok(Lengths::of_tensors(4, 15)));
    }
}
