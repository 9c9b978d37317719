//! What system calls do (TRD 104, section 4).

use super::memop::memop;
use super::registry::Kernel;
use crate::errorcode::ErrorCode;
use crate::grant;
use crate::platform::chip::Chip;
use crate::platform::{KernelResources, SyscallDriverLookup, SyscallFilter};
use crate::process::{Process, Task};
use crate::syscall::{Syscall, SyscallDriver, SyscallReturn, YieldVariant};
use crate::upcall::UpcallId;

impl Kernel {
    /// Carries out a system call of `process`, which is running.
    pub(super) fn handle_syscall<KR: KernelResources<C>, C: Chip>(
        &self,
        resources: &KR,
        process: &dyn Process,
        syscall: &Syscall,
    ) {
        let result = match *syscall {
            Syscall::Yield { yield_type } => return handle_yield(process, yield_type),
            Syscall::Exit {
                which,
                completion_code,
            } => match which {
                0 => return process.terminate(Some(completion_code as u32)),
                1 => return process.try_restart(Some(completion_code as u32)),
                _ => SyscallReturn::Failure(ErrorCode::NOSUPPORT),
            },
            Syscall::Memop { operand, arg0 } => memop(process, operand, arg0),
            Syscall::Subscribe { driver_number, .. }
            | Syscall::Command { driver_number, .. }
            | Syscall::ReadWriteAllow { driver_number, .. }
            | Syscall::UserspaceReadableAllow { driver_number, .. }
            | Syscall::ReadOnlyAllow { driver_number, .. } => {
                let run = process.processid();
                let result = match resources.syscall_filter().filter_syscall(process, syscall) {
                    Err(error) => syscall.failure(error),
                    Ok(()) => {
                        resources
                            .syscall_driver_lookup()
                            .with_driver(driver_number, |driver| match driver {
                                Some(driver) => call_driver(driver, process, syscall),
                                None => syscall.failure(ErrorCode::NODEVICE),
                            })
                    }
                };
                // A driver may have ended or restarted the process: then
                // there is nobody to return to.
                if process.processid() != run || !process.is_running() {
                    return;
                }
                result
            }
        };
        process.set_syscall_return_value(result);
    }
}

fn handle_yield(process: &dyn Process, yield_type: YieldVariant) {
    match yield_type {
        YieldVariant::Wait => process.set_yielded_state(),
        YieldVariant::WaitFor {
            driver_number,
            subdriver_number,
        } => process.set_yielded_for_state(UpcallId {
            driver_num: driver_number,
            subscribe_num: subdriver_number,
        }),
        YieldVariant::NoWait { ptr } => {
            // Upcalls without a function are dropped, as in a yield-wait.
            let call = loop {
                match process.dequeue_task() {
                    Some(Task::FunctionCall(call)) => break Some(call),
                    Some(Task::ReturnValue(_)) => {}
                    None => break None,
                }
            };
            // SAFETY: shared buffers are cells to the kernel, so it holds no
            // reference to any byte of the process. A byte that is not the
            // process's is not written, and that is no error (section 4.1.1).
            unsafe { process.set_byte(ptr, call.is_some().into()) };
            if let Some(call) = call {
                process.set_process_function(call);
            }
        }
        YieldVariant::Reserved => {}
    }
}

/// Carries out a system call for a driver.
fn call_driver(
    driver: &dyn SyscallDriver,
    process: &dyn Process,
    syscall: &Syscall,
) -> SyscallReturn {
    let result = match *syscall {
        Syscall::Command {
            subdriver_number,
            arg0,
            arg1,
            ..
        } => {
            return driver
                .command(subdriver_number, arg0, arg1, process.processid())
                .into_inner();
        }
        Syscall::Subscribe {
            driver_number,
            subdriver_number,
            upcall_ptr,
            appdata,
        } => {
            if !upcall_ptr.map_or(true, |function| {
                process.is_valid_upcall_function_pointer(function.as_ptr())
            }) {
                return syscall.failure(ErrorCode::INVAL);
            }
            let id = UpcallId {
                driver_num: driver_number,
                subscribe_num: subdriver_number,
            };
            with_grant(driver, process, || {
                grant::subscribe(process, id, upcall_ptr, appdata)
            })
            .map(|(function, appdata)| {
                SyscallReturn::SubscribeSuccess(function.as_ptr(), appdata.as_usize())
            })
        }
        Syscall::ReadWriteAllow {
            driver_number,
            subdriver_number,
            allow_address,
            allow_size,
        } => with_grant(driver, process, || {
            let buffer = process.build_readwrite_process_buffer(allow_address, allow_size)?;
            grant::allow_readwrite(process, driver_number, subdriver_number, buffer)
        })
        .map(|(start, len)| SyscallReturn::AllowReadWriteSuccess(start, len)),
        Syscall::ReadOnlyAllow {
            driver_number,
            subdriver_number,
            allow_address,
            allow_size,
        } => with_grant(driver, process, || {
            let buffer = process.build_readonly_process_buffer(allow_address, allow_size)?;
            grant::allow_readonly(process, driver_number, subdriver_number, buffer)
        })
        .map(|(start, len)| SyscallReturn::AllowReadOnlySuccess(start, len)),
        // No driver here shares memory that both sides access at once; but memory that
        // is not the process's is refused for that.
        Syscall::UserspaceReadableAllow {
            allow_address,
            allow_size,
            ..
        } => process
            .build_readwrite_process_buffer(allow_address, allow_size)
            .and(Err(ErrorCode::NOSUPPORT)),
        Syscall::Yield { .. } | Syscall::Memop { .. } | Syscall::Exit { .. } => {
            Err(ErrorCode::NOSUPPORT)
        }
    };
    result.unwrap_or_else(|error| syscall.failure(error))
}

/// Does something with the driver's grant; if there is none yet, has the
/// driver make one and tries again.
fn with_grant<R>(
    driver: &dyn SyscallDriver,
    process: &dyn Process,
    action: impl Fn() -> Result<R, ErrorCode>,
) -> Result<R, ErrorCode> {
    match action() {
        Err(ErrorCode::NOMEM) => {
            driver
                .allocate_grant(process.processid())
                .map_err(|_| ErrorCode::NOMEM)?;
            action()
        }
        result => result,
    }
}
