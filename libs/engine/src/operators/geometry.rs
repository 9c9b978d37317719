//! Where a sliding window lies on its input, for every output position.

use core::ops::Range;

use crate::error::{OperatorFault, RunError};
use crate::format::Window;

/// A window's numbers, widened once.
#[derive(Clone, Copy)]
pub struct Geometry {
    pub input_height: usize,
    pub input_width: usize,
    pub input_channels: usize,
    pub output_height: usize,
    pub output_width: usize,
    pub output_channels: usize,
    pub kernel_height: usize,
    pub kernel_width: usize,
    pub stride_down: usize,
    pub stride_across: usize,
    pub padding_top: usize,
    pub padding_left: usize,
    /// Rows from one tap of the kernel to the next.
    pub dilation_down: usize,
    /// Columns from one tap of the kernel to the next.
    pub dilation_across: usize,
}

impl Geometry {
    /// Widens a window's numbers.
    pub fn of(window: &Window) -> Self {
        let [input_height, input_width, input_channels] = window.input.map(usize::from);
        let [output_height, output_width, output_channels] = window.output.map(usize::from);
        let [kernel_height, kernel_width] = window.kernel.map(usize::from);
        let [stride_down, stride_across] = window.stride.map(usize::from);
        let [padding_top, padding_left] = window.padding.map(usize::from);
        let [dilation_down, dilation_across] = window.gaps.map(|gap| usize::from(gap) + 1);
        Self {
            input_height,
            input_width,
            input_channels,
            output_height,
            output_width,
            output_channels,
            kernel_height,
            kernel_width,
            stride_down,
            stride_across,
            padding_top,
            padding_left,
            dilation_down,
            dilation_across,
        }
    }

    /// The rows of the input under the window of output row `row`, which has no gaps.
    pub fn rows(&self, row: usize) -> Range<usize> {
        overlap(
            row * self.stride_down,
            self.padding_top,
            self.kernel_height,
            self.input_height,
        )
    }

    /// The columns of the input under the window of output column `column`, which has
    /// no gaps.
    pub fn columns(&self, column: usize) -> Range<usize> {
        overlap(
            column * self.stride_across,
            self.padding_left,
            self.kernel_width,
            self.input_width,
        )
    }

    /// Elements from the first of `columns` to the last, in input row `row`.
    pub fn segment<'a>(
        &self,
        input: &'a [u8],
        row: usize,
        columns: &Range<usize>,
    ) -> Result<&'a [u8], RunError> {
        let start = (row * self.input_width + columns.start) * self.input_channels;
        let length = columns.len() * self.input_channels;
        input
            .get(start..)
            .and_then(|tail| tail.get(..length))
            .ok_or(RunError::Inconsistent)
    }
}

/// The part of a window of `kernel` elements that starts `padding` before
/// `start` and lies on `0..limit`.
fn overlap(start: usize, padding: usize, kernel: usize, limit: usize) -> Range<usize> {
    let end = (start + kernel).saturating_sub(padding).min(limit);
    start.saturating_sub(padding).min(end)..end
}

/// Refuses windows that could lie wholly in the padding.
pub fn check(window: &Window) -> Result<(), OperatorFault> {
    let sizes = window.input.iter().chain(&window.output);
    let mut sizes = sizes.chain(&window.kernel);
    if sizes.any(|size| *size == 0) || window.stride.contains(&0) {
        return Err(OperatorFault::Shape);
    }
    let geometry = Geometry::of(window);
    let last_row = (geometry.output_height - 1) * geometry.stride_down;
    let last_column = (geometry.output_width - 1) * geometry.stride_across;
    // From the first tap to the last, gaps included.
    let height = (geometry.kernel_height - 1) * geometry.dilation_down + 1;
    let width = (geometry.kernel_width - 1) * geometry.dilation_across + 1;
    if geometry.padding_top >= height
        || geometry.padding_left >= width
        || last_row >= geometry.input_height + geometry.padding_top
        || last_column >= geometry.input_width + geometry.padding_left
    {
        return Err(OperatorFault::Window);
    }
    Ok(())
}

/// `height × width × channels`, if 32 bits hold it.
pub fn volume(shape: [u16; 3]) -> Result<u32, OperatorFault> {
    product(&shape.map(u32::from))
}

/// A product that 32 bits hold.
pub fn product(factors: &[u32]) -> Result<u32, OperatorFault> {
    let mut product = 1u32;
    for factor in factors {
        product = product.checked_mul(*factor).ok_or(OperatorFault::Shape)?;
    }
    Ok(product)
}

/// A sum that 32 bits hold.
pub fn sum(first: u32, second: u32) -> Result<u32, OperatorFault> {
    first.checked_add(second).ok_or(OperatorFault::Shape)
}
