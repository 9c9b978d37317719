//! Windows that slide over an image.

/// A window's sizes, each down and across.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Rows and columns of the kernel.
    pub kernel: [usize; 2],
    /// Pixels from one window to the next.
    pub stride: [usize; 2],
    /// Pixels from one row or column of the kernel to the next.
    pub dilation: [usize; 2],
    /// Whether the image is padded so that the output has ⌈input ÷ stride⌉ rows and
    /// columns ("same"), or not at all ("valid").
    pub same: bool,
}

/// A place in a kernel, and the pixel of the input that lies under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tap {
    /// Number in the kernel, row by row.
    pub tap: usize,
    /// Row of the input.
    pub row: usize,
    /// Column of the input.
    pub column: usize,
}

impl Window {
    /// One pixel, unpadded.
    pub const PIXEL: Self = Self {
        kernel: [1, 1],
        stride: [1, 1],
        dilation: [1, 1],
        same: false,
    };

    /// Pixels from the kernel's first row or column to its last, inclusive.
    fn extent(&self, axis: usize) -> usize {
        (self.kernel[axis] - 1) * self.dilation[axis] + 1
    }

    /// Rows (`axis` 0) or columns (1) of the output; 0 where the kernel does not fit.
    pub fn output(&self, axis: usize, input: usize) -> usize {
        if self.same {
            return input.div_ceil(self.stride[axis]);
        }
        (input + self.stride[axis]).saturating_sub(self.extent(axis)) / self.stride[axis]
    }

    /// Padding above or to the left; what is odd goes to the other end.
    fn before(&self, axis: usize, input: usize) -> usize {
        if !self.same {
            return 0;
        }
        let last = (self.output(axis, input) - 1) * self.stride[axis];
        (last + self.extent(axis)).saturating_sub(input) / 2
    }

    /// Where the taps of the window at output row and column `place` lie on an image of
    /// `size` rows and columns. Those in the padding, which stands for zero, are left
    /// out.
    pub fn taps(&self, size: [usize; 2], place: [usize; 2]) -> impl Iterator<Item = Tap> + '_ {
        let taps = 0..self.kernel[0] * self.kernel[1];
        taps.filter_map(move |tap| {
            let [down, across] = [tap / self.kernel[1], tap % self.kernel[1]];
            Some(Tap {
                tap,
                row: self.input(0, size[0], place[0], down)?,
                column: self.input(1, size[1], place[1], across)?,
            })
        })
    }

    /// The row or column of the input under `tap` of the window of `output`; nothing
    /// in the padding.
    fn input(&self, axis: usize, input: usize, output: usize, tap: usize) -> Option<usize> {
        let padded = output * self.stride[axis] + tap * self.dilation[axis];
        let position = padded.checked_sub(self.before(axis, input))?;
        (position < input).then_some(position)
    }
}

#[cfg(test)]
mod tests {
    use super::Window;

    #[test]
    fn same_and_valid() {
        let window = |same| Window {
            kernel: [3, 4],
            stride: [2, 3],
            dilation: [1, 2],
            same,
        };
        assert_eq!(window(true).output(0, 9), 5);
        assert_eq!(window(false).output(0, 9), 4);
        assert_eq!(window(false).output(0, 2), 0);
        // Columns: the kernel spans 7 pixels; of 6, the second window starts at 3.
        assert_eq!(window(true).output(1, 6), 2);
        assert_eq!(window(true).input(1, 6, 0, 0), None);
        assert_eq!(window(true).input(1, 6, 0, 1), Some(0));
        assert_eq!(window(true).input(1, 6, 1, 3), None);
    }
}
