//! The property: a process reaches its own memory, and nothing else.

extern crate std;

use super::random::Random;
use super::Operation::{self, Execute, Read, Write};
use crate::span::Span;
use crate::user_memory::UserMemory;
use core::ptr::without_provenance as pointer;
use kernel::platform::mpu::{Permissions, MPU};
use std::vec::Vec;

/// The addresses of a board.
pub struct Board {
    /// Where processes may be.
    pub user: UserMemory,
    /// What must stay out of their reach: the kernel, devices.
    pub others: Vec<Span>,
}

/// A process as the kernel sees it.
struct Process<C> {
    config: C,
    flash: Span,
    block: Span,
    app_break: usize,
    kernel_break: usize,
}

/// Loads `rounds` random boards full of processes, moves their breaks, and
/// checks with `reaches` (what user mode may do now) that each reaches what it
/// was given, nothing of the kernel, and nothing of another. Also asks for
/// regions that must be refused.
///
/// # Panics
///
/// If the property does not hold, or hardly any process could be loaded.
pub fn check_random_layouts<P: MPU>(
    mpu: &P,
    board: &Board,
    rounds: u64,
    reaches: impl Fn(&P, usize, Operation) -> bool,
) {
    let mut loaded = 0;
    for round in 0..rounds {
        let mut random = Random::new(round);
        let processes = load(mpu, board, &mut random);
        loaded += processes.len() as u64;
        check_apart(board, &processes);
        for process in &processes {
            check_reach(mpu, board, process, &processes, &mut random, &reaches);
        }
        check_greedy(mpu, board, &mut random, &reaches);
    }
    assert!(loaded > rounds, "{loaded} processes in {rounds} boards");
}

/// Processes one after the other, as a loader places them.
fn load<P: MPU>(mpu: &P, board: &Board, random: &mut Random) -> Vec<Process<P::MpuConfig>> {
    let mut processes = Vec::new();
    let (mut flash, mut ram) = (board.user.flash.start(), board.user.ram.start());
    for _ in 0..1 + random.below(5) {
        // Mostly aligned to its length, as the tools make TBFs.
        let length = random.length(8, 17);
        flash = match random.below(4) {
            0 => flash.next_multiple_of(4),
            _ => flash.next_multiple_of(length.next_power_of_two()),
        };
        if random.once_in(4) {
            ram += random.below(0x1000);
        }
        let Some(code) = Span::new(flash, length) else {
            break;
        };
        let Some(process) = load_one(mpu, board, code, ram, random) else {
            continue;
        };
        flash = process.flash.end();
        ram = process.block.end();
        processes.push(process);
    }
    processes
}

fn load_one<P: MPU>(
    mpu: &P,
    board: &Board,
    code: Span,
    ram: usize,
    random: &mut Random,
) -> Option<Process<P::MpuConfig>> {
    let mut config = mpu.new_config()?;
    let region = mpu.allocate_region(
        pointer(code.start()),
        code.length(),
        code.length(),
        Permissions::ReadExecuteOnly,
        &mut config,
    )?;
    let flash = Span::new(region.start_address().addr(), region.size())?;
    assert_eq!(flash, code, "all of the code, and no more");

    let available = board.user.ram.end().checked_sub(ram)?;
    let (total, accessible) = (random.length(6, 16), random.below(0x800));
    let reserved = random.below(0x1000);
    let (start, length) = mpu.allocate_app_memory_region(
        pointer(ram),
        available,
        total,
        accessible,
        reserved,
        Permissions::ReadWriteOnly,
        &mut config,
    )?;
    let block = Span::new(start.addr(), length)?;
    // A process that starts again gets the same block.
    let again = mpu.allocate_app_memory_region(
        start,
        length,
        length,
        accessible,
        reserved,
        Permissions::ReadWriteOnly,
        &mut mpu.new_config()?,
    );
    assert_eq!(again, Some((start, length)));
    assert!(length >= total && length >= accessible + reserved);
    assert!(block.start() >= ram && board.user.ram.contains(block));
    let mut process = Process {
        config,
        flash,
        block,
        app_break: block.start() + accessible,
        kernel_break: block.end() - reserved,
    };
    for _ in 0..random.below(4) {
        move_breaks(mpu, &mut process, random);
    }
    Some(process)
}

/// The process asks for memory, or a capsule for a grant.
fn move_breaks<P: MPU>(mpu: &P, process: &mut Process<P::MpuConfig>, random: &mut Random) {
    let mut app_break = process.app_break;
    let mut kernel_break = process.kernel_break;
    if random.once_in(2) {
        app_break = process.block.start() - 32 + random.below(process.block.length() + 64);
    } else {
        kernel_break -= random.below(kernel_break - app_break);
    }
    let moved = mpu.update_app_memory_region(
        pointer(app_break),
        pointer(kernel_break),
        Permissions::ReadWriteOnly,
        &mut process.config,
    );
    let possible = process.block.start() <= app_break && app_break <= kernel_break;
    assert!(possible || moved.is_err());
    if moved.is_ok() {
        process.app_break = app_break;
        process.kernel_break = kernel_break;
    }
}

fn check_apart<C>(board: &Board, processes: &[Process<C>]) {
    let mut taken = board.others.clone();
    for process in processes {
        for span in [process.flash, process.block] {
            assert!(taken.iter().all(|other| !other.overlaps(span)));
            taken.push(span);
        }
    }
}

fn check_reach<P: MPU>(
    mpu: &P,
    board: &Board,
    process: &Process<P::MpuConfig>,
    all: &[Process<P::MpuConfig>],
    random: &mut Random,
    reaches: &impl Fn(&P, usize, Operation) -> bool,
) {
    // SAFETY: a test has no processes to endanger.
    unsafe { mpu.configure_mpu(&process.config) };
    mpu.enable_app_mpu();
    let flash = process.flash.start()..process.flash.end();
    let memory = process.block.start()..process.kernel_break;
    let probe = |at: usize| {
        let (code, data) = (flash.contains(&at), memory.contains(&at));
        assert!(code || !reaches(mpu, at, Execute), "{at:#x} executes");
        assert!(data || !reaches(mpu, at, Write), "{at:#x} is writable");
        let own = code || data;
        assert!(own || !reaches(mpu, at, Read), "{at:#x} is readable");
    };
    let mut around = |at: usize| {
        for near in [at.wrapping_sub(1), at, at.wrapping_add(1)] {
            probe(near);
        }
        probe(at.wrapping_add(random.below(0x2000)));
    };
    for other in all {
        for span in [other.flash, other.block] {
            around(span.start());
            around(span.end());
        }
        around(other.app_break);
        around(other.kernel_break);
    }
    for span in &board.others {
        around(span.start());
        around(span.end() - 1);
        around(span.start() + span.length() / 2);
    }
    for at in [flash.start, flash.end - 1] {
        assert!(reaches(mpu, at, Read) && reaches(mpu, at, Execute));
    }
    if process.app_break > process.block.start() {
        for at in [process.block.start(), process.app_break - 1] {
            assert!(reaches(mpu, at, Read) && reaches(mpu, at, Write));
        }
    }
    // SAFETY: no process runs.
    unsafe { mpu.disable_app_mpu() };
    assert!(!reaches(mpu, flash.start, Read) && !reaches(mpu, memory.start, Read));
}

/// A kernel that asks for regions where none must be gets none of that.
fn check_greedy<P: MPU>(
    mpu: &P,
    board: &Board,
    random: &mut Random,
    reaches: &impl Fn(&P, usize, Operation) -> bool,
) {
    let Some(mut config) = mpu.new_config() else {
        return;
    };
    let target = board.others[random.below(board.others.len())];
    let start = target.start().saturating_sub(random.length(3, 12)) + random.below(0x1000);
    let length = random.length(3, 18);
    let permissions = [
        Permissions::ReadWriteExecute,
        Permissions::ReadWriteOnly,
        Permissions::ReadExecuteOnly,
        Permissions::ReadOnly,
        Permissions::ExecuteOnly,
    ][random.below(5)];
    let (start, half) = (pointer(start), random.below(length));
    let least = length - half;
    let _ = mpu.allocate_region(start, length, least, permissions, &mut config);
    let _ =
        mpu.allocate_app_memory_region(start, length, least, half / 2, 0, permissions, &mut config);
    // SAFETY: a test has no processes to endanger.
    unsafe { mpu.configure_mpu(&config) };
    mpu.enable_app_mpu();
    let inside = target.start() + random.below(target.length());
    for at in [target.start(), target.end() - 1, inside, start.addr()] {
        let everybodys = board.others.iter().any(|span| span.contains_address(at));
        for operation in [Read, Write, Execute] {
            let refused = !reaches(mpu, at, operation);
            assert!(refused || !everybodys, "{at:#x} can {operation:?}");
        }
    }
    // SAFETY: no process runs.
    unsafe { mpu.disable_app_mpu() };
}
