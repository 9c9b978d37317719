//! The register encoding of system calls on 32-bit processors (TRD 104,
//! section 3).

use crate::errorcode::ErrorCode;
use crate::process::FunctionCall;
use crate::syscall::{Syscall, SyscallClass, SyscallReturn, YieldVariant};
use crate::utilities::machine_register::MachineRegister;

/// Decodes a system call. `None` for a class that does not exist.
pub fn syscall_from_register_arguments_trd104(
    syscall_number: u8,
    r0: usize,
    r1: MachineRegister,
    r2: MachineRegister,
    r3: MachineRegister,
) -> Option<Syscall> {
    let driver_number = r0;
    let subdriver_number = r1.as_usize();
    let allow_address = r2.as_capability_ptr().as_ptr::<u8>();
    let allow_size = r3.as_usize();
    Some(match SyscallClass::try_from(syscall_number).ok()? {
        SyscallClass::Yield => Syscall::Yield {
            yield_type: match r0 {
                0 => YieldVariant::NoWait {
                    ptr: r1.as_capability_ptr().as_ptr::<u8>().cast_mut(),
                },
                1 => YieldVariant::Wait,
                2 => YieldVariant::WaitFor {
                    driver_number: r1.as_usize(),
                    subdriver_number: r2.as_usize(),
                },
                _ => YieldVariant::Reserved,
            },
        },
        SyscallClass::Subscribe => Syscall::Subscribe {
            driver_number,
            subdriver_number,
            upcall_ptr: r2.as_capability_ptr(),
            appdata: r3,
        },
        SyscallClass::Command => Syscall::Command {
            driver_number,
            subdriver_number,
            arg0: r2.as_usize(),
            arg1: r3.as_usize(),
        },
        SyscallClass::ReadWriteAllow => Syscall::ReadWriteAllow {
            driver_number,
            subdriver_number,
            allow_address: allow_address.cast_mut(),
            allow_size,
        },
        SyscallClass::UserspaceReadableAllow => Syscall::UserspaceReadableAllow {
            driver_number,
            subdriver_number,
            allow_address: allow_address.cast_mut(),
            allow_size,
        },
        SyscallClass::ReadOnlyAllow => Syscall::ReadOnlyAllow {
            driver_number,
            subdriver_number,
            allow_address,
            allow_size,
        },
        SyscallClass::Memop => Syscall::Memop {
            operand: r0,
            arg0: r1.as_usize(),
        },
        SyscallClass::Exit => Syscall::Exit {
            which: r0,
            completion_code: r1.as_usize(),
        },
    })
}

/// The number of each return variant, as it appears in the first register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
#[allow(missing_docs)] // the names are those of TRD 104's table
pub enum TRD104SyscallReturnVariant {
    Failure = 0,
    FailureU32 = 1,
    FailureU32U32 = 2,
    FailureU64 = 3,
    Success = 128,
    SuccessU32 = 129,
    SuccessU32U32 = 130,
    SuccessU64 = 131,
    SuccessU32U32U32 = 132,
    SuccessU32U64 = 133,
}

/// A [`SyscallReturn`] as registers can carry it: pointers and sizes have
/// become 32-bit numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TRD104SyscallReturn {
    /// Register values, first to fourth.
    registers: [u32; 4],
    /// How many of them there are; the other registers are left alone.
    count: u8,
}

impl TRD104SyscallReturn {
    fn new(variant: TRD104SyscallReturnVariant) -> Self {
        Self {
            registers: [variant as u32, 0, 0, 0],
            count: 1,
        }
    }

    fn new1(variant: TRD104SyscallReturnVariant, a: u32) -> Self {
        Self {
            registers: [variant as u32, a, 0, 0],
            count: 2,
        }
    }

    fn new2(variant: TRD104SyscallReturnVariant, a: u32, b: u32) -> Self {
        Self {
            registers: [variant as u32, a, b, 0],
            count: 3,
        }
    }

    fn new3(variant: TRD104SyscallReturnVariant, a: u32, b: u32, c: u32) -> Self {
        Self {
            registers: [variant as u32, a, b, c],
            count: 4,
        }
    }
}

fn low(value: u64) -> u32 {
    value as u32
}

fn high(value: u64) -> u32 {
    (value >> 32) as u32
}

fn code(error: ErrorCode) -> u32 {
    usize::from(error) as u32
}

impl From<SyscallReturn> for TRD104SyscallReturn {
    fn from(result: SyscallReturn) -> Self {
        use SyscallReturn as R;
        use TRD104SyscallReturnVariant as V;

        let swapped =
            |address: usize, data: usize| Self::new2(V::SuccessU32U32, address as u32, data as u32);
        let refused = |error: ErrorCode, address: usize, data: usize| {
            Self::new3(V::FailureU32U32, code(error), address as u32, data as u32)
        };
        match result {
            R::Failure(error) => Self::new1(V::Failure, code(error)),
            R::FailureU32(error, a) => Self::new2(V::FailureU32, code(error), a),
            R::FailureU32U32(error, a, b) => Self::new3(V::FailureU32U32, code(error), a, b),
            R::FailureU64(error, a) => Self::new3(V::FailureU64, code(error), low(a), high(a)),
            R::Success => Self::new(V::Success),
            R::SuccessU32(a) => Self::new1(V::SuccessU32, a),
            R::SuccessU32U32(a, b) => Self::new2(V::SuccessU32U32, a, b),
            R::SuccessU32U32U32(a, b, c) => Self::new3(V::SuccessU32U32U32, a, b, c),
            R::SuccessU64(a) => Self::new2(V::SuccessU64, low(a), high(a)),
            R::SuccessU32U64(a, b) => Self::new3(V::SuccessU32U64, a, low(b), high(b)),
            R::SuccessAddr(address) => Self::new1(V::SuccessU32, address as u32),
            R::SuccessPtr(pointer) => Self::new1(V::SuccessU32, pointer.addr() as u32),
            R::AllowReadWriteSuccess(buffer, size)
            | R::UserspaceReadableAllowSuccess(buffer, size) => swapped(buffer.addr(), size),
            R::AllowReadOnlySuccess(buffer, size) => swapped(buffer.addr(), size),
            R::SubscribeSuccess(function, data) => swapped(function.addr(), data),
            R::AllowReadWriteFailure(error, buffer, size)
            | R::UserspaceReadableAllowFailure(error, buffer, size) => {
                refused(error, buffer.addr(), size)
            }
            R::AllowReadOnlyFailure(error, buffer, size) => refused(error, buffer.addr(), size),
            R::SubscribeFailure(error, function, data) => refused(error, function.addr(), data),
            // No variant here: the upcall's arguments are all there is.
            R::YieldWaitFor(a, b, c) => Self {
                registers: [a as u32, b as u32, c as u32, 0],
                count: 3,
            },
        }
    }
}

/// Writes a result into the four registers.
pub fn encode_syscall_return_trd104(
    syscall_return: &TRD104SyscallReturn,
    a0: &mut u32,
    a1: &mut u32,
    a2: &mut u32,
    a3: &mut u32,
) {
    let [r0, r1, r2, r3] = syscall_return.registers;
    *a0 = r0;
    if syscall_return.count > 1 {
        *a1 = r1;
    }
    if syscall_return.count > 2 {
        *a2 = r2;
    }
    if syscall_return.count > 3 {
        *a3 = r3;
    }
}

/// Writes an upcall's arguments into the four registers.
pub fn encode_upcall_trd104(
    upcall: &FunctionCall,
    a0: &mut u32,
    a1: &mut u32,
    a2: &mut u32,
    a3: &mut u32,
) {
    *a0 = upcall.argument0 as u32;
    *a1 = upcall.argument1 as u32;
    *a2 = upcall.argument2 as u32;
    *a3 = upcall.argument3.as_usize() as u32;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode(result: SyscallReturn) -> [u32; 4] {
        let [mut a, mut b, mut c, mut d] = [0xEEEE_EEEE; 4];
        encode_syscall_return_trd104(&result.into(), &mut a, &mut b, &mut c, &mut d);
        [a, b, c, d]
    }

    const KEPT: u32 = 0xEEEE_EEEE;

    #[test]
    fn results() {
        assert_eq!(encode(SyscallReturn::Success), [128, KEPT, KEPT, KEPT]);
        assert_eq!(
            encode(SyscallReturn::Failure(ErrorCode::NODEVICE)),
            [0, 11, KEPT, KEPT]
        );
        assert_eq!(
            encode(SyscallReturn::SuccessU32U64(1, 0x2_0000_0003)),
            [133, 1, 3, 2]
        );
        assert_eq!(
            encode(SyscallReturn::SuccessU64(0x2_0000_0003)),
            [131, 3, 2, KEPT]
        );
        assert_eq!(
            encode(SyscallReturn::SubscribeFailure(
                ErrorCode::INVAL,
                core::ptr::without_provenance(0x40),
                7
            )),
            [2, 6, 0x40, 7]
        );
        assert_eq!(
            encode(SyscallReturn::AllowReadOnlySuccess(core::ptr::null(), 0)),
            [130, 0, 0, KEPT]
        );
        assert_eq!(
            encode(SyscallReturn::YieldWaitFor(1, 2, 3)),
            [1, 2, 3, KEPT]
        );
    }

    #[test]
    fn calls() {
        let decode = |class, r0, r1: usize, r2: usize, r3: usize| {
            syscall_from_register_arguments_trd104(class, r0, r1.into(), r2.into(), r3.into())
        };
        assert_eq!(
            decode(2, 0xA0001, 1, 2, 3),
            Some(Syscall::Command {
                driver_number: 0xA0001,
                subdriver_number: 1,
                arg0: 2,
                arg1: 3
            })
        );
        assert_eq!(
            decode(0, 2, 1, 5, 0),
            Some(Syscall::Yield {
                yield_type: YieldVariant::WaitFor {
                    driver_number: 1,
                    subdriver_number: 5
                }
            })
        );
        assert_eq!(
            decode(0, 3, 0, 0, 0),
            Some(Syscall::Yield {
                yield_type: YieldVariant::Reserved
            })
        );
        assert_eq!(decode(8, 0, 0, 0, 0), None);
        assert_eq!(decode(255, 0, 0, 0, 0), None);
    }
}
