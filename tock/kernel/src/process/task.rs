//! What waits to be delivered to a process.

use crate::upcall::UpcallId;
use crate::utilities::capability_ptr::CapabilityPtr;
use crate::utilities::machine_register::MachineRegister;

/// Something to be delivered to a process.
#[derive(Clone, Copy, Debug)]
pub enum Task {
    /// Call this function of the process.
    FunctionCall(FunctionCall),
    /// An upcall without a function (the Null Upcall): only a yield-wait-for
    /// can take its arguments.
    ReturnValue(ReturnArguments),
}

impl Task {
    /// The upcall that this is, if a driver scheduled it.
    pub(crate) fn upcall_id(&self) -> Option<UpcallId> {
        match self {
            Task::FunctionCall(call) => match call.source {
                FunctionCallSource::Driver(id) => Some(id),
                FunctionCallSource::Kernel => None,
            },
            Task::ReturnValue(arguments) => Some(arguments.upcall_id),
        }
    }

    /// The three arguments from whoever scheduled it.
    pub(crate) fn arguments(&self) -> (usize, usize, usize) {
        match self {
            Task::FunctionCall(call) => (call.argument0, call.argument1, call.argument2),
            Task::ReturnValue(arguments) => (
                arguments.argument0,
                arguments.argument1,
                arguments.argument2,
            ),
        }
    }
}

/// Who wants a function of the process to be called.
#[derive(Clone, Copy, Debug)]
pub enum FunctionCallSource {
    /// The kernel: this is the process's first function.
    Kernel,
    /// A driver, through this upcall.
    Driver(UpcallId),
}

/// A call of a function of the process.
#[derive(Clone, Copy, Debug)]
pub struct FunctionCall {
    /// Who wants it.
    pub source: FunctionCallSource,
    /// First argument.
    pub argument0: usize,
    /// Second argument.
    pub argument1: usize,
    /// Third argument.
    pub argument2: usize,
    /// Fourth argument: what the process gave when it subscribed.
    pub argument3: MachineRegister,
    /// Address of the function.
    pub pc: CapabilityPtr,
}

/// The arguments of an upcall without a function.
#[derive(Clone, Copy, Debug)]
pub struct ReturnArguments {
    /// The upcall.
    pub upcall_id: UpcallId,
    /// First argument.
    pub argument0: usize,
    /// Second argument.
    pub argument1: usize,
    /// Third argument.
    pub argument2: usize,
}
