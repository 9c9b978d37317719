//! Strides, padding and output size of operators that slide a window.

use anchorhold_engine::format::Window;

use super::Context;
use crate::error::Problem;
use crate::model::Tensor;

/// The window of an operator whose options hold padding and strides first.
pub fn window(
    context: &Context,
    input: &Tensor,
    output: &Tensor,
    kernel: [usize; 2],
) -> Result<Window, Problem> {
    let same = match context.byte(0, "padding")? {
        0 => true,
        1 => false,
        other => {
            return Err(Problem::Option {
                what: "padding",
                found: other.into(),
                supported: "0 (same), 1 (valid)",
            })
        }
    };
    let across = stride(context.integer(1, "stride", 0)?)?;
    let down = stride(context.integer(2, "stride", 0)?)?;
    let image = input.image()?;
    let rows = axis(image[0].into(), kernel[0], down.into(), same)
        .ok_or_else(|| input.unexpected("an image not smaller than the kernel".into()))?;
    let columns = axis(image[1].into(), kernel[1], across.into(), same)
        .ok_or_else(|| input.unexpected("an image not smaller than the kernel".into()))?;
    let result = output.image()?;
    if [rows.output, columns.output] != [result[0], result[1]].map(usize::from) {
        return Err(output.unexpected(format!(
            "height {} and width {}",
            rows.output, columns.output
        )));
    }
    Ok(Window {
        scratch_offset: 0,
        input: image,
        output: result,
        kernel: [small(kernel[0])?, small(kernel[1])?],
        stride: [down, across],
        padding: [before(rows.before)?, before(columns.before)?],
    })
}

/// Size of the output and padding before the input, along one dimension.
struct Axis {
    output: usize,
    before: usize,
}

fn axis(input: usize, kernel: usize, stride: usize, same: bool) -> Option<Axis> {
    if !same {
        let output = input.checked_sub(kernel)? / stride + 1;
        return Some(Axis { output, before: 0 });
    }
    let output = input.div_ceil(stride);
    let covered = (output - 1) * stride + kernel;
    Some(Axis {
        output,
        before: covered.saturating_sub(input) / 2,
    })
}

fn stride(stride: i32) -> Result<u8, Problem> {
    let valid = u8::try_from(stride).ok().filter(|stride| *stride > 0);
    valid.ok_or(Problem::Option {
        what: "stride",
        found: stride.into(),
        supported: "1 to 255",
    })
}

fn small(kernel: usize) -> Result<u16, Problem> {
    let valid = u16::try_from(kernel).ok().filter(|kernel| *kernel > 0);
    valid.ok_or(Problem::TooLarge {
        what: "rows or columns in a kernel",
        found: kernel as u64,
        limit: u16::MAX.into(),
    })
}

fn before(padding: usize) -> Result<u8, Problem> {
    u8::try_from(padding).map_err(|_| Problem::TooLarge {
        what: "rows or columns of padding",
        found: padding as u64,
        limit: u8::MAX.into(),
    })
}

/// Refuses kernels with gaps.
pub fn no_dilation(context: &Context, first: usize) -> Result<(), Problem> {
    for index in [first, first + 1] {
        let found = context.integer(index, "dilation", 1)?;
        if found != 1 {
            return Err(Problem::Option {
                what: "dilation",
                found: found.into(),
                supported: "1",
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::axis;

    #[test]
    fn same_and_valid() {
        let of = |input, kernel, stride, same| {
            axis(input, kernel, stride, same).map(|axis| (axis.output, axis.before))
        };
        assert_eq!(of(49, 10, 2, true), Some((25, 4)));
        assert_eq!(of(10, 4, 2, true), Some((5, 1)));
        assert_eq!(of(96, 3, 2, true), Some((48, 0)));
        assert_eq!(of(3, 3, 1, false), Some((1, 0)));
        assert_eq!(of(7, 3, 2, false), Some((3, 0)));
        assert_eq!(of(2, 3, 1, false), None);
    }
}
