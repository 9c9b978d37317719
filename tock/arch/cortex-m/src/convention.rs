//! The system call convention of TRD 104 on Cortex-M, as pure functions of a
//! process's registers: the class is in the `svc` instruction, arguments and
//! results are in `r0` to `r3`.

use crate::frame::THUMB;
use crate::state::StoredState;
use kernel::process::FunctionCall;
use kernel::syscall::{ContextSwitchReason, SyscallReturn};
use kernel::utilities::arch_helpers::{
    encode_syscall_return_trd104, encode_upcall_trd104, syscall_from_register_arguments_trd104,
    TRD104SyscallReturn,
};
use kernel::utilities::machine_register::MachineRegister;

/// The upper byte of `svc`'s encoding.
const SVC: u8 = 0xdf;

/// The system call that `instruction` asks for; a call of no known class is a
/// fault. The program counter is past the instruction already.
pub fn system_call(state: &StoredState, instruction: u16) -> ContextSwitchReason {
    let [class, operation] = instruction.to_le_bytes();
    let register = |value: u32| MachineRegister::from(value as usize);
    let frame = &state.frame;
    let call = syscall_from_register_arguments_trd104(
        class,
        frame.r0 as usize,
        register(frame.r1),
        register(frame.r2),
        register(frame.r3),
    );
    match call {
        Some(syscall) if operation == SVC => ContextSwitchReason::SyscallFired { syscall },
        _ => ContextSwitchReason::Fault,
    }
}

/// Puts a system call's result where the process expects it.
pub fn put_result(state: &mut StoredState, result: SyscallReturn) {
    let frame = &mut state.frame;
    encode_syscall_return_trd104(
        &TRD104SyscallReturn::from(result),
        &mut frame.r0,
        &mut frame.r1,
        &mut frame.r2,
        &mut frame.r3,
    );
}

/// Makes the process call a function that returns to where it waited.
pub fn put_call(state: &mut StoredState, call: FunctionCall) {
    let frame = &mut state.frame;
    encode_upcall_trd104(
        &call,
        &mut frame.r0,
        &mut frame.r1,
        &mut frame.r2,
        &mut frame.r3,
    );
    // Addresses of code are odd where a register holds them, and even in `pc`.
    frame.lr = frame.pc | 1;
    frame.pc = call.pc.addr() as u32 & !1;
    frame.xpsr = THUMB;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Frame;
    use kernel::process::FunctionCallSource;
    use kernel::syscall::Syscall;
    use kernel::utilities::capability_ptr::CapabilityPtr;
    use kernel::ErrorCode;

    fn waiting([r0, r1, r2, r3]: [u32; 4]) -> StoredState {
        StoredState {
            frame: Frame {
                r0,
                r1,
                r2,
                r3,
                pc: 0x5_8102,
                xpsr: 0x6100_0200,
                ..Frame::default()
            },
            ..StoredState::default()
        }
    }

    #[test]
    fn the_class_is_in_the_instruction_and_arguments_in_registers() {
        let state = waiting([0xa0001, 1, 7, 9]);
        let ContextSwitchReason::SyscallFired { syscall } = system_call(&state, 0xdf02) else {
            panic!("not a system call");
        };
        let expected = Syscall::Command {
            driver_number: 0xa0001,
            subdriver_number: 1,
            arg0: 7,
            arg1: 9,
        };
        assert_eq!(syscall, expected);
    }

    #[test]
    fn unknown_classes_fault_where_they_stand() {
        // Classes 8 and 255, and what is not `svc`.
        for instruction in [0xdf08, 0xdfff, 0xbe02, 0x0002] {
            let reason = system_call(&waiting([0; 4]), instruction);
            assert!(matches!(reason, ContextSwitchReason::Fault));
        }
    }

    #[test]
    fn results_follow_the_table_of_return_variants() {
        let mut state = waiting([1, 2, 3, 4]);
        put_result(&mut state, SyscallReturn::SuccessU32U32(5, 6));
        let Frame { r0, r1, r2, r3, .. } = state.frame;
        assert_eq!([r0, r1, r2, r3], [130, 5, 6, 4]);
        put_result(&mut state, SyscallReturn::Failure(ErrorCode::NODEVICE));
        assert_eq!([state.frame.r0, state.frame.r1], [0, 11]);
        assert_eq!((state.frame.pc, state.frame.xpsr), (0x5_8102, 0x6100_0200));
    }

    #[test]
    fn an_upcall_returns_to_the_waiting_point() {
        let mut state = waiting([0; 4]);
        let call = FunctionCall {
            source: FunctionCallSource::Kernel,
            argument0: 1,
            argument1: 2,
            argument2: 3,
            argument3: MachineRegister::from(4),
            pc: CapabilityPtr::from(0x5_8201),
        };
        put_call(&mut state, call);
        let expected = Frame {
            r0: 1,
            r1: 2,
            r2: 3,
            r3: 4,
            r12: 0,
            lr: 0x5_8103,
            pc: 0x5_8200,
            xpsr: THUMB,
        };
        assert_eq!(state.frame, expected);
    }
}
