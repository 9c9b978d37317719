//! RV32IM: as many sums in registers as there are registers.
//!
//! Byte loads extend the sign for nothing, so that inputs and weights stay as they
//! are. Four positions times four channels make 16 sums, which leave the registers
//! that 4 inputs, a weight and a product need.
#![allow(unsafe_code)]

use core::arch::naked_asm;

use super::{GroupHeader, Inputs, Kernel, Limits, Pixel, Sums};
use crate::format::GROUP;
use crate::stream::QUAD_BYTES;

/// Four positions, four channels: replaces `sums` by those of all products of
/// `weights` with each of four windows of `length` fours.
#[inline(always)]
pub fn four_by_four(
    sums: &mut [Sums; 4],
    weights: &[[u8; QUAD_BYTES]],
    windows: &[Inputs],
    length: usize,
) {
    // More fours than fit memory would not be there, so that 16 × `length` is no problem.
    let is_there = weights.len() >= length && windows.len() / 4 >= length;
    if length > 0 && is_there {
        let end = weights.as_ptr().wrapping_add(length);
        // SAFETY: there is at least one quad of weights, and all that `length` says.
        unsafe { sixteen_sums(sums, weights.as_ptr(), end, windows.as_ptr(), 4 * length) };
    }
}

/// # Safety
///
/// `weights` is before `end`, and every window, `stride` bytes after the one before,
/// has a four for each quad between them.
#[unsafe(naked)]
unsafe extern "C" fn sixteen_sums(
    sums: &mut [Sums; 4],
    weights: *const [u8; QUAD_BYTES],
    end: *const [u8; QUAD_BYTES],
    windows: *const Inputs,
    stride: usize,
) {
    naked_asm!(
        // Assemblers may forget what the target has.
        ".option push",
        ".option arch, +m, +c",
        // A weight, which is at `offset`, with an input of each position: its sums.
        ".macro channel offset, first, second, third, fourth",
        "lb   a0, \\offset(a1)",
        "mul  ra, t0, a0",
        "add  \\first, \\first, ra",
        "mul  ra, t1, a0",
        "add  \\second, \\second, ra",
        "mul  ra, t2, a0",
        "add  \\third, \\third, ra",
        "mul  ra, a3, a0",
        "add  \\fourth, \\fourth, ra",
        ".endm",
        // A quad of weights and fours of inputs, which are at these offsets.
        ".macro quad weights, inputs",
        ".irp element,0,1,2,3",
        "lb   t0, \\inputs+\\element(a4)",
        "lb   t1, \\inputs+\\element(a5)",
        "lb   t2, \\inputs+\\element(a6)",
        "lb   a3, \\inputs+\\element(a7)",
        "channel \\weights+\\element, s0, s4, s8, t3",
        "channel \\weights+\\element+4, s1, s5, s9, t4",
        "channel \\weights+\\element+8, s2, s6, s10, t5",
        "channel \\weights+\\element+12, s3, s7, s11, t6",
        ".endr",
        ".endm",
        "addi sp, sp, -64",
        "sw   ra, 0(sp)",
        "sw   s0, 4(sp)",
        "sw   s1, 8(sp)",
        "sw   s2, 12(sp)",
        "sw   s3, 16(sp)",
        "sw   s4, 20(sp)",
        "sw   s5, 24(sp)",
        "sw   s6, 28(sp)",
        "sw   s7, 32(sp)",
        "sw   s8, 36(sp)",
        "sw   s9, 40(sp)",
        "sw   s10, 44(sp)",
        "sw   s11, 48(sp)",
        "sw   a0, 52(sp)",
        "add  a5, a3, a4",
        "add  a6, a5, a4",
        "add  a7, a6, a4",
        "mv   a4, a3",
        ".irp sum,s0,s1,s2,s3,s4,s5,s6,s7,s8,s9,s10,s11,t3,t4,t5,t6",
        "li   \\sum, 0",
        ".endr",
        // The loop takes two quads at a time; an odd one goes first, as a second.
        "sub  t0, a2, a1",
        "andi t0, t0, 16",
        "beqz t0, 2f",
        "addi a1, a1, -16",
        "addi a4, a4, -4",
        "addi a5, a5, -4",
        "addi a6, a6, -4",
        "addi a7, a7, -4",
        "j    3f",
        "2:",
        "quad 0, 0",
        "3:",
        "quad 16, 4",
        "addi a1, a1, 32",
        "addi a4, a4, 8",
        "addi a5, a5, 8",
        "addi a6, a6, 8",
        "addi a7, a7, 8",
        "bne  a1, a2, 2b",
        "lw   a0, 52(sp)",
        "sw   s0, 0(a0)",
        "sw   s1, 4(a0)",
        "sw   s2, 8(a0)",
        "sw   s3, 12(a0)",
        "sw   s4, 16(a0)",
        "sw   s5, 20(a0)",
        "sw   s6, 24(a0)",
        "sw   s7, 28(a0)",
        "sw   s8, 32(a0)",
        "sw   s9, 36(a0)",
        "sw   s10, 40(a0)",
        "sw   s11, 44(a0)",
        "sw   t3, 48(a0)",
        "sw   t4, 52(a0)",
        "sw   t5, 56(a0)",
        "sw   t6, 60(a0)",
        "lw   ra, 0(sp)",
        "lw   s0, 4(sp)",
        "lw   s1, 8(sp)",
        "lw   s2, 12(sp)",
        "lw   s3, 16(sp)",
        "lw   s4, 20(sp)",
        "lw   s5, 24(sp)",
        "lw   s6, 28(sp)",
        "lw   s7, 32(sp)",
        "lw   s8, 36(sp)",
        "lw   s9, 40(sp)",
        "lw   s10, 44(sp)",
        "lw   s11, 48(sp)",
        "addi sp, sp, 64",
        "ret",
        ".purgem channel",
        ".purgem quad",
        ".option pop",
    )
}

/// One position, four channels: adds what `weights` and `inputs`, walked in step,
/// come to. The shorter one ends the loop.
pub fn one_by_four(sums: &mut Sums, weights: &[[u8; QUAD_BYTES]], inputs: &[Inputs]) {
    let length = weights.len().min(inputs.len());
    let range = weights.get(..length).unwrap_or_default().as_ptr_range();
    if !range.is_empty() {
        // SAFETY: there is at least one quad of weights, and a four of inputs for each.
        unsafe { four_sums(sums, range.start, range.end, inputs.as_ptr()) };
    }
}

/// # Safety
///
/// `weights` is before `end`, and there is a four of inputs for each quad between them.
#[unsafe(naked)]
unsafe extern "C" fn four_sums(
    sums: &mut Sums,
    weights: *const [u8; QUAD_BYTES],
    end: *const [u8; QUAD_BYTES],
    inputs: *const Inputs,
) {
    naked_asm!(
        // Assemblers may forget what the target has.
        ".option push",
        ".option arch, +m, +c",
        // A quad of weights and a four of inputs, which are at these offsets.
        ".macro quad weights, inputs",
        ".irp element,0,1,2,3",
        "lb   t0, \\inputs+\\element(a3)",
        "lb   t1, \\weights+\\element(a1)",
        "lb   t2, \\weights+\\element+4(a1)",
        "lb   a4, \\weights+\\element+8(a1)",
        "lb   a5, \\weights+\\element+12(a1)",
        "mul  t1, t0, t1",
        "mul  t2, t0, t2",
        "mul  a4, t0, a4",
        "mul  a5, t0, a5",
        "add  t3, t3, t1",
        "add  t4, t4, t2",
        "add  t5, t5, a4",
        "add  t6, t6, a5",
        ".endr",
        ".endm",
        "lw   t3, 0(a0)",
        "lw   t4, 4(a0)",
        "lw   t5, 8(a0)",
        "lw   t6, 12(a0)",
        // The loop takes two quads at a time; an odd one goes first, as a second.
        "sub  t0, a2, a1",
        "andi t0, t0, 16",
        "beqz t0, 2f",
        "addi a1, a1, -16",
        "addi a3, a3, -4",
        "j    3f",
        "2:",
        "quad 0, 0",
        "3:",
        "quad 16, 4",
        "addi a1, a1, 32",
        "addi a3, a3, 8",
        "bne  a1, a2, 2b",
        "sw   t3, 0(a0)",
        "sw   t4, 4(a0)",
        "sw   t5, 8(a0)",
        "sw   t6, 12(a0)",
        "ret",
        ".purgem quad",
        ".option pop",
    )
}

/// As many positions as there are sums, `stride` pixels apart, under a kernel of
/// 3 × 3: four channels that do not mix. Sums stay as they are where a line is too
/// short.
pub fn three_by_three(sums: &mut [Sums], kernel: &Kernel, lines: [&[Pixel]; 3], stride: usize) {
    let last = sums.len().saturating_sub(1).saturating_mul(stride);
    let fit = |line: &&[Pixel]| line.len() >= last.saturating_add(3);
    if sums.is_empty() || !lines.iter().all(fit) {
        return;
    }
    let range = sums.as_mut_ptr_range();
    let lines = lines.map(<[Pixel]>::as_ptr);
    let step = stride * size_of::<Pixel>();
    // SAFETY: there is at least one position, and the lines are as long as the windows
    // of all positions.
    unsafe { positions_of_nine(range.start, range.end, &lines, kernel, step) };
}

/// One channel after the other, so that its nine weights stay in registers.
///
/// # Safety
///
/// `sums` is before `end`, and each line has three pixels at `step` bytes times each
/// position.
#[unsafe(naked)]
unsafe extern "C" fn positions_of_nine(
    sums: *mut Sums,
    end: *mut Sums,
    lines: &[*const Pixel; 3],
    kernel: &Kernel,
    step: usize,
) {
    naked_asm!(
        // Assemblers may forget what the target has.
        ".option push",
        ".option arch, +m, +c",
        "addi sp, sp, -64",
        "sw   s0, 0(sp)",
        "sw   s1, 4(sp)",
        "sw   s2, 8(sp)",
        "sw   s3, 12(sp)",
        "sw   s4, 16(sp)",
        "sw   s5, 20(sp)",
        "sw   s6, 24(sp)",
        "sw   s7, 28(sp)",
        "sw   s8, 32(sp)",
        "sw   s9, 36(sp)",
        "sw   s10, 40(sp)",
        "sw   s11, 44(sp)",
        "sw   ra, 48(sp)",
        // Neighbours share inputs: what can be taken in pairs, in bytes of sums.
        "li   s11, 0",
        "li   t0, 4",
        "bne  a4, t0, 1f",
        "sub  s11, a1, a0",
        "andi s11, s11, -32",
        "1:",
        // The channel's offset, in pixels; its sum is at four times that.
        "li   t6, 0",
        "6:",
        "lw   a5, 0(a2)",
        "lw   a6, 4(a2)",
        "lw   a7, 8(a2)",
        "add  a5, a5, t6",
        "add  a6, a6, t6",
        "add  a7, a7, t6",
        "lb   s0, 0(a3)",
        "lb   s1, 4(a3)",
        "lb   s2, 8(a3)",
        "lb   s3, 12(a3)",
        "lb   s4, 16(a3)",
        "lb   s5, 20(a3)",
        "lb   s6, 24(a3)",
        "lb   s7, 28(a3)",
        "lb   s8, 32(a3)",
        "slli t4, t6, 2",
        "add  t4, a0, t4",
        "add  t5, t4, s11",
        "beq  t4, t5, 3f",
        "2:",
        "lb   t0, 0(a5)",
        "lb   t1, 4(a5)",
        "lb   t2, 8(a5)",
        "lb   t3, 12(a5)",
        "mul  s9, t0, s0",
        "mul  s10, t1, s0",
        "mul  ra, t1, s1",
        "add  s9, s9, ra",
        "mul  ra, t2, s1",
        "add  s10, s10, ra",
        "mul  ra, t2, s2",
        "add  s9, s9, ra",
        "mul  ra, t3, s2",
        "add  s10, s10, ra",
        "lb   t0, 0(a6)",
        "lb   t1, 4(a6)",
        "lb   t2, 8(a6)",
        "lb   t3, 12(a6)",
        "mul  ra, t0, s3",
        "add  s9, s9, ra",
        "mul  ra, t1, s3",
        "add  s10, s10, ra",
        "mul  ra, t1, s4",
        "add  s9, s9, ra",
        "mul  ra, t2, s4",
        "add  s10, s10, ra",
        "mul  ra, t2, s5",
        "add  s9, s9, ra",
        "mul  ra, t3, s5",
        "add  s10, s10, ra",
        "lb   t0, 0(a7)",
        "lb   t1, 4(a7)",
        "lb   t2, 8(a7)",
        "lb   t3, 12(a7)",
        "mul  ra, t0, s6",
        "add  s9, s9, ra",
        "mul  ra, t1, s6",
        "add  s10, s10, ra",
        "mul  ra, t1, s7",
        "add  s9, s9, ra",
        "mul  ra, t2, s7",
        "add  s10, s10, ra",
        "mul  ra, t2, s8",
        "add  s9, s9, ra",
        "mul  ra, t3, s8",
        "add  s10, s10, ra",
        "sw   s9, 0(t4)",
        "sw   s10, 16(t4)",
        "addi a5, a5, 8",
        "addi a6, a6, 8",
        "addi a7, a7, 8",
        "addi t4, t4, 32",
        "bne  t4, t5, 2b",
        "3:",
        "slli t5, t6, 2",
        "add  t5, a1, t5",
        "beq  t4, t5, 5f",
        "4:",
        "lb   t0, 0(a5)",
        "lb   t2, 4(a5)",
        "lb   t3, 8(a5)",
        "mul  t1, t0, s0",
        "mul  t2, t2, s1",
        "mul  t3, t3, s2",
        "add  t1, t1, t2",
        "add  t1, t1, t3",
        "lb   t0, 0(a6)",
        "lb   t2, 4(a6)",
        "lb   t3, 8(a6)",
        "mul  t0, t0, s3",
        "mul  t2, t2, s4",
        "mul  t3, t3, s5",
        "add  t1, t1, t0",
        "add  t1, t1, t2",
        "add  t1, t1, t3",
        "lb   t0, 0(a7)",
        "lb   t2, 4(a7)",
        "lb   t3, 8(a7)",
        "mul  t0, t0, s6",
        "mul  t2, t2, s7",
        "mul  t3, t3, s8",
        "add  t1, t1, t0",
        "add  t1, t1, t2",
        "add  t1, t1, t3",
        "sw   t1, 0(t4)",
        "add  a5, a5, a4",
        "add  a6, a6, a4",
        "add  a7, a7, a4",
        "addi t4, t4, 16",
        "bne  t4, t5, 4b",
        "5:",
        "addi a3, a3, 1",
        "addi t6, t6, 1",
        "li   t0, 4",
        "bne  t6, t0, 6b",
        "lw   s0, 0(sp)",
        "lw   s1, 4(sp)",
        "lw   s2, 8(sp)",
        "lw   s3, 12(sp)",
        "lw   s4, 16(sp)",
        "lw   s5, 20(sp)",
        "lw   s6, 24(sp)",
        "lw   s7, 28(sp)",
        "lw   s8, 32(sp)",
        "lw   s9, 36(sp)",
        "lw   s10, 40(sp)",
        "lw   s11, 44(sp)",
        "lw   ra, 48(sp)",
        "addi sp, sp, 64",
        "ret",
        ".option pop",
    )
}

/// Whether there is a [`requantize`].
pub const REQUANTIZES: bool = true;

/// Writes the outputs that `sums` make, four bytes for each, `pitch` bytes apart; tells
/// whether there was room. Sums, biases added, are below 2²⁸, and shifts are −16..0.
pub fn requantize(
    header: &GroupHeader,
    limits: &Limits,
    sums: &[Sums],
    target: &mut [u8],
    pitch: usize,
) -> bool {
    if sums.is_empty() {
        return true;
    }
    let last = (sums.len() - 1).saturating_mul(pitch);
    if target.len() < last.saturating_add(GROUP) {
        return false;
    }
    let range = sums.as_ptr_range();
    let Limits {
        minimum,
        maximum,
        zero_point,
    } = *limits;
    let target = target.as_mut_ptr();
    // SAFETY: there is at least one position, and the last one's outputs fit.
    unsafe {
        outputs_of_four(
            range.start,
            range.end,
            target,
            pitch,
            header,
            minimum,
            maximum,
            zero_point,
        );
    }
    true
}

/// # Safety
///
/// `sums` is before `end`, and four bytes can be written at `target` and `pitch` bytes
/// after that for each further position.
#[unsafe(naked)]
#[allow(clippy::too_many_arguments)] // As many as registers carry.
unsafe extern "C" fn outputs_of_four(
    sums: *const Sums,
    end: *const Sums,
    target: *mut u8,
    pitch: usize,
    header: &GroupHeader,
    minimum: i32,
    maximum: i32,
    zero_point: i32,
) {
    naked_asm!(
        // Assemblers may forget what the target has.
        ".option push",
        ".option arch, +m, +c",
        // A lane's multiplier, what goes in before the shift, and the shift.
        ".macro factor lane, multiplier, zero_point, shift",
        "lw   \\multiplier, 16+4*\\lane(a4)",
        "lb   \\shift, 32+\\lane(a4)",
        "neg  \\shift, \\shift",
        "sll  \\zero_point, a7, \\shift",
        "addi \\shift, \\shift, 1",
        ".endm",
        // A lane's output: what `Scale::apply` does, and limits.
        ".macro output lane, bias, multiplier, zero_point, shift",
        "lw   s0, 4*\\lane(a0)",
        "add  s0, s0, \\bias",
        "slli s0, s0, 2",
        "mulh s0, s0, \\multiplier",
        "srai s1, s0, 31",
        "ori  s1, s1, 1",
        "add  s0, s0, s1",
        "add  s0, s0, \\zero_point",
        "sra  s0, s0, \\shift",
        "bge  s0, a5, 3f",
        "mv   s0, a5",
        "3:",
        "bge  a6, s0, 4f",
        "mv   s0, a6",
        "4:",
        "sb   s0, \\lane(a2)",
        ".endm",
        "addi sp, sp, -48",
        ".irp save,0,1,2,3,4,5,6,7,8,9",
        "sw   s\\save, 4*\\save(sp)",
        ".endr",
        // Twice the zero point, and the half that rounds.
        "slli a7, a7, 1",
        "addi a7, a7, 1",
        "factor 0, t0, t1, t2",
        "factor 1, t3, t4, t5",
        "factor 2, s2, s3, s4",
        "factor 3, s5, s6, s7",
        "lw   a7, 0(a4)",
        "lw   s8, 4(a4)",
        "lw   s9, 8(a4)",
        "lw   a4, 12(a4)",
        "2:",
        "output 0, a7, t0, t1, t2",
        "output 1, s8, t3, t4, t5",
        "output 2, s9, s2, s3, s4",
        "output 3, a4, s5, s6, s7",
        "addi a0, a0, 16",
        "add  a2, a2, a3",
        "bne  a0, a1, 2b",
        ".irp save,0,1,2,3,4,5,6,7,8,9",
        "lw   s\\save, 4*\\save(sp)",
        ".endr",
        "addi sp, sp, 48",
        "ret",
        ".purgem factor",
        ".purgem output",
        ".option pop",
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

/// `bytes` as words, for writing; none if they do not start at a word.
#[inline(always)]
pub fn as_words_mut(bytes: &mut [u8]) -> &mut [i32] {
    let start = bytes.as_mut_ptr();
    if !start.addr().is_multiple_of(4) {
        return &mut [];
    }
    // SAFETY: as for [`as_words`], and any integer is bytes.
    unsafe { core::slice::from_raw_parts_mut(start.cast(), bytes.len() / 4) }
}

/// Copies four bytes: by a word, if both lie at one.
#[inline(always)]
pub fn copy_four(target: &mut [u8; 4], source: &[u8; 4]) {
    if let ([target], [source]) = (as_words_mut(target), as_words(source)) {
        *target = *source;
    } else {
        *target = *source;
    }
}
