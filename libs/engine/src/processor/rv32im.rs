//! RV32IM: as many sums in registers as there are registers, and two products by one
//! multiplication where a weight meets more than one position.
//!
//! Byte loads extend the sign for nothing. Convolutions pack the inputs of two positions
//! into a word. A product with a weight then is two, and some may be summed before
//! they are told apart. For each pair of sums two registers are kept: all products, modulo
//! 2³², and the upper halves. That is 16 for two pairs times four channels; what else
//! the inner loop needs is so much that `gp` and `tp` are used as well, until the function
//! returns. It calls nothing that Rust compiled, and whoever interrupts a process (Tock
//! does, at any instruction) keeps all of its registers. That is not so of code that runs
//! in machine mode with interrupts enabled, under handlers that expect either register
//! to be their own: a kernel of that kind must not run this itself.
#![allow(unsafe_code)]

use core::arch::naked_asm;
use core::marker::PhantomData;
use core::mem::{offset_of, MaybeUninit};

use super::{GroupHeader, Inputs, Kernel, Known, Limits, Pixel, Runs, Sums, ROOM};
use crate::format::{GROUP, GROUP_HEADER_BYTES};
use crate::stream::QUAD_BYTES;

/// Inputs of two positions.
pub type Word = i32;

/// A word of that value.
#[inline(always)]
pub fn word(value: i32) -> Word {
    value
}

/// A word's value.
#[inline(always)]
pub fn value(word: Word) -> i32 {
    word
}

/// The words in `bytes`, from the first place on where one may be.
pub fn words(bytes: &mut [u8]) -> &mut [Word] {
    let skipped = bytes.as_ptr().addr().wrapping_neg() & 3;
    as_words_mut(bytes.get_mut(skipped..).unwrap_or_default())
}

/// What [`sixteen_outputs`] reads and writes.
#[repr(C)]
struct Job {
    /// The next group: its header, then its weights.
    group: *const u8,
    /// Length of a group.
    length: usize,
    windows: [*const Word; 2],
    runs: *const u8,
    /// What is known of the next group.
    known: *const Known,
    end: *const Known,
    /// Where its outputs go; or null: there are to be sums, and no outputs.
    target: *mut u8,
    pitches: [usize; 2],
    limits: Limits,
    sums: MaybeUninit<[Sums; 4]>,
}

// Where `sixteen_outputs` looks.
const _: () = {
    assert!(offset_of!(Job, group) == 0 && offset_of!(Job, length) == 4);
    assert!(offset_of!(Job, windows) == 8 && offset_of!(Job, runs) == 16);
    assert!(offset_of!(Job, known) == 20 && offset_of!(Job, end) == 24);
    assert!(offset_of!(Job, target) == 28 && offset_of!(Job, pitches) == 32);
    assert!(offset_of!(Job, limits.minimum) == 40 && offset_of!(Job, limits.maximum) == 44);
    assert!(offset_of!(Job, limits.zero_point) == 48 && offset_of!(Job, sums) == 52);
    assert!(offset_of!(Known, runs) == 0 && size_of::<Known>() == 4);
    assert!(offset_of!(Known, is_small) == 2 && offset_of!(Known, is_idle) == 3);
};

/// Two pairs of positions, whose outputs are computed together, four channels at a time.
pub struct Square<'a> {
    job: Job,
    /// Bytes of weights that there are words for.
    most: usize,
    /// From the first byte of a group's outputs to the last.
    reach: usize,
    windows: PhantomData<(&'a [Word], &'a Runs)>,
}

impl<'a> Square<'a> {
    /// The positions with these windows, for groups with these runs. From the outputs of one
    /// to those of the next it is as many bytes as `pitches` say, in turn.
    #[inline(always)]
    pub fn new(
        windows: [&'a [Word]; 2],
        runs: &'a Runs,
        limits: &Limits,
        pitches: [usize; 2],
    ) -> Self {
        let [pitch, next_pitch] = pitches;
        let last = pitch.saturating_mul(2).saturating_add(next_pitch);
        let job = Job {
            group: core::ptr::null(),
            length: 0,
            windows: windows.map(<[Word]>::as_ptr),
            runs: runs.lengths().as_ptr(),
            known: core::ptr::null(),
            end: core::ptr::null(),
            target: core::ptr::null_mut(),
            pitches,
            limits: *limits,
            sums: MaybeUninit::uninit(),
        };
        Self {
            job,
            most: windows[0].len().min(windows[1].len()) / 4 * QUAD_BYTES,
            reach: last.saturating_add(GROUP),
            windows: PhantomData,
        }
    }

    /// Whether groups of `length` bytes have a header and quads of weights, for each of
    /// which there are words.
    #[inline(always)]
    fn fits(&self, length: usize) -> bool {
        let weights = length.checked_sub(GROUP_HEADER_BYTES);
        weights.is_some_and(|weights| weights % QUAD_BYTES == 0 && weights <= self.most)
    }

    /// The sums of all products of a group's weights with each position's window.
    #[inline(never)]
    pub fn sums(&mut self, group: &[u8], known: &Known) -> &[Sums; 4] {
        let fits = self.fits(group.len());
        self.job.group = group.as_ptr();
        self.job.length = if fits {
            group.len()
        } else {
            GROUP_HEADER_BYTES
        };
        (self.job.known, self.job.end) = (known, core::ptr::from_ref(known).wrapping_add(1));
        self.job.target = core::ptr::null_mut();
        // SAFETY: `fits` has seen that the group is a header and quads of weights, for each
        // of which both windows have words; else only its place is used, as if it had no
        // weights. `known` is one, and before its end. Without a target, all sums are
        // written.
        unsafe {
            sixteen_outputs(&mut self.job);
            self.job.sums.assume_init_ref()
        }
    }

    /// Writes the outputs of groups of `length` bytes to `target` and behind, four bytes
    /// further each time, until one's sums are not small, or there is no room; tells how
    /// many groups that were.
    pub fn outputs(
        &mut self,
        groups: &[u8],
        length: usize,
        known: &[Known],
        target: &mut [u8],
    ) -> usize {
        let room = target.len().checked_sub(self.reach);
        let room = room.map_or(0, |room| room / GROUP + 1);
        // Headers are loaded by words.
        let count = 4 * as_words(groups).len() / length.max(1);
        let known = known.get(..count.min(room)).unwrap_or(known).as_ptr_range();
        if !self.fits(length) || known.is_empty() {
            return 0;
        }
        self.job.group = groups.as_ptr();
        self.job.length = length;
        (self.job.known, self.job.end) = (known.start, known.end);
        self.job.target = target.as_mut_ptr();
        // SAFETY: `known` is not empty, and has no more than `count`, for which there are
        // groups of that length at words (`length` is a multiple of 4), and than `room`, for
        // which there are outputs' places. `fits` has seen that groups are a header and
        // quads of weights, for each of which both windows have words.
        unsafe { sixteen_outputs(&mut self.job) };
        (self.job.known.addr() - known.start.addr()) / size_of::<Known>()
    }
}

/// For groups, until `known` is at its end or says that one is not small.
///
/// # Safety
///
/// `known` is before `end`. For all between them, there are groups, which begin at words,
/// and `length` is that of a header and of quads of weights, for each of which both windows
/// have four words. `runs` has [`ROOM`] lengths. Four bytes can be written at `target` and,
/// for each further position, as far from there as `pitches` say; and four bytes further
/// for the next group. If `target` is null, there is one group, which may begin anywhere,
/// and need not be there if `length` is that of a header.
#[unsafe(naked)]
unsafe extern "C" fn sixteen_outputs(job: &mut Job) {
    naked_asm!(
        // Assemblers may forget what the target has.
        ".option push",
        ".option arch, +m, +c",
        // A weight's products with an element of both pairs, added to those before.
        ".macro multiply offset, first, second",
        "lb   t6, \\offset(gp)",
        "mul  ra, \\first, t6",
        "add  s0, s0, ra",
        "mul  t6, \\second, t6",
        "add  s1, s1, t6",
        ".endm",
        // The same, as the first.
        ".macro begin offset, first, second",
        "lb   t6, \\offset(gp)",
        "mul  s0, \\first, t6",
        "mul  s1, \\second, t6",
        ".endm",
        // Adds what `product` has come to: all of it, and its upper half rounded, which
        // is below zero what it is to be above.
        ".macro add_up product, whole, upper",
        "add  \\whole, \\whole, \\product",
        "add  \\product, \\product, tp",
        "srai \\product, \\product, 16",
        "sub  \\upper, \\upper, \\product",
        ".endm",
        // Four weights of a channel, which are at `offset`.
        ".macro light offset, whole, upper, second_whole, second_upper",
        "begin \\offset, a0, a4",
        "multiply \\offset+1, a1, a5",
        "multiply \\offset+2, a2, a6",
        "multiply \\offset+3, a3, a7",
        "add_up s0, \\whole, \\upper",
        "add_up s1, \\second_whole, \\second_upper",
        ".endm",
        // The same, two at a time.
        ".macro heavy offset, whole, upper, second_whole, second_upper",
        "begin \\offset, a0, a4",
        "multiply \\offset+1, a1, a5",
        "add_up s0, \\whole, \\upper",
        "add_up s1, \\second_whole, \\second_upper",
        "begin \\offset+2, a2, a6",
        "multiply \\offset+3, a3, a7",
        "add_up s0, \\whole, \\upper",
        "add_up s1, \\second_whole, \\second_upper",
        ".endm",
        // A quad of weights, each channel of the kind `kind`, and four elements of both
        // pairs. These are as far from their start as the weights.
        ".macro quad kind",
        "lw   s0, 64(sp)",
        "lw   s1, 68(sp)",
        "add  s0, s0, gp",
        "add  s1, s1, gp",
        "lw   a0, 0(s0)",
        "lw   a1, 4(s0)",
        "lw   a2, 8(s0)",
        "lw   a3, 12(s0)",
        "lw   a4, 0(s1)",
        "lw   a5, 4(s1)",
        "lw   a6, 8(s1)",
        "lw   a7, 12(s1)",
        "\\kind 0, s2, s3, s4, s5",
        "\\kind 4, s6, s7, s8, s9",
        "\\kind 8, s10, s11, t0, t1",
        "\\kind 12, t2, t3, t4, t5",
        "addi gp, gp, 16",
        ".endm",
        // A channel's sums: what the lower halves come to, and the upper.
        ".macro finish channel, whole, upper, second_whole, second_upper",
        "slli s0, \\upper, 16",
        "slli s1, \\second_upper, 16",
        "add  \\whole, \\whole, s0",
        "add  \\second_whole, \\second_whole, s1",
        "sw   \\whole, 4*\\channel(a0)",
        "sw   \\upper, 16+4*\\channel(a0)",
        "sw   \\second_whole, 32+4*\\channel(a0)",
        "sw   \\second_upper, 48+4*\\channel(a0)",
        ".endm",
        "addi sp, sp, -96",
        ".irp save,0,1,2,3,4,5,6,7,8,9,10,11",
        "sw   s\\save, 4*\\save(sp)",
        ".endr",
        "sw   ra, 48(sp)",
        "sw   gp, 52(sp)",
        "sw   tp, 56(sp)",
        "sw   a0, 60(sp)",
        // A group. Whether its sums are small does not matter if they are what is wanted.
        "1:",
        "lw   a1, 20(a0)",
        "lw   a2, 28(a0)",
        "beqz a2, 8f",
        "lbu  a2, 2(a1)",
        "beqz a2, 9f",
        "8:",
        "lw   gp, 0(a0)",
        "lw   a2, 4(a0)",
        "lbu  a3, 3(a1)",
        "add  a2, a2, gp",
        "addi gp, gp, {header}",
        // If it is idle, its weights end where they begin.
        "beqz a3, 8f",
        "mv   a2, gp",
        "8:",
        "sw   a2, 72(sp)",
        "lw   a3, 8(a0)",
        "lw   a4, 12(a0)",
        "sub  a3, a3, gp",
        "sub  a4, a4, gp",
        "sw   a3, 64(sp)",
        "sw   a4, 68(sp)",
        "lw   a5, 16(a0)",
        "lhu  a3, 0(a1)",
        "add  a3, a3, a5",
        "addi a5, a5, {room}",
        "sw   a3, 80(sp)",
        "sw   a5, 84(sp)",
        // The half that rounds, so that 2¹⁵ remains below: see `runs`.
        "li   tp, 0x7fff",
        ".irp sum,s2,s3,s4,s5,s6,s7,s8,s9,s10,s11,t0,t1,t2,t3,t4,t5",
        "li   \\sum, 0",
        ".endr",
        "beq  gp, a2, 7f",
        // The next run: where it ends, if the weights do not before. It is empty if there
        // are no more.
        "2:",
        "lw   a0, 80(sp)",
        "lw   a1, 84(sp)",
        "lw   a2, 72(sp)",
        "mv   s0, gp",
        "bgeu a0, a1, 3f",
        "lbu  a3, 0(a0)",
        "addi a0, a0, 1",
        "sw   a0, 80(sp)",
        "slli a3, a3, 4",
        "add  s0, s0, a3",
        "3:",
        "bltu s0, a2, 4f",
        "mv   s0, a2",
        "4:",
        "sw   s0, 76(sp)",
        "beq  s0, gp, 6f",
        "5:",
        "quad light",
        "lw   t6, 76(sp)",
        "bne  gp, t6, 5b",
        "lw   t6, 72(sp)",
        "beq  gp, t6, 7f",
        "6:",
        "quad heavy",
        "lw   t6, 72(sp)",
        "bne  gp, t6, 2b",
        "7:",
        "lw   a1, 60(sp)",
        "addi a0, a1, 52",
        "finish 0, s2, s3, s4, s5",
        "finish 1, s6, s7, s8, s9",
        "finish 2, s10, s11, t0, t1",
        "finish 3, t2, t3, t4, t5",
        "lw   a2, 28(a1)",
        "beqz a2, 9f",
        "lw   a4, 0(a1)",
        "lw   a3, 32(a1)",
        "lw   s10, 36(a1)",
        "add  s10, s10, a3",
        "lw   a5, 40(a1)",
        "lw   a6, 44(a1)",
        "lw   a7, 48(a1)",
        "addi a1, a0, 64",
        "jal  {outputs}",
        "lw   a0, 60(sp)",
        "lw   a1, 0(a0)",
        "lw   a2, 4(a0)",
        "add  a1, a1, a2",
        "sw   a1, 0(a0)",
        "lw   a1, 28(a0)",
        "addi a1, a1, 4",
        "sw   a1, 28(a0)",
        "lw   a1, 20(a0)",
        "lw   a2, 24(a0)",
        "addi a1, a1, 4",
        "sw   a1, 20(a0)",
        "bne  a1, a2, 1b",
        "9:",
        ".irp save,0,1,2,3,4,5,6,7,8,9,10,11",
        "lw   s\\save, 4*\\save(sp)",
        ".endr",
        "lw   ra, 48(sp)",
        "lw   gp, 52(sp)",
        "lw   tp, 56(sp)",
        "addi sp, sp, 96",
        "ret",
        ".purgem multiply",
        ".purgem begin",
        ".purgem add_up",
        ".purgem light",
        ".purgem heavy",
        ".purgem quad",
        ".purgem finish",
        ".option pop",
        outputs = sym outputs,
        room = const ROOM,
        header = const GROUP_HEADER_BYTES,
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
/// 3 × 3: four channels that do not mix. Lines are as long as that takes; if one is not,
/// sums are of no use.
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
        "addi sp, sp, -48",
        ".irp save,0,1,2,3,4,5,6,7,8,9,10",
        "sw   s\\save, 4*\\save(sp)",
        ".endr",
        "sw   ra, 44(sp)",
        "add  s10, a3, a3",
        "jal  {outputs}",
        ".irp save,0,1,2,3,4,5,6,7,8,9,10",
        "lw   s\\save, 4*\\save(sp)",
        ".endr",
        "lw   ra, 44(sp)",
        "addi sp, sp, 48",
        "ret",
        ".option pop",
        outputs = sym outputs,
    )
}

/// What [`outputs_of_four`] does, with the same arguments, and in `s10` the sum of `pitch`
/// and of every second one. Saves no registers.
///
/// # Safety
///
/// This is not a function that Rust can call.
#[unsafe(naked)]
unsafe extern "C" fn outputs() {
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
        "sub  a3, s10, a3",
        "bne  a0, a1, 2b",
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
