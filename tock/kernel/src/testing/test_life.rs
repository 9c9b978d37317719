//! Tests of exit, faults, restarts and wiping.

use super::board::DRIVER;
use super::chip::Step;
use super::processes::*;
use super::tbf::{tbf, RAM};
use super::world::World;
use crate::errorcode::ErrorCode;
use crate::process::{Error, State};
use crate::processbuffer::ReadableProcessBuffer;
use crate::syscall::SyscallReturn;
use crate::upcall::UpcallId;

/// A process with secrets everywhere: memory, grant, registers, queue.
fn world() -> World {
    let world = World::boot(&[tbf("app"), tbf("other")]);
    world.run();
    let start = world.process(0).get_addresses().sram_start;
    world.calls(
        0,
        [
            memop(0, start + RAM as usize / 2),
            command(2, usize::MAX, 0),
            command(1, 0, 5),
        ],
    );
    for byte in world.memory(0) {
        byte.set(0x5A);
    }
    world
}

fn is_wiped(world: &World) -> bool {
    let process = world.process(0);
    let lowest_record = process.get_addresses().sram_grant_start;
    assert_ne!(process.grant_is_allocated(0), Some(true));
    // All grants are gone, so this covers where they were.
    assert!(lowest_record > process.get_addresses().sram_start + RAM as usize);
    world.memory(0).iter().all(|byte| byte.get() == 0)
}

#[test]
fn exit_terminate_wipes_everything() {
    let world = world();
    let id = world.process(0).processid();
    assert!(!is_wiped_without_grants(&world));
    world.calls(0, [exit(0, 9)]);
    let process = world.process(0);
    assert_eq!(process.get_state(), State::Terminated);
    assert_eq!(process.get_completion_code(), Some(Some(9)));
    assert!(is_wiped(&world));
    assert!(!process.ready() && !process.has_tasks());
    let driver = &world.resources.board.driver.grant;
    assert_eq!(driver.enter(id, |_, _| ()), Err(Error::InactiveApp));
    assert!(driver.iter().next().is_none());
    assert_eq!(process.enqueue_task(task()), Err(ErrorCode::NODEVICE));
    // Nothing brings it back by itself.
    process.set_process_function(nothing());
    process.set_syscall_return_value(SyscallReturn::Success);
    assert_eq!(process.get_state(), State::Terminated);
    assert!(process.switch_to().is_none());
}

fn task() -> crate::process::Task {
    crate::process::Task::FunctionCall(nothing())
}

fn is_wiped_without_grants(world: &World) -> bool {
    world.memory(0).iter().all(|byte| byte.get() == 0)
}

#[test]
fn exit_restart_starts_afresh() {
    let world = world();
    let old = world.process(0).processid();
    world.functions(0);
    world.calls(0, [exit(1, 3)]);
    let process = world.process(0);
    assert_ne!(process.processid(), old);
    assert_eq!(process.get_restart_count(), 1);
    assert_eq!(process.get_state(), State::Yielded);
    assert!(is_wiped(&world));
    let calls = world.functions(0);
    assert_eq!(calls.len(), 1, "its first function, again");
    assert_eq!(
        calls[0].argument3.as_usize(),
        process.get_addresses().sram_app_brk
    );
    assert_eq!(world.call(0, command(2, 1, 0)), SyscallReturn::Success);
    let driver = &world.resources.board.driver.grant;
    assert_eq!(driver.enter(old, |_, _| ()), Err(Error::NoSuchApp));
}

#[test]
fn unknown_exits_return() {
    let world = world();
    assert_eq!(
        world.call(0, exit(2, 0)),
        SyscallReturn::Failure(ErrorCode::NOSUPPORT)
    );
}

#[test]
fn faults_are_logged_and_restarts_bounded() {
    let world = world();
    for restarts in 0..=2 {
        assert_eq!(world.process(0).get_restart_count(), restarts);
        world.script(0, [Step::Fault]);
        world.wake(0);
        world.run();
        assert!(is_wiped(&world));
    }
    assert_eq!(world.process(0).get_state(), State::Faulted);
    let log = world.log.0.borrow();
    let line = "fault: process app load access fault at 0x10000000 pc 0x20048120\r\n";
    assert_eq!(log.matches(line).count(), 3);
    assert_eq!(world.process(1).get_state(), State::Yielded);
}

/// In particular, none of its instructions is executed without the function.
#[test]
fn a_function_that_cannot_be_called_is_a_fault() {
    let world = world();
    world.refuse_functions(0);
    let process = world.process(0);
    process.enqueue_task(task()).unwrap();
    assert_eq!(world.calls(0, [command(2, 1, 0)]), []);
    assert_eq!(process.get_state(), State::Faulted);
    assert_eq!(process.get_restart_count(), 2);
    assert!(is_wiped(&world));
}

#[test]
fn a_capability_holder_can_restart_a_stopped_process() {
    let world = world();
    world.calls(0, [exit(0, 0)]);
    let id = world.process(0).processid();
    let capability = crate::create_capability!(crate::capabilities::ProcessManagementCapability);
    world
        .kernel
        .process_map_or_external((), id, |process| process.try_restart(None), &capability);
    world.run();
    assert_eq!(world.process(0).get_state(), State::Yielded);
    assert_ne!(world.process(0).processid(), id);
    // The old name no longer reaches it.
    let reached = world
        .kernel
        .process_map_or_external(false, id, |_| true, &capability);
    assert!(!reached);
}

#[test]
fn ending_a_process_inside_its_grant_waits_for_the_grant() {
    let world = world();
    let old = world.process(0).processid();
    // The driver asserts that its data stays valid until it is done with it.
    let results = world.calls(0, [command(3, 0, 0)]);
    assert!(
        results.is_empty(),
        "the new run does not see the old call's result"
    );
    assert_ne!(world.process(0).processid(), old);
    assert_eq!(world.process(0).get_restart_count(), 1);
    assert!(is_wiped(&world));
    assert_eq!(world.call(0, command(2, 1, 0)), SyscallReturn::Success);
}

#[test]
fn buffers_of_the_dead_are_empty() {
    let world = world();
    let start = world.process(0).get_addresses().sram_start;
    world.calls(0, [allow_rw(0, start, 16)]);
    let driver = &world.resources.board.driver.grant;
    let process = world.process(0);
    driver
        .enter(process.processid(), |_, kernel_data| {
            let buffer = kernel_data.get_readwrite_processbuffer(0).unwrap();
            assert_eq!(buffer.len(), 16);
            process.terminate(None);
            assert_eq!(buffer.len(), 0);
            assert_eq!(buffer.enter(|_| ()), Err(Error::NoSuchApp));
            assert!(kernel_data.schedule_upcall(0, (0, 0, 0)).is_err());
        })
        .unwrap();
    assert!(is_wiped(&world));
    let id = UpcallId {
        driver_num: DRIVER,
        subscribe_num: 0,
    };
    assert!(process.remove_upcall(id).is_none());
}

#[test]
fn names_cannot_forge_log_lines() {
    let world = World::boot(&[tbf("x\r\nvault: accepted"), tbf("")]);
    assert_eq!(world.process(0).get_process_name(), "(unnamed)");
    assert_eq!(world.process(1).get_process_name(), "(unnamed)");
    assert!(!world.log.0.borrow().contains("vault"));
}
