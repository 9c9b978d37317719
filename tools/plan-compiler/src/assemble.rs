//! From steps to bytes.

use anchorhold_engine::format::{Operator, RECORD_BYTES};
use anchorhold_engine::{Header, InputQuantization, Plan, HEADER_BYTES};

use crate::error::CompileError;
use crate::model::Model;
use crate::placement::{assign, Placement};
use crate::report::Peak;
use crate::step::Step;

/// Steps, and the tensors that go in and come out.
pub struct Program {
    /// In order of execution, every constant among them.
    pub steps: Vec<Step>,
    /// The input's number.
    pub input: usize,
    /// The output's number.
    pub output: usize,
    /// How raw sensor counts become inputs.
    pub quantization: InputQuantization,
}

/// A program's plan.
pub struct Assembled {
    /// Its header.
    pub header: Header,
    /// All of its bytes.
    pub bytes: Vec<u8>,
    /// The step that needs most of the arena.
    pub peak: Peak,
}

/// Plans the arena and writes the plan, which the engine accepts.
pub fn assemble(model: &Model, mut program: Program) -> Result<Assembled, CompileError> {
    let placement = assign(model, &mut program)?;
    let header = header(model, &program, &placement)?;
    let bytes = write(&header, &program.steps);
    Plan::validate(&bytes).map_err(CompileError::Refused)?;
    Ok(Assembled {
        header,
        bytes,
        peak: placement.peak,
    })
}

fn header(model: &Model, program: &Program, placement: &Placement) -> Result<Header, CompileError> {
    let steps = &program.steps;
    let resident = HEADER_BYTES + RECORD_BYTES * steps.len();
    let weights: usize = steps.iter().map(|step| step.weights.len()).sum();
    let plan_bytes = u32::try_from(resident + weights).map_err(|_| {
        CompileError::Graph("the plan would exceed 4 GiB; make the model smaller".into())
    })?;
    let mut row_bytes = 0;
    for step in steps {
        row_bytes = row_bytes.max(step.lengths()?.row);
    }
    let bytes = |tensor: usize| {
        let bytes = model.tensors[tensor].bytes();
        bytes.map_err(CompileError::in_graph)
    };
    let element = |tensor: usize| {
        let element = model.tensors[tensor].element();
        element.map_err(CompileError::in_graph)
    };
    let offset = |tensor: usize| {
        let nowhere = || CompileError::Graph("no operator computes the model's output".into());
        placement.offset(tensor).ok_or_else(nowhere)
    };
    Ok(Header {
        operators: steps.len() as u16,
        plan_bytes,
        resident_bytes: resident as u32,
        arena_bytes: placement.arena_bytes,
        row_bytes,
        input_offset: offset(program.input)?,
        input_bytes: bytes(program.input)?,
        output_offset: offset(program.output)?,
        output_bytes: bytes(program.output)?,
        input: program.quantization,
        input_element: element(program.input)?,
        output_element: element(program.output)?,
    })
}

fn write(header: &Header, steps: &[Step]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(header.plan_bytes as usize);
    let mut first = [0; HEADER_BYTES];
    header.emit(&mut first);
    bytes.extend(first);
    for step in steps {
        let mut record = [0; RECORD_BYTES];
        let operator = Operator {
            common: step.common,
            body: step.body,
        };
        operator.emit(&mut record);
        bytes.extend(record);
    }
    for step in steps {
        bytes.extend(&step.weights);
    }
    bytes
}
