//! The console library against the fake console.

use core::fmt::Write;

use libtock_unittest::{command_return, fake, ExpectedSyscall};

use super::*;

type Console = super::Console<fake::Syscalls>;

#[test]
fn exists_where_the_kernel_has_it() {
    let kernel = fake::Kernel::new();
    assert!(!Console::exists());
    kernel.add_driver(&fake::Console::new());
    assert!(Console::exists());
}

#[test]
fn writes_bytes_and_text() {
    let kernel = fake::Kernel::new();
    let driver = fake::Console::new();
    kernel.add_driver(&driver);

    Console::write(b"one ").unwrap();
    write!(Console::writer(), "{}", 2).unwrap();
    assert_eq!(driver.take_bytes(), b"one 2");
}

#[test]
fn a_write_without_the_driver_fails() {
    let _kernel = fake::Kernel::new();
    assert_eq!(Console::write(b"lost"), Err(ErrorCode::NoDevice));
}

#[test]
fn a_refused_command_is_an_error_and_takes_the_buffer_back() {
    let kernel = fake::Kernel::new();
    let driver = fake::Console::new();
    kernel.add_driver(&driver);
    kernel.add_expected_syscall(ExpectedSyscall::AllowRo {
        driver_num: DRIVER,
        buffer_num: WRITE,
        return_error: None,
    });
    kernel.add_expected_syscall(ExpectedSyscall::Subscribe {
        driver_num: DRIVER,
        subscribe_num: WRITE,
        skip_with_error: None,
    });
    kernel.add_expected_syscall(ExpectedSyscall::Command {
        driver_id: DRIVER,
        command_id: command::WRITE,
        argument0: 3,
        argument1: 0,
        override_return: Some(command_return::failure(ErrorCode::Busy)),
    });
    assert_eq!(Console::write(b"abc"), Err(ErrorCode::Busy));

    // Still shared, the same buffer would overlap itself in the fake kernel.
    let again = *b"abc";
    Console::write(&again).unwrap();
    Console::write(&again).unwrap();
}

#[test]
fn reads_as_much_as_there_is_room_for() {
    let kernel = fake::Kernel::new();
    kernel.add_driver(&fake::Console::new_with_input(b"some input"));

    let mut buffer = [0; 4];
    assert_eq!(Console::read(&mut buffer), (4, Ok(())));
    assert_eq!(&buffer, b"some");
    let mut buffer = [0; 16];
    assert_eq!(Console::read(&mut buffer), (6, Ok(())));
    assert_eq!(&buffer[..6], b" input");
}

#[test]
fn a_failed_read_reports_no_bytes() {
    let kernel = fake::Kernel::new();
    kernel.add_driver(&fake::Console::new());
    kernel.add_expected_syscall(ExpectedSyscall::AllowRw {
        driver_num: DRIVER,
        buffer_num: READ_BUFFER,
        return_error: Some(ErrorCode::NoMem),
    });
    assert_eq!(Console::read(&mut [0; 3]), (0, Err(ErrorCode::NoMem)));
}
