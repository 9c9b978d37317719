//! The system call convention of TRD 104 on RISC-V, as pure functions of a
//! process's registers: class in `a4`, arguments and results in `a0` to `a3`.

use crate::registers::{number, StoredState};
use kernel::process::FunctionCall;
use kernel::syscall::{ContextSwitchReason, SyscallReturn};
use kernel::utilities::arch_helpers::{
    encode_syscall_return_trd104, syscall_from_register_arguments_trd104, TRD104SyscallReturn,
};
use kernel::utilities::machine_register::MachineRegister;

/// `mcause` of an `ecall` from user mode.
const USER_ENVIRONMENT_CALL: usize = 8;
/// Set in `mcause` when the trap is an interrupt.
const INTERRUPT: usize = 1 << 31;
/// Length of an `ecall`, in bytes.
const ECALL_LENGTH: usize = 4;

/// Why the process stopped. After a system call its program counter is moved
/// past the `ecall`; a call of no known class is a fault.
pub(crate) fn stop_reason(state: &mut StoredState) -> ContextSwitchReason {
    if state.cause & INTERRUPT != 0 {
        return ContextSwitchReason::Interrupted;
    }
    if state.cause != USER_ENVIRONMENT_CALL {
        return ContextSwitchReason::Fault;
    }
    let [a0, a1, a2, a3] = state.arguments();
    let call = u8::try_from(state.get(number::A4)).ok().and_then(|class| {
        syscall_from_register_arguments_trd104(
            class,
            a0,
            MachineRegister::from(a1),
            MachineRegister::from(a2),
            MachineRegister::from(a3),
        )
    });
    match call {
        Some(syscall) => {
            state.pc = state.pc.wrapping_add(ECALL_LENGTH);
            ContextSwitchReason::SyscallFired { syscall }
        }
        None => ContextSwitchReason::Fault,
    }
}

/// Puts a system call's result where the process expects it.
pub(crate) fn put_result(state: &mut StoredState, result: SyscallReturn) {
    let [a0, a1, a2, a3] = state.arguments();
    let (mut a0, mut a1, mut a2, mut a3) = (a0 as u32, a1 as u32, a2 as u32, a3 as u32);
    let result = TRD104SyscallReturn::from(result);
    encode_syscall_return_trd104(&result, &mut a0, &mut a1, &mut a2, &mut a3);
    state.set_arguments([a0 as usize, a1 as usize, a2 as usize, a3 as usize]);
}

/// Makes the process call a function that returns to where it waited.
pub(crate) fn put_call(state: &mut StoredState, call: FunctionCall) {
    state.set_arguments([
        call.argument0,
        call.argument1,
        call.argument2,
        call.argument3.as_usize(),
    ]);
    state.set(number::RA, state.pc);
    state.pc = call.pc.addr();
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::process::FunctionCallSource;
    use kernel::syscall::Syscall;
    use kernel::utilities::capability_ptr::CapabilityPtr;
    use kernel::ErrorCode;

    fn trapped(cause: usize, class: usize, arguments: [usize; 4]) -> StoredState {
        let mut state = StoredState {
            cause,
            pc: 0x2003_0100,
            ..StoredState::default()
        };
        state.set(number::A4, class);
        state.set_arguments(arguments);
        state
    }

    #[test]
    fn a_command_arrives_with_its_arguments() {
        let mut state = trapped(8, 2, [0xa0001, 1, 7, 9]);
        let ContextSwitchReason::SyscallFired { syscall } = stop_reason(&mut state) else {
            panic!("not a system call");
        };
        let expected = Syscall::Command {
            driver_number: 0xa0001,
            subdriver_number: 1,
            arg0: 7,
            arg1: 9,
        };
        assert_eq!(syscall, expected);
        assert_eq!(state.pc, 0x2003_0104);
    }

    #[test]
    fn unknown_classes_fault_where_they_stand() {
        for class in [8, 255, 258, usize::MAX] {
            let mut state = trapped(8, class, [0; 4]);
            assert!(matches!(
                stop_reason(&mut state),
                ContextSwitchReason::Fault
            ));
            assert_eq!(state.pc, 0x2003_0100);
        }
    }

    #[test]
    fn interrupts_and_exceptions_are_told_apart() {
        let timer = INTERRUPT | 7;
        let mut state = trapped(timer, 2, [0; 4]);
        assert!(matches!(
            stop_reason(&mut state),
            ContextSwitchReason::Interrupted
        ));
        let mut state = trapped(7, 2, [0; 4]);
        assert!(matches!(
            stop_reason(&mut state),
            ContextSwitchReason::Fault
        ));
    }

    #[test]
    fn results_follow_the_table_of_return_variants() {
        let mut state = trapped(8, 2, [0; 4]);
        put_result(&mut state, SyscallReturn::SuccessU32U32(5, 6));
        assert_eq!(state.arguments()[..3], [130, 5, 6]);
        put_result(&mut state, SyscallReturn::Failure(ErrorCode::NODEVICE));
        assert_eq!(state.arguments()[..2], [0, ErrorCode::NODEVICE as usize]);
    }

    #[test]
    fn an_upcall_returns_to_the_waiting_point() {
        let mut state = trapped(8, 0, [0; 4]);
        let call = FunctionCall {
            source: FunctionCallSource::Kernel,
            argument0: 1,
            argument1: 2,
            argument2: 3,
            argument3: MachineRegister::from(4),
            pc: CapabilityPtr::from(0x2003_0200),
        };
        put_call(&mut state, call);
        assert_eq!(state.arguments(), [1, 2, 3, 4]);
        assert_eq!(state.get(number::RA), 0x2003_0100);
        assert_eq!(state.pc, 0x2003_0200);
    }
}
