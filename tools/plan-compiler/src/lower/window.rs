//! Strides, padding and output size of operators that slide a window.

use anchorhold_engine::format::Window;

use super::context::Context;
use crate::error::Problem;
use crate::tensor::Tensor;

/// The window of an operator whose options hold padding and strides first.
pub fn window(
    context: &Context,
    [input, output]: [&Tensor; 2],
    kernel: [usize; 2],
    dilation: [u8; 2],
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
    let across = step("stride", context.integer(1, "stride", 0)?)?;
    let down = step("stride", context.integer(2, "stride", 0)?)?;
    let image = input.image()?;
    let gaps = [gap(kernel[0], dilation[0]), gap(kernel[1], dilation[1])];
    // From the first tap to the last.
    let span = |index: usize| {
        let rest = kernel[index].saturating_sub(1);
        rest.saturating_mul(usize::from(gaps[index]) + 1) + 1
    };
    let too_small = || input.unexpected("an image not smaller than the kernel".into());
    let rows = axis(image[0].into(), span(0), down.into(), same).ok_or_else(too_small)?;
    let columns = axis(image[1].into(), span(1), across.into(), same).ok_or_else(too_small)?;
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
        gaps,
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

/// What lies between two taps; a kernel of one tap has no gaps.
fn gap(kernel: usize, dilation: u8) -> u8 {
    if kernel == 1 {
        return 0;
    }
    dilation.saturating_sub(1)
}

/// A stride or dilation.
fn step(what: &'static str, found: i32) -> Result<u8, Problem> {
    let valid = u8::try_from(found).ok().filter(|found| *found > 0);
    valid.ok_or(Problem::Option {
        what,
        found: found.into(),
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

/// Dilation down and across, whose options are `first` (across) and the next (down).
pub fn dilation(context: &Context, first: usize) -> Result<[u8; 2], Problem> {
    let option = |index| step("dilation", context.integer(index, "dilation", 1)?);
    Ok([option(first + 1)?, option(first)?])
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
