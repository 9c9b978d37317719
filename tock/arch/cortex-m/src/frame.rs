//! The registers that the processor itself keeps on the stack of the code that
//! an exception stops (Arm DDI 0403, B1.5.6 and B1.5.8).

use core::ops::Range;

/// An exception frame, as it lies on the stack.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Frame {
    /// First argument, first result.
    pub r0: u32,
    /// Second.
    pub r1: u32,
    /// Third.
    pub r2: u32,
    /// Fourth.
    pub r3: u32,
    /// Scratch.
    pub r12: u32,
    /// Where the code returns to.
    pub lr: u32,
    /// Where it continues.
    pub pc: u32,
    /// Flags and what belongs to them.
    pub xpsr: u32,
}

/// Bytes of a frame on the stack.
pub const FRAME_BYTES: u32 = size_of::<Frame>() as u32;

/// Set in `xPSR`: the instruction set is Thumb, the only one.
pub const THUMB: u32 = 1 << 24;
/// Set in a frame's `xPSR`: there is an unused word above the frame, so that it
/// is aligned to eight bytes.
const PADDED: u32 = 1 << 9;
/// What belongs to the code in `xPSR`: flags, and where it is in an if-then
/// block or in a load or store of many registers. Not the exception number.
const OF_CODE: u32 = 0xfe0f_fc00 | THUMB;

impl Frame {
    /// Prepares the frame for its place on the stack of code whose stack pointer is
    /// `sp`, and says where that is. `None` if it is not inside `stack`, or `sp` is
    /// not aligned.
    pub fn place(&mut self, sp: u32, stack: &Range<u32>) -> Option<u32> {
        let place = sp.checked_sub(FRAME_BYTES)? & !7;
        let inside = sp.is_multiple_of(4) && stack.start <= place && sp <= stack.end;
        let padded = match sp & 4 {
            0 => 0,
            _ => PADDED,
        };
        self.xpsr = self.xpsr & OF_CODE | THUMB | padded;
        inside.then_some(place)
    }

    /// The stack pointer of the code whose frame the processor has put at `place`.
    pub fn sp_above(&self, place: u32) -> u32 {
        let padding = match self.xpsr & PADDED {
            0 => 0,
            _ => 4,
        };
        place.wrapping_add(FRAME_BYTES).wrapping_add(padding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STACK: Range<u32> = 0x2002_4000..0x2002_5000;

    #[test]
    fn a_frame_is_aligned_and_gives_the_stack_pointer_back() {
        for sp in (STACK.start + 36..=STACK.end).step_by(4) {
            let mut frame = Frame::default();
            let place = frame.place(sp, &STACK).unwrap();
            assert!(place.is_multiple_of(8) && place + FRAME_BYTES <= sp);
            assert_eq!(frame.sp_above(place), sp);
        }
    }

    #[test]
    fn a_frame_keeps_to_the_stack() {
        let fits = |sp| Frame::default().place(sp, &STACK).is_some();
        assert!(fits(STACK.start + 32) && fits(STACK.end));
        for sp in [
            0,
            31,
            STACK.start,
            STACK.start + 28,
            STACK.start + 33,
            STACK.end - 2,
            STACK.end + 4,
            u32::MAX - 3,
        ] {
            assert!(!fits(sp), "{sp:#x}");
        }
        assert_eq!(Frame::default().place(STACK.end, &(0..0)), None);
    }

    #[test]
    fn no_exception_number_reaches_a_process() {
        let mut frame = Frame {
            xpsr: u32::MAX,
            ..Frame::default()
        };
        frame.place(STACK.end, &STACK).unwrap();
        assert_eq!(frame.xpsr & (0x1ff | PADDED), 0);
        let mut frame = Frame::default();
        frame.place(STACK.end, &STACK).unwrap();
        assert_eq!(frame.xpsr, THUMB);
    }
}
