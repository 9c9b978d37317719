//! Tests of allow, memop and grants.

use super::board::DRIVER;
use super::processes::*;
use super::tbf::{tbf, BINARY_END, RAM};
use super::world::World;
use crate::errorcode::ErrorCode;
use crate::process::{Error, ProcessAddresses};
use crate::processbuffer::{ReadableProcessBuffer, WriteableProcessBuffer};
use crate::syscall::{Syscall, SyscallReturn};

fn world() -> (World, ProcessAddresses) {
    let world = World::boot(&[tbf("app")]);
    world.run();
    let addresses = world.process(0).get_addresses();
    // Half of what the process asked for; the rest is left for grants.
    let brk = addresses.sram_start + RAM as usize / 2;
    let moved = world.call(0, memop(0, brk));
    assert_eq!(moved, SyscallReturn::Success);
    let addresses = world.process(0).get_addresses();
    (world, addresses)
}

fn rw(address: usize, size: usize) -> SyscallReturn {
    SyscallReturn::AllowReadWriteSuccess(core::ptr::without_provenance_mut(address), size)
}

fn rw_refused(error: ErrorCode, address: usize, size: usize) -> SyscallReturn {
    SyscallReturn::AllowReadWriteFailure(error, core::ptr::without_provenance_mut(address), size)
}

fn ro(address: usize, size: usize) -> SyscallReturn {
    SyscallReturn::AllowReadOnlySuccess(core::ptr::without_provenance(address), size)
}

#[test]
fn allow_returns_the_buffer_before() {
    let (world, at) = world();
    let start = at.sram_start;
    assert_eq!(world.call(0, allow_rw(0, start, 16)), rw(0, 0));
    assert_eq!(world.call(0, allow_rw(0, start + 8, 16)), rw(start, 16));
    assert_eq!(world.call(0, allow_rw(0, 0, 0)), rw(start + 8, 16));
    assert_eq!(world.call(0, allow_ro(0, start, 16)), ro(0, 0));
    assert_eq!(world.call(0, allow_ro(0, start, 16)), ro(start, 16));
}

#[test]
fn allow_takes_the_process_s_own_memory_only() {
    let (world, at) = world();
    let brk = at.sram_app_brk;
    assert_eq!(
        world.call(0, allow_rw(0, at.sram_start, brk - at.sram_start)),
        rw(0, 0)
    );
    for (address, size) in [
        (at.sram_start - 1, 2),
        (brk - 1, 2),
        (brk, 1),
        (at.sram_grant_start, 4),
        (at.sram_end - 8, 4),
        (at.sram_start, usize::MAX),
        (usize::MAX, 2),
        (usize::MAX, usize::MAX),
        (0, 1),
        (at.flash_non_protected_start, 4),
    ] {
        let result = world.call(0, allow_rw(0, address, size));
        assert_eq!(result, rw_refused(ErrorCode::INVAL, address, size));
    }
    // The refused ones changed nothing.
    assert_eq!(
        world.call(0, allow_rw(0, 0, 0)),
        rw(at.sram_start, brk - at.sram_start)
    );
}

#[test]
fn empty_buffers_may_be_anywhere() {
    let (world, at) = world();
    for address in [0, 1, at.sram_end, usize::MAX] {
        world.call(0, allow_rw(0, address, 0));
        assert_eq!(world.call(0, allow_rw(0, 0, 0)), rw(address, 0));
    }
}

#[test]
fn read_only_buffers_may_be_in_flash() {
    let (world, at) = world();
    let code = at.flash_non_protected_start;
    assert_eq!(world.call(0, allow_ro(0, code, 8)), ro(0, 0));
    let driver = &world.resources.board.driver.grant;
    let content = driver.enter(world.process(0).processid(), |_, kernel_data| {
        let buffer = kernel_data.get_readonly_processbuffer(0).unwrap();
        assert_eq!(buffer.ptr().addr(), code);
        buffer.enter(|slice| {
            let mut copy = [0; 8];
            slice.copy_to_slice_or_err(&mut copy).map(|()| copy)
        })
    });
    assert_eq!(content, Ok(Ok(Ok([0xC0; 8]))));
    for (address, size) in [
        (at.flash_start, 4),
        (code - 1, 2),
        (at.flash_end - 1, 2),
        (at.flash_end, 1),
    ] {
        let result = world.call(0, allow_ro(0, address, size));
        assert!(matches!(
            result,
            SyscallReturn::AllowReadOnlyFailure(ErrorCode::INVAL, ..)
        ));
    }
}

#[test]
fn allow_numbers_and_kinds_that_are_not_there() {
    let (world, at) = world();
    assert_eq!(
        world.call(0, allow_rw(1, at.sram_start, 4)),
        rw_refused(ErrorCode::NOSUPPORT, at.sram_start, 4)
    );
    let shared = |address| Syscall::UserspaceReadableAllow {
        driver_number: DRIVER,
        subdriver_number: 0,
        allow_address: core::ptr::without_provenance_mut(address),
        allow_size: 4,
    };
    assert!(matches!(
        world.call(0, shared(at.sram_start)),
        SyscallReturn::UserspaceReadableAllowFailure(ErrorCode::NOSUPPORT, _, 4)
    ));
    assert!(matches!(
        world.call(0, shared(at.sram_end)),
        SyscallReturn::UserspaceReadableAllowFailure(ErrorCode::INVAL, _, 4)
    ));
}

#[test]
fn drivers_write_into_shared_memory() {
    let (world, at) = world();
    world.call(0, allow_rw(0, at.sram_start + 4, 3));
    let driver = &world.resources.board.driver.grant;
    let written = driver.enter(world.process(0).processid(), |_, kernel_data| {
        assert!(kernel_data.get_readwrite_processbuffer(1).is_err());
        let buffer = kernel_data.get_readwrite_processbuffer(0).unwrap();
        buffer.mut_enter(|slice| slice.copy_from_slice_or_err(&[1, 2, 3]))
    });
    assert_eq!(written, Ok(Ok(Ok(()))));
    let memory = world.memory(0);
    assert_eq!([3, 4, 5, 6, 7].map(|i| memory[i].get()), [0, 1, 2, 3, 0]);
}

#[test]
fn the_break_does_not_go_below_shared_memory_or_into_grants() {
    let (world, at) = world();
    let shared_end = at.sram_start + 120;
    world.call(0, allow_rw(0, at.sram_start + 100, 20));
    // Taking the buffer back does not help: a driver may still be using it.
    world.call(0, allow_rw(0, 0, 0));
    let refused = SyscallReturn::Failure(ErrorCode::NOMEM);
    assert_eq!(world.call(0, memop(0, shared_end - 1)), refused);
    assert_eq!(world.call(0, memop(0, shared_end)), SyscallReturn::Success);
    assert_eq!(world.chip.mpu.loaded_break.get(), shared_end);
    let grants = world.process(0).get_addresses().sram_grant_start;
    assert_eq!(world.call(0, memop(0, grants)), SyscallReturn::Success);
    assert_eq!(world.call(0, memop(0, grants + 1)), refused);
    assert_eq!(world.call(0, memop(0, at.sram_end + 1)), refused);
    assert_eq!(world.call(0, memop(0, 0)), refused);
    assert_eq!(world.call(0, memop(0, usize::MAX)), refused);
}

#[test]
fn sbrk_returns_the_old_break() {
    let (world, at) = world();
    let old = SyscallReturn::SuccessPtr(at.sram_app_brk.into());
    let address = |result| match result {
        SyscallReturn::SuccessPtr(pointer) => pointer.addr(),
        other => panic!("{other:?}"),
    };
    assert_eq!(address(world.call(0, memop(1, 0))), at.sram_app_brk);
    assert_eq!(
        address(world.call(0, memop(1, usize::MAX - 15))),
        at.sram_app_brk
    );
    assert_eq!(address(world.call(0, memop(1, 16))), at.sram_app_brk - 16);
    assert_eq!(address(world.call(0, memop(1, 0))), address(old));
    let refused = SyscallReturn::Failure(ErrorCode::NOMEM);
    assert_eq!(world.call(0, memop(1, isize::MAX as usize)), refused);
    assert_eq!(world.call(0, memop(1, isize::MIN as usize)), refused);
}

#[test]
fn memop_tells_the_layout() {
    let (world, at) = world();
    let results = world.calls(0, (2..=9).map(|operand| memop(operand, 0)));
    let flash = at.flash_start;
    let expected = [
        at.sram_start,
        at.sram_end,
        flash,
        at.flash_end,
        at.sram_grant_start,
        1,
        flash + 256,
        flash + 320,
    ];
    assert_eq!(results[..], expected.map(SyscallReturn::SuccessAddr));
    assert_eq!(at.flash_integrity_end.addr(), flash + BINARY_END as usize);
    let failed = SyscallReturn::Failure(ErrorCode::FAIL);
    assert_eq!(
        world.calls(0, [memop(8, 1), memop(9, usize::MAX)])[..],
        [failed; 2]
    );
    let unknown = SyscallReturn::Failure(ErrorCode::NOSUPPORT);
    assert_eq!(
        world.calls(0, [memop(12, 0), memop(usize::MAX, 0)])[..],
        [unknown; 2]
    );
    world.calls(0, [memop(10, 0x11), memop(11, 0x22)]);
    let at = world.process(0).get_addresses();
    assert_eq!(
        (at.sram_stack_top, at.sram_heap_start),
        (Some(0x11), Some(0x22))
    );
}

#[test]
fn grants_are_out_of_reach_and_entered_once() {
    let (world, _) = world();
    let before = world.process(0).get_addresses().sram_grant_start;
    world.call(0, command(2, 42, 0));
    let at = world.process(0).get_addresses();
    assert!(at.sram_grant_start < before && at.sram_app_brk <= at.sram_grant_start);
    let driver = &world.resources.board.driver.grant;
    let id = world.process(0).processid();
    let nested = driver.enter(id, |data, _| {
        assert_eq!(**data, 42);
        assert!(driver.iter().next().is_none());
        driver.enter(id, |_, _| ())
    });
    assert_eq!(nested, Ok(Err(Error::AlreadyInUse)));
    let mut seen = 0;
    driver.each(|_, data, _| seen += **data);
    assert_eq!(seen, 42);
}

#[test]
fn a_process_without_memory_gets_no_grant() {
    let (world, at) = world();
    // The break goes as far up as it can: no memory is left for the kernel.
    let grants = at.sram_grant_start;
    assert_eq!(world.call(0, memop(0, grants)), SyscallReturn::Success);
    let refused = SyscallReturn::Failure(ErrorCode::NOMEM);
    assert_eq!(world.call(0, command(2, 42, 0)), refused);
    assert_eq!(
        world.call(0, allow_rw(0, at.sram_start, 4)),
        rw_refused(ErrorCode::NOMEM, at.sram_start, 4)
    );
    // It can make room.
    world.call(0, memop(0, grants - 256));
    assert_eq!(world.call(0, command(2, 42, 0)), SyscallReturn::Success);
}
