//! `libtock_platform::Syscalls` and the fake kernel against each other.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use libtock_platform::{
    share, AllowRo, AllowRw, CommandReturn, DefaultConfig, ErrorCode, Subscribe, Syscalls,
    YieldNoWaitReturn,
};
use libtock_unittest::fake::{self, SyscallDriver};
use libtock_unittest::{
    command_return, DriverInfo, DriverShareRef, ExpectedSyscall, RoAllowBuffer, RwAllowBuffer,
    SyscallLogEntry,
};

const DRIVER: u32 = 42;

/// Keeps its buffers; command 1 schedules upcall 0, command 2 writes the
/// read-only buffer's bytes, incremented, to the read-write buffer.
#[derive(Default)]
struct Driver {
    input: RefCell<RoAllowBuffer>,
    output: RefCell<RwAllowBuffer>,
    share_ref: DriverShareRef,
}

impl SyscallDriver for Driver {
    fn info(&self) -> DriverInfo {
        DriverInfo::new(DRIVER).upcall_count(1)
    }

    fn register(&self, share_ref: DriverShareRef) {
        self.share_ref.replace(share_ref);
    }

    fn command(&self, command_id: u32, argument0: u32, argument1: u32) -> CommandReturn {
        match command_id {
            1 => self
                .share_ref
                .schedule_upcall(0, (argument0, argument1, 3))
                .unwrap(),
            2 => {
                let input = self.input.borrow();
                for (to, from) in self.output.borrow_mut().iter_mut().zip(input.iter()) {
                    *to = from + 1;
                }
            }
            _ => return command_return::failure(ErrorCode::NoSupport),
        }
        command_return::success()
    }

    fn allow_readonly(
        &self,
        buffer_num: u32,
        buffer: RoAllowBuffer,
    ) -> Result<RoAllowBuffer, (RoAllowBuffer, ErrorCode)> {
        match buffer_num {
            0 => Ok(self.input.replace(buffer)),
            _ => Err((buffer, ErrorCode::Invalid)),
        }
    }

    fn allow_readwrite(
        &self,
        buffer_num: u32,
        buffer: RwAllowBuffer,
    ) -> Result<RwAllowBuffer, (RwAllowBuffer, ErrorCode)> {
        match buffer_num {
            0 => Ok(self.output.replace(buffer)),
            _ => Err((buffer, ErrorCode::Invalid)),
        }
    }
}

type Sys = fake::Syscalls;

fn kernel() -> (fake::Kernel, Rc<Driver>) {
    let kernel = fake::Kernel::new();
    let driver = Rc::<Driver>::default();
    kernel.add_driver(&driver);
    (kernel, driver)
}

fn command(id: u32) -> Result<(), ErrorCode> {
    Sys::command(DRIVER, id, 1, 2).to_result()
}

#[test]
fn buffers_are_shared_within_the_scope_only() {
    let (_kernel, driver) = kernel();
    let mut output = [0; 3];
    share::scope::<(AllowRo<_, DRIVER, 0>, AllowRw<_, DRIVER, 0>), _, _>(|handle| {
        let (allow_ro, allow_rw) = handle.split();
        Sys::allow_ro::<DefaultConfig, DRIVER, 0>(allow_ro, b"abc").unwrap();
        Sys::allow_rw::<DefaultConfig, DRIVER, 0>(allow_rw, &mut output).unwrap();
        command(2).unwrap();
    });
    assert_eq!(&output, b"bcd");
    assert!(driver.input.borrow().is_empty());
    assert!(driver.output.borrow().is_empty());
}

#[test]
fn refused_buffers_are_errors() {
    let (_kernel, _driver) = kernel();
    share::scope(|handle| {
        let refused = Sys::allow_ro::<DefaultConfig, DRIVER, 7>(handle, b"abc");
        assert_eq!(refused, Err(ErrorCode::Invalid));
    });
    let mut buffer = [1];
    share::scope(|handle| {
        let refused = Sys::allow_rw::<DefaultConfig, 43, 0>(handle, &mut buffer);
        assert_eq!(refused, Err(ErrorCode::NoDevice));
    });
}

#[test]
fn upcalls_run_when_the_process_yields() {
    let (_kernel, _driver) = kernel();
    let arguments = Cell::new(None);
    share::scope(|handle| {
        Sys::subscribe::<_, _, DefaultConfig, DRIVER, 0>(handle, &arguments).unwrap();
        command(1).unwrap();
        assert_eq!(arguments.get(), None);
        Sys::yield_wait();
        assert_eq!(arguments.get(), Some((1u32, 2u32, 3u32)));
        assert_eq!(Sys::yield_no_wait(), YieldNoWaitReturn::NoUpcall);
        command(1).unwrap();
        assert_eq!(Sys::yield_no_wait(), YieldNoWaitReturn::Upcall);
    });
}

#[test]
fn scheduled_upcalls_are_cancelled_with_their_scope() {
    let (_kernel, _driver) = kernel();
    let called = Cell::new(false);
    share::scope::<Subscribe<_, DRIVER, 0>, _, _>(|handle| {
        Sys::subscribe::<_, _, DefaultConfig, DRIVER, 0>(handle, &called).unwrap();
        command(1).unwrap();
    });
    assert!(!fake::Kernel::is_upcall_pending());
    assert_eq!(Sys::yield_no_wait(), YieldNoWaitReturn::NoUpcall);
    assert!(!called.get());
}

#[test]
fn a_subscribe_number_that_the_driver_lacks_is_invalid() {
    let (_kernel, _driver) = kernel();
    let called = Cell::new(false);
    share::scope(|handle| {
        let refused = Sys::subscribe::<_, _, DefaultConfig, DRIVER, 1>(handle, &called);
        assert_eq!(refused, Err(ErrorCode::Invalid));
    });
}

#[test]
fn the_configuration_hears_of_replaced_shares() {
    thread_local!(static REPLACED: Cell<u32> = const { Cell::new(0) });
    struct Count;
    impl libtock_platform::allow_ro::Config for Count {
        fn returned_nonzero_buffer(_: u32, _: u32) {
            REPLACED.with(|count| count.set(count.get() + 1));
        }
    }
    impl libtock_platform::subscribe::Config for Count {
        fn returned_nonnull_upcall(_: u32, _: u32) {
            REPLACED.with(|count| count.set(count.get() + 1));
        }
    }
    let (_kernel, _driver) = kernel();
    let called = Cell::new(false);
    let (first, second) = ([1], [2]);
    share::scope::<(AllowRo<_, DRIVER, 0>, Subscribe<_, DRIVER, 0>), _, _>(|handle| {
        let (allow_ro, subscribe) = handle.split();
        Sys::allow_ro::<Count, DRIVER, 0>(allow_ro, &first).unwrap();
        Sys::subscribe::<_, _, Count, DRIVER, 0>(subscribe, &called).unwrap();
        assert_eq!(REPLACED.get(), 0);
        Sys::allow_ro::<Count, DRIVER, 0>(allow_ro, &second).unwrap();
        Sys::subscribe::<_, _, Count, DRIVER, 0>(subscribe, &called).unwrap();
        assert_eq!(REPLACED.get(), 2);
    });
}

#[test]
fn the_break_moves_and_stays_above_the_start_of_memory() {
    let (_kernel, _driver) = kernel();
    let start = Sys::memop_app_ram_start().unwrap();
    assert_eq!(Sys::memop_increment_brk(64), Ok(start));
    assert_eq!(Sys::memop_increment_brk(0), Ok(start.wrapping_add(64)));
    assert_eq!(Sys::memop_increment_brk(u32::MAX), Err(ErrorCode::Invalid));
    // SAFETY: the fake kernel's break has no memory behind it.
    unsafe {
        assert_eq!(Sys::memop_brk(core::ptr::null()), Err(ErrorCode::NoMem));
        assert_eq!(Sys::memop_sbrk(-65), Err(ErrorCode::NoMem));
    }
}

#[test]
fn calls_are_recorded() {
    let (kernel, _driver) = kernel();
    let _ = command(9);
    Sys::unallow_ro(DRIVER, 0);
    assert_eq!(
        kernel.take_syscall_log(),
        [
            SyscallLogEntry::Command {
                driver_id: DRIVER,
                command_id: 9,
                argument0: 1,
                argument1: 2
            },
            SyscallLogEntry::AllowRo {
                driver_num: DRIVER,
                buffer_num: 0,
                len: 0
            }
        ]
    );
    assert_eq!(kernel.take_syscall_log(), []);
}

#[test]
fn an_expected_call_has_the_outcome_that_the_test_gave() {
    let (kernel, _driver) = kernel();
    kernel.add_expected_syscall(ExpectedSyscall::Command {
        driver_id: DRIVER,
        command_id: 2,
        argument0: 1,
        argument1: 2,
        override_return: Some(command_return::failure(ErrorCode::Off)),
    });
    assert_eq!(command(2), Err(ErrorCode::Off));
    assert_eq!(command(2), Ok(()));
}

#[test]
#[should_panic(expected = "expected")]
fn another_call_than_the_expected_one_fails_the_test() {
    let (kernel, _driver) = kernel();
    kernel.add_expected_syscall(ExpectedSyscall::YieldWait { skip_upcall: true });
    let _ = command(2);
}

#[test]
#[should_panic(expected = "no upcall is pending")]
fn waiting_for_nothing_fails_the_test() {
    let (_kernel, _driver) = kernel();
    Sys::yield_wait();
}

#[test]
#[should_panic(expected = "exit-restart(5)")]
fn leaving_the_process_fails_the_test() {
    let (_kernel, _driver) = kernel();
    Sys::exit_restart(5);
}

#[test]
#[should_panic(expected = "already")]
fn a_thread_has_one_kernel() {
    let _first = fake::Kernel::new();
    let _second = fake::Kernel::new();
}
