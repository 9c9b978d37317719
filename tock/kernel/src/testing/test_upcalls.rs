//! Tests of yield, subscribe, upcall delivery and the filter.

use super::board::BARE_DRIVER;
use super::processes::*;
use super::tbf::{tbf, PROTECTED};
use super::world::World;
use crate::errorcode::ErrorCode;
use crate::process::State;
use crate::syscall::{Syscall, SyscallReturn, YieldVariant};

fn world() -> World {
    let world = World::boot(&[tbf("app")]);
    world.run();
    world.functions(0);
    world
}

/// An address in the process's code.
fn code(world: &World) -> usize {
    world.process(0).get_addresses().flash_non_protected_start + 8
}

fn refused(error: ErrorCode, function: usize, data: usize) -> SyscallReturn {
    SyscallReturn::SubscribeFailure(error, core::ptr::without_provenance(function), data)
}

fn swapped(function: usize, data: usize) -> SyscallReturn {
    SyscallReturn::SubscribeSuccess(core::ptr::without_provenance(function), data)
}

#[test]
fn first_function_gets_the_layout() {
    let world = World::boot(&[tbf("app")]);
    world.run();
    let calls = world.functions(0);
    let addresses = world.process(0).get_addresses();
    assert_eq!(calls.len(), 1);
    assert_eq!(
        calls[0].pc.addr(),
        addresses.flash_start + PROTECTED as usize + 0x21
    );
    assert_eq!(calls[0].argument0, addresses.flash_non_protected_start);
    assert_eq!(calls[0].argument1, addresses.sram_start);
    assert_eq!(
        calls[0].argument2,
        addresses.sram_end - addresses.sram_start
    );
    assert_eq!(calls[0].argument3.as_usize(), addresses.sram_app_brk);
    assert_eq!(world.process(0).get_state(), State::Yielded);
}

#[test]
fn subscribe_swaps_and_starts_with_null() {
    let world = world();
    let code = code(&world);
    assert_eq!(world.call(0, subscribe(0, code, 7)), swapped(0, 0));
    assert_eq!(world.call(0, subscribe(0, code + 4, 8)), swapped(code, 7));
    assert_eq!(world.call(0, subscribe(0, 0, 9)), swapped(code + 4, 8));
    assert_eq!(world.call(0, subscribe(1, code, 1)), swapped(0, 0));
}

#[test]
fn subscribe_refuses_what_is_not_the_process_s_code() {
    let world = world();
    let addresses = world.process(0).get_addresses();
    for function in [
        addresses.sram_start,
        addresses.flash_start,
        addresses.flash_end,
        1,
        usize::MAX,
    ] {
        assert_eq!(
            world.call(0, subscribe(0, function, 3)),
            refused(ErrorCode::INVAL, function, 3)
        );
    }
    let code = code(&world);
    assert_eq!(
        world.call(0, subscribe(2, code, 3)),
        refused(ErrorCode::NOSUPPORT, code, 3)
    );
    let unknown_driver = Syscall::Subscribe {
        driver_number: 5,
        subdriver_number: 0,
        upcall_ptr: code.into(),
        appdata: 3.into(),
    };
    // Without a driver it is the Null Upcall that comes back.
    assert_eq!(
        world.call(0, unknown_driver),
        refused(ErrorCode::NODEVICE, 0, 3)
    );
    let no_grant = Syscall::Subscribe {
        driver_number: BARE_DRIVER,
        subdriver_number: 0,
        upcall_ptr: code.into(),
        appdata: 3.into(),
    };
    assert_eq!(world.call(0, no_grant), refused(ErrorCode::NOMEM, code, 3));
}

#[test]
fn upcalls_come_in_order_with_their_data() {
    let world = world();
    let code = code(&world);
    world.calls(0, [subscribe(0, code, 7), subscribe(1, code + 4, 8)]);
    world.calls(
        0,
        [
            command(1, 1, 100),
            command(1, 0, 200),
            YIELD_WAIT,
            YIELD_WAIT,
        ],
    );
    let calls: std::vec::Vec<_> = world
        .functions(0)
        .iter()
        .map(|call| (call.pc.addr(), call.argument0, call.argument3.as_usize()))
        .collect();
    assert_eq!(calls, [(code + 4, 100, 8), (code, 200, 7)]);
}

#[test]
fn subscribing_again_drops_what_waits() {
    let world = world();
    let code = code(&world);
    world.calls(
        0,
        [
            subscribe(0, code, 7),
            command(1, 0, 1),
            command(1, 1, 2),
            command(1, 0, 3),
            subscribe(0, code + 4, 7),
        ],
    );
    world.run();
    assert!(world.functions(0).is_empty());
    assert!(!world.process(0).has_tasks(), "upcall 1 was null");
}

#[test]
fn null_upcalls_do_not_end_a_yield_wait() {
    let world = world();
    world.calls(0, [command(1, 0, 1), YIELD_WAIT, command(0, 0, 0)]);
    assert_eq!(world.process(0).get_state(), State::Yielded);
    assert!(world.functions(0).is_empty());
}

#[test]
fn yield_wait_for_returns_the_arguments_and_calls_nothing() {
    let world = world();
    let code = code(&world);
    world.calls(0, [subscribe(0, code, 7), subscribe(1, code, 8)]);
    // A null upcall before, another upcall in between: both stay queued.
    let results = world.calls(0, [command(1, 0, 10), command(1, 1, 11), yield_wait_for(1)]);
    assert_eq!(results.last(), Some(&SyscallReturn::YieldWaitFor(11, 2, 3)));
    let calls = world.functions(0);
    assert_eq!(calls.len(), 1, "upcall 0, at the next yield-wait");
    assert_eq!(calls[0].argument0, 10);
}

#[test]
fn yield_wait_for_a_null_upcall_that_comes_later() {
    let world = world();
    assert!(world.calls(0, [yield_wait_for(0)]).is_empty());
    assert!(matches!(world.process(0).get_state(), State::YieldedFor(_)));
    let driver = &world.resources.board.driver.grant;
    let schedule = |number, value| {
        let id = world.process(0).processid();
        driver
            .enter(id, |_, kernel_data| {
                kernel_data.schedule_upcall(number, (value, 0, 0))
            })
            .unwrap()
    };
    schedule(1, 5).unwrap();
    world.run();
    assert!(matches!(world.process(0).get_state(), State::YieldedFor(_)));
    schedule(0, 6).unwrap();
    schedule(1, 7).unwrap();
    assert_eq!(
        world.calls(0, [])[..],
        [SyscallReturn::YieldWaitFor(6, 0, 0)]
    );
    assert!(schedule(2, 0).is_err());
}

#[test]
fn yield_no_wait_reports_where_it_may() {
    let world = world();
    let code = code(&world);
    let addresses = world.process(0).get_addresses();
    let report = addresses.sram_start + 3;
    let memory = world.memory(0);
    memory[3].set(9);
    world.calls(0, [yield_no_wait(report), command(0, 0, 0)]);
    assert_eq!(memory[3].get(), 0);
    world.calls(
        0,
        [subscribe(0, code, 7), command(1, 1, 1), command(1, 0, 2)],
    );
    world.functions(0);
    world.calls(
        0,
        [command(1, 1, 1), command(1, 0, 2), yield_no_wait(report)],
    );
    assert_eq!(memory[3].get(), 1);
    assert_eq!(world.functions(0).len(), 1);
    // Addresses outside are ignored, and so is null.
    for address in [
        0,
        addresses.sram_app_brk,
        addresses.sram_end - 1,
        usize::MAX,
    ] {
        let results = world.calls(0, [yield_no_wait(address), command(0, 0, 0)]);
        assert_eq!(results[..], [SyscallReturn::Success]);
    }
}

#[test]
fn a_reserved_yield_returns_at_once() {
    let world = world();
    let reserved = Syscall::Yield {
        yield_type: YieldVariant::Reserved,
    };
    let results = world.calls(0, [reserved, command(0, 0, 0)]);
    assert_eq!(results[..], [SyscallReturn::Success]);
}

#[test]
fn a_full_queue_refuses_more() {
    let world = world();
    let results = world.calls(0, (0..12).map(|value| command(1, 0, value)));
    let refused = results
        .iter()
        .filter(|result| **result == SyscallReturn::Failure(ErrorCode::BUSY));
    assert_eq!(refused.count(), 3);
}

#[test]
fn the_filter_covers_drivers_only_and_keeps_the_variants() {
    let world = world();
    let code = code(&world);
    world.resources.board.refusal.set(Some(ErrorCode::NODEVICE));
    let start = world.process(0).get_addresses().sram_start;
    let pointer = core::ptr::without_provenance_mut(start);
    let results = world.calls(
        0,
        [
            command(0, 0, 0),
            subscribe(0, code, 1),
            allow_rw(0, start, 4),
            allow_ro(0, start, 4),
            memop(2, 0),
        ],
    );
    assert_eq!(
        results[..],
        [
            SyscallReturn::Failure(ErrorCode::NODEVICE),
            refused(ErrorCode::NODEVICE, 0, 1),
            SyscallReturn::AllowReadWriteFailure(ErrorCode::NODEVICE, pointer, 4),
            SyscallReturn::AllowReadOnlyFailure(ErrorCode::NODEVICE, pointer, 4),
            SyscallReturn::SuccessAddr(start),
        ]
    );
    assert!(world.resources.board.driver.last_caller.get().is_none());
    world.calls(0, [exit(0, 4)]);
    assert_eq!(world.process(0).get_state(), State::Terminated);
}

#[test]
fn a_process_that_never_yields_does_not_stop_others() {
    let world = World::boot(&[tbf("hog"), tbf("app")]);
    world.run();
    world.script(0, [super::chip::Step::Hog]);
    world.wake(0);
    let results = world.calls(1, [command(0, 0, 0)]);
    assert_eq!(results[..], [SyscallReturn::Success]);
    assert_eq!(world.process(0).get_state(), State::Running);
}
