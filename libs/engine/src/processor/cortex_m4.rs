//! Cortex-M4: two products at a time, by the DSP instructions of Armv7E-M.
//!
//! Inputs are widened to 16 bits once for all output channels. `SXTB16` takes bytes
//! 0 and 2 of a word, or 1 and 3; inputs and weights are kept in that order, so that
//! `SMLAD` multiplies like with like.
#![allow(unsafe_code)]

use core::arch::{asm, naked_asm};

use super::{portable, Inputs, Kernel, Sums};
use crate::format::GROUP;
use crate::stream::QUAD_BYTES;

/// Output positions that a convolution computes together.
pub const POSITIONS: usize = 2;

/// One input of each of four channels, as 16-bit values: channels 0, 2, 1, 3.
pub type Pixel = [u8; 2 * GROUP];

/// Four bytes as 16-bit values: bytes 0, 2, 1, 3.
#[inline(always)]
fn widen(bytes: [u8; 4]) -> [u8; 8] {
    let bytes = u32::from_le_bytes(bytes);
    let (even, odd): (u32, u32);
    // SAFETY: the instructions change their result and nothing else.
    unsafe {
        asm!("sxtb16 {even}, {bytes}", "sxtb16 {odd}, {bytes}, ror #8",
            bytes = in(reg) bytes, even = out(reg) even, odd = lateout(reg) odd,
            options(pure, nomem, nostack, preserves_flags));
    }
    (u64::from(odd) << 32 | u64::from(even)).to_le_bytes()
}

/// The four values that [`widen`] made, in the bytes' order.
#[inline(always)]
fn values(wide: &[u8; 8]) -> [i32; 4] {
    let [a, b, c, d, e, f, g, h] = *wide;
    [[a, b], [e, f], [c, d], [g, h]].map(|value| i16::from_le_bytes(value).into())
}

/// The pixel of four channels.
#[inline(always)]
pub fn pixel(channels: [u8; GROUP]) -> Pixel {
    widen(channels)
}

/// The channels of a pixel.
#[inline(always)]
pub fn channels(pixel: &Pixel) -> [i32; GROUP] {
    values(pixel)
}

/// `a × b ÷ 2³²`, rounded to nearest, halves up.
#[inline(always)]
fn multiply_upper(a: i32, b: i32) -> i32 {
    let upper;
    // SAFETY: the instruction changes its result and nothing else.
    unsafe {
        asm!("smmulr {upper}, {a}, {b}",
            a = in(reg) a, b = in(reg) b, upper = lateout(reg) upper,
            options(pure, nomem, nostack, preserves_flags));
    }
    upper
}

/// Whether limiting to int8 takes fewer instructions than limiting to anything else.
pub const SATURATES: bool = true;

/// From a channel's sums, which are below 2²⁸, to its outputs: all that cannot change
/// between sums is done before.
#[derive(Clone, Copy)]
pub struct Scale {
    bias: i32,
    multiplier: i32,
    shift: u32,
    zero_point: i32,
}

impl Scale {
    /// For a factor of `multiplier × 2^−(32 + shift)`, `shift` at most 15.
    #[inline(always)]
    pub fn new(bias: i32, multiplier: i32, shift: u32, zero_point: i32) -> Self {
        Self {
            bias: bias << 1,
            multiplier,
            shift,
            // With the half that rounds.
            zero_point: (zero_point << 1) + 1,
        }
    }

    /// An output, not yet limited. The last halving is part of the instruction that
    /// saturates.
    #[inline(always)]
    pub fn apply(self, sum: i32) -> i32 {
        let high = multiply_upper((sum << 1).wrapping_add(self.bias), self.multiplier);
        let away = high.wrapping_add(high >> 31);
        ((away >> self.shift) + self.zero_point) >> 1
    }
}

/// Whether instructions that load several words may start here.
#[inline(always)]
fn is_aligned<T>(slice: &[T]) -> bool {
    slice.as_ptr().addr().is_multiple_of(4)
}

/// The inputs under the windows of two output positions: four widened inputs of the
/// first, four of the second, and so on.
pub struct Block<'a> {
    fours: &'a mut [[[u8; 8]; POSITIONS]],
}

impl<'a> Block<'a> {
    /// A block in `scratch` whose windows have `length` fours: 16 × `length` bytes.
    pub fn new(scratch: &'a mut [u8], length: usize) -> Self {
        let fours = scratch.as_chunks_mut().0.as_chunks_mut().0;
        let length = length.min(fours.len());
        Self {
            fours: fours.get_mut(..length).unwrap_or_default(),
        }
    }

    /// Puts `inputs` into the window at `position`, from its four `start` on.
    #[inline(always)]
    pub fn place(&mut self, position: usize, start: usize, inputs: &[Inputs]) {
        let target = self.fours.get_mut(start..).unwrap_or_default();
        for (target, inputs) in target.iter_mut().zip(inputs) {
            target[position & 1] = widen(*inputs);
        }
    }

    /// Fills the window at `position`.
    pub fn fill(&mut self, position: usize, inputs: Inputs) {
        for four in self.fours.iter_mut() {
            four[position & 1] = widen(inputs);
        }
    }

    /// Replaces `sums` by those of all products of `weights` with each window.
    #[inline(always)]
    pub fn sums(&self, weights: &[[u8; QUAD_BYTES]], sums: &mut [Sums; POSITIONS]) {
        let fits = !self.fours.is_empty() && self.fours.len() <= weights.len();
        if !(fits && is_aligned(self.fours) && is_aligned(weights)) {
            return self.sums_anywhere(weights, sums);
        }
        let inputs = self.fours.as_ptr_range();
        // SAFETY: both slices start at words, the inputs are not empty, and there are
        // at least as many quads of weights as fours of inputs.
        unsafe { two_by_four(sums, inputs.start, weights.as_ptr(), inputs.end) };
    }

    /// The same for slices that start between words.
    #[cold]
    fn sums_anywhere(&self, weights: &[[u8; QUAD_BYTES]], sums: &mut [Sums; POSITIONS]) {
        *sums = Default::default();
        for (weights, inputs) in weights.iter().zip(self.fours.iter()) {
            for (sums, inputs) in sums.iter_mut().zip(inputs) {
                for (sum, weights) in sums.iter_mut().zip(weights.as_chunks().0) {
                    for (weight, input) in values(&widen(*weights)).iter().zip(values(inputs)) {
                        *sum = sum.wrapping_add(weight * input);
                    }
                }
            }
        }
    }
}

/// Four inputs of two positions with four weights of two channels.
macro_rules! two_by_two_fours {
    () => {
        "ldmia  r1!, {{r8-r11}}
         ldrd   r12, lr, [r2], #16
         sxtb16 r0, r12
         smlad  r4, r8, r0, r4
         smlad  r5, r10, r0, r5
         sxtb16 r12, r12, ror #8
         smlad  r4, r9, r12, r4
         smlad  r5, r11, r12, r5
         sxtb16 r0, lr
         smlad  r6, r8, r0, r6
         smlad  r7, r10, r0, r7
         sxtb16 lr, lr, ror #8
         smlad  r6, r9, lr, r6
         smlad  r7, r11, lr, r7"
    };
}

/// Two positions, four channels: channels 0 and 1 first, then 2 and 3, which are two
/// words on, in weights and in sums.
///
/// # Safety
///
/// All are at words, `inputs` is before `end`, and a quad of weights can be read for
/// every four of inputs.
#[unsafe(naked)]
unsafe extern "C" fn two_by_four(
    sums: &mut [Sums; POSITIONS],
    inputs: *const [[u8; 8]; POSITIONS],
    weights: *const [u8; QUAD_BYTES],
    end: *const [[u8; 8]; POSITIONS],
) {
    naked_asm!(
        "push   {{r4-r11, lr}}",
        "add    r12, r0, #16",
        "push   {{r0, r1, r2, r12}}",
        "1:",
        "mov    r4, #0",
        "mov    r5, #0",
        "mov    r6, #0",
        "mov    r7, #0",
        // The loop takes four fours at a time; what is too few goes first.
        "sub    r12, r3, r1",
        "ands   r12, r12, #48",
        "beq    2f",
        "cmp    r12, #32",
        "bhi    3f",
        "beq    4f",
        "b      5f",
        "2:",
        two_by_two_fours!(),
        "3:",
        two_by_two_fours!(),
        "4:",
        two_by_two_fours!(),
        "5:",
        two_by_two_fours!(),
        "cmp    r1, r3",
        "bne    2b",
        "ldmia  sp, {{r0, r1, r2, r12}}",
        "strd   r5, r7, [r0, #16]",
        "strd   r4, r6, [r0], #8",
        "add    r2, r2, #8",
        "stmia  sp, {{r0, r1, r2}}",
        "cmp    r0, r12",
        "bne    1b",
        "add    sp, sp, #16",
        "pop    {{r4-r11, pc}}",
    )
}

/// One position, four channels: adds what `weights` and `inputs`, walked in step,
/// come to. The shorter one ends the loop.
pub fn one_by_four(sums: &mut Sums, weights: &[[u8; QUAD_BYTES]], inputs: &[Inputs]) {
    let inputs = inputs.get(..weights.len()).unwrap_or(inputs);
    if inputs.is_empty() || !is_aligned(inputs) || !is_aligned(weights) {
        return portable::one_by_four(sums, weights, inputs);
    }
    let range = inputs.as_ptr_range();
    // SAFETY: both slices start at words, the inputs are not empty, and there are at
    // least as many quads of weights as fours of inputs.
    unsafe { fours_by_quads(sums, range.start, weights.as_ptr(), range.end) };
}

/// Four inputs with four weights of each of four channels.
macro_rules! four_by_quad {
    () => {
        "ldr    lr, [r1], #4
         ldmia  r2!, {{r8-r11}}
         sxtb16 r12, lr
         sxtb16 lr, lr, ror #8
         sxtb16 r0, r8
         sxtb16 r8, r8, ror #8
         smlad  r4, r12, r0, r4
         smlad  r4, lr, r8, r4
         sxtb16 r0, r9
         sxtb16 r9, r9, ror #8
         smlad  r5, r12, r0, r5
         smlad  r5, lr, r9, r5
         sxtb16 r0, r10
         sxtb16 r10, r10, ror #8
         smlad  r6, r12, r0, r6
         smlad  r6, lr, r10, r6
         sxtb16 r0, r11
         sxtb16 r11, r11, ror #8
         smlad  r7, r12, r0, r7
         smlad  r7, lr, r11, r7"
    };
}

/// # Safety
///
/// All are at words, `inputs` is before `end`, and a quad of weights can be read for
/// every four inputs.
#[unsafe(naked)]
unsafe extern "C" fn fours_by_quads(
    sums: *mut Sums,
    inputs: *const Inputs,
    weights: *const [u8; QUAD_BYTES],
    end: *const Inputs,
) {
    naked_asm!(
        "push  {{r0, r4-r11, lr}}",
        "ldmia r0, {{r4-r7}}",
        // The loop takes four fours at a time; what is too few goes first.
        "sub   r12, r3, r1",
        "ands  r12, r12, #12",
        "beq   2f",
        "cmp   r12, #8",
        "bhi   3f",
        "beq   4f",
        "b     5f",
        "2:",
        four_by_quad!(),
        "3:",
        four_by_quad!(),
        "4:",
        four_by_quad!(),
        "5:",
        four_by_quad!(),
        "cmp   r1, r3",
        "bne   2b",
        "pop   {{r0}}",
        "stmia r0, {{r4-r7}}",
        "pop   {{r4-r11, pc}}",
    )
}

/// As many positions as there are sums, `stride` pixels apart, under a kernel of
/// 3 × 3: four channels that do not mix.
pub fn three_by_three(sums: &mut [Sums], kernel: &Kernel, lines: [&[Pixel]; 3], stride: usize) {
    let last = sums.len().saturating_sub(1).saturating_mul(stride);
    let fit = |line: &&[Pixel]| line.len() >= last.saturating_add(3) && is_aligned(line);
    if sums.is_empty() || !lines.iter().all(fit) {
        return portable::three_by_three(sums, kernel, lines, stride);
    }
    let range = sums.as_mut_ptr_range();
    let lines = lines.map(<[Pixel]>::as_ptr);
    let step = stride * size_of::<Pixel>();
    // SAFETY: all start at words, there is at least one position, and the lines are as
    // long as the windows of all positions.
    unsafe { positions_of_nine(range.start, range.end, &lines, kernel, step) };
}

/// One of nine taps: `$x` is its offset in its line, whose register is `$line`.
macro_rules! tap {
    ($line:literal, $x:literal, $w:literal) => {
        concat!(
            "ldrd   r8, r9, [",
            $line,
            ", #",
            $x,
            "]\n",
            "ldrd   r10, r11, [r3, #",
            $w,
            "]\n",
            "smlabb r4, r8, r10, r4\n",
            "smlabb r5, r9, r11, r5\n",
            "smlatt r6, r8, r10, r6\n",
            "smlatt r7, r9, r11, r7\n",
        )
    };
}

/// # Safety
///
/// All are at words, `sums` is before `end`, and each line has three pixels at `step`
/// bytes times each position.
#[unsafe(naked)]
unsafe extern "C" fn positions_of_nine(
    sums: *mut Sums,
    end: *mut Sums,
    lines: &[*const Pixel; 3],
    kernel: &Kernel,
    step: usize,
) {
    naked_asm!(
        "push   {{r4-r11, lr}}",
        "ldr    lr, [r2, #8]",
        "ldrd   r2, r12, [r2]",
        "2:",
        // The first tap starts the sums.
        "ldrd   r8, r9, [r2]",
        "ldrd   r10, r11, [r3]",
        "smulbb r4, r8, r10",
        "smulbb r5, r9, r11",
        "smultt r6, r8, r10",
        "smultt r7, r9, r11",
        tap!("r2", "8", "8"),
        tap!("r2", "16", "16"),
        tap!("r12", "0", "24"),
        tap!("r12", "8", "32"),
        tap!("r12", "16", "40"),
        tap!("lr", "0", "48"),
        tap!("lr", "8", "56"),
        tap!("lr", "16", "64"),
        "stmia  r0!, {{r4-r7}}",
        "ldr    r8, [sp, #36]",
        "add    r2, r2, r8",
        "add    r12, r12, r8",
        "add    lr, lr, r8",
        "cmp    r0, r1",
        "bne    2b",
        "pop    {{r4-r11, pc}}",
    )
}

/// `bytes` as words; none if they do not start at a word.
#[inline(always)]
pub fn as_words(bytes: &[u8]) -> &[i32] {
    let start = bytes.as_ptr();
    if !start.addr().is_multiple_of(4) {
        return &[];
    }
    // SAFETY: the words lie in the bytes, the first is aligned, and any bytes are an
    // integer.
    unsafe { core::slice::from_raw_parts(start.cast(), bytes.len() / 4) }
}

/// Widens the first four of every `stride` bytes of `source`.
#[inline(always)]
pub fn load_pixels(target: &mut [Pixel], source: &[u8], stride: usize) {
    for (target, source) in target.iter_mut().zip(source.chunks(stride.max(1))) {
        if let Some(four) = source.first_chunk() {
            *target = pixel(*four);
        }
    }
}

/// Copies four bytes: by a word, wherever they lie.
#[inline(always)]
pub fn copy_four(target: &mut [u8; 4], source: &[u8; 4]) {
    *target = *source;
}
