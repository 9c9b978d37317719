//! The compiler's driver: lower every operator, plan the arena, write the plan.

use anchorhold_engine::format::{Operator, RECORD_BYTES};
use anchorhold_engine::{Header, InputQuantization, Plan, HEADER_BYTES};

use crate::error::{CompileError, Problem};
use crate::lower::{lower, Step};
use crate::model::{Model, Node};
use crate::placement::{assign, Placement};
use crate::quantization::multiplier;
use crate::report::{OperatorReport, Report, TensorReport};

/// Far more operators than any device holds the table for.
const MOST_OPERATORS: usize = 1024;

/// What a model file does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Options {
    /// The real value, in the model's unit, of one raw sensor count; nothing for
    /// inputs that are already the model's int8.
    pub raw_scale: Option<f64>,
}

/// A plan, and what it costs.
#[derive(Clone, Debug, PartialEq)]
pub struct CompiledPlan {
    /// The plan's bytes: the same for the same model, everywhere.
    pub bytes: Vec<u8>,
    /// The header at the front of the bytes.
    pub header: Header,
    /// What the plan costs.
    pub report: Report,
}

/// Compiles a `.tflite` model.
///
/// # Errors
/// [`CompileError`] says in one line what is wrong, where, and what to do.
pub fn compile(tflite: &[u8], options: &Options) -> Result<CompiledPlan, CompileError> {
    let model = Model::parse(tflite)?;
    if model.nodes.is_empty() || model.nodes.len() > MOST_OPERATORS {
        return Err(CompileError::Graph(format!(
            "the model has {} operators, supported: 1 to {MOST_OPERATORS}",
            model.nodes.len()
        )));
    }
    let mut steps = Vec::new();
    for (index, node) in model.nodes.iter().enumerate() {
        let step = lower(&model, node).map_err(|problem| CompileError::Operator {
            index,
            name: node.name.clone(),
            problem,
        });
        steps.push(step?);
    }
    let placement = assign(&model, &mut steps)?;
    let header = header(&model, &steps, &placement, options)?;
    let bytes = write(&header, &steps);
    Plan::validate(&bytes).map_err(CompileError::Refused)?;
    let report = report(&model, &steps, &header).map_err(in_graph)?;
    Ok(CompiledPlan {
        bytes,
        header,
        report,
    })
}

/// A problem with the model's own input or output.
fn in_graph(problem: Problem) -> CompileError {
    CompileError::Graph(problem.to_string())
}

fn header(
    model: &Model,
    steps: &[Step],
    placement: &Placement,
    options: &Options,
) -> Result<Header, CompileError> {
    let resident = HEADER_BYTES + RECORD_BYTES * steps.len();
    let weights: usize = steps.iter().map(|step| step.weights.len()).sum();
    let plan_bytes = u32::try_from(resident + weights).map_err(|_| {
        CompileError::Graph("the plan would exceed 4 GiB; make the model smaller".into())
    })?;
    let mut row_bytes = 0;
    for (index, step) in steps.iter().enumerate() {
        let lengths = step.body.lengths();
        let lengths = lengths.map_err(|fault| CompileError::refused(index, fault))?;
        row_bytes = row_bytes.max(lengths.row);
    }
    let elements = |tensor: usize| model.tensors[tensor].elements().map_err(in_graph);
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
        input_offset: offset(model.input)?,
        input_bytes: elements(model.input)?,
        output_offset: offset(model.output)?,
        output_bytes: elements(model.output)?,
        input: input_quantization(model, options)?,
    })
}

/// The factor from raw counts to the input's steps.
fn input_quantization(model: &Model, options: &Options) -> Result<InputQuantization, CompileError> {
    let Some(raw_scale) = options.raw_scale else {
        return Ok(InputQuantization::IDENTITY);
    };
    let input = &model.tensors[model.input];
    let (scale, zero_point) = input.quantization().map_err(in_graph)?;
    let factor = multiplier(raw_scale / f64::from(scale));
    let usable = raw_scale.is_finite() && factor.multiplier > 0 && factor.shift <= 15;
    if !usable {
        return Err(CompileError::RawScale(raw_scale));
    }
    Ok(InputQuantization {
        multiplier: factor.multiplier,
        shift: factor.shift,
        zero_point,
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

fn report(model: &Model, steps: &[Step], header: &Header) -> Result<Report, Problem> {
    let shape = |tensor: usize| model.tensors[tensor].shape();
    let tensor = |number: usize| {
        let (scale, zero_point) = model.tensors[number].quantization()?;
        Ok(TensorReport {
            name: model.tensors[number].name.clone(),
            shape: shape(number)?,
            scale,
            zero_point,
        })
    };
    let operator = |(step, node): (&Step, &Node)| {
        Ok(OperatorReport {
            name: node.name.clone(),
            input: shape(step.inputs[0])?,
            output: shape(step.output)?,
            multiply_accumulates: step.multiply_accumulates,
            weight_bytes: step.weights.len() as u32,
        })
    };
    let operators = steps.iter().zip(&model.nodes).map(operator);
    Ok(Report {
        input: tensor(model.input)?,
        output: tensor(model.output)?,
        operators: operators.collect::<Result<_, Problem>>()?,
        arena_bytes: header.arena_bytes,
        plan_bytes: header.plan_bytes,
        resident_bytes: header.resident_bytes,
        row_bytes: header.row_bytes,
    })
}
