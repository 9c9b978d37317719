//! The compiler's driver: lower every operator, plan the arena, write the plan.

use anchorhold_engine::format::Element;
use anchorhold_engine::{Header, InputQuantization};

use crate::assemble::{assemble, Assembled, Program};
use crate::constants;
use crate::error::{CompileError, Problem};
use crate::fuse::fuse;
use crate::lower::lower;
use crate::model::Model;
use crate::quantization::multiplier;
use crate::report::{OperatorReport, Report, TensorReport};
use crate::step::Step;
use crate::strided;
use crate::trim::trim;

/// Far more operators than any device holds the table for.
const MOST_OPERATORS: usize = 1024;

/// What a model file does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Options {
    /// The real value, in the model's unit, of one raw sensor count; nothing for
    /// inputs that are already the model's.
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
    let mut model = Model::parse(tflite)?;
    if model.nodes.is_empty() || model.nodes.len() > MOST_OPERATORS {
        return Err(CompileError::Graph(format!(
            "the model has {} operators, supported: 1 to {MOST_OPERATORS}",
            model.nodes.len()
        )));
    }
    trim(&mut model)?;
    let steps = fuse(lower_all(&mut model)?, model.output);
    let steps = constants::load(&model, steps, model.input)?;
    let operators = reports(&model, &steps).map_err(CompileError::in_graph)?;
    let program = Program {
        steps,
        input: model.input,
        output: model.output,
        quantization: input_quantization(&model, options)?,
    };
    let Assembled {
        header,
        bytes,
        peak,
    } = assemble(&model, program)?;
    let report = Report {
        input: tensor_report(&model, model.input).map_err(CompileError::in_graph)?,
        output: tensor_report(&model, model.output).map_err(CompileError::in_graph)?,
        operators,
        arena_bytes: header.arena_bytes,
        plan_bytes: header.plan_bytes,
        resident_bytes: header.resident_bytes,
        row_bytes: header.row_bytes,
        peak,
    };
    Ok(CompiledPlan {
        bytes,
        header,
        report,
    })
}

/// Lowers every operator but those that depend on constants alone, whose outputs
/// become constants.
fn lower_all(model: &mut Model) -> Result<Vec<Step>, CompileError> {
    let mut all = Vec::new();
    for mut node in std::mem::take(&mut model.nodes) {
        let mut steps = strided::prepare(model, &mut node);
        let problem = |problem| CompileError::Operator {
            index: node.index,
            name: node.name.clone(),
            problem,
        };
        if let Some(contents) = constants::quantized(model, &node).map_err(problem)? {
            constants::settle(model, node.outputs[0] as usize, contents);
            continue;
        }
        steps.extend(lower(model, &node).map_err(problem)?);
        match constants::folded(model, &steps)? {
            Some((output, contents)) => constants::settle(model, output, contents),
            None => all.extend(steps),
        }
    }
    Ok(all)
}

/// The factor from raw counts to the input's steps.
fn input_quantization(model: &Model, options: &Options) -> Result<InputQuantization, CompileError> {
    let Some(raw_scale) = options.raw_scale else {
        return Ok(InputQuantization::IDENTITY);
    };
    let input = &model.tensors[model.input];
    let (scale, zero_point) = input.quantization().map_err(CompileError::in_graph)?;
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

fn tensor_report(model: &Model, number: usize) -> Result<TensorReport, Problem> {
    let tensor = &model.tensors[number];
    let (scale, zero_point) = tensor.quantization()?;
    Ok(TensorReport {
        name: tensor.name.clone(),
        shape: tensor.shape()?,
        element: tensor.element()?,
        scale,
        zero_point,
    })
}

fn reports(model: &Model, steps: &[Step]) -> Result<Vec<OperatorReport>, Problem> {
    let shape = |tensor: usize| model.tensors[tensor].shape();
    let element = |step: &Step| {
        let mut tensors = step.inputs.iter().chain([&step.output]);
        tensors.try_fold(Element::Int8, |all, tensor| {
            let element = model.tensors[*tensor].element()?;
            Ok(if element == Element::Int16 {
                element
            } else {
                all
            })
        })
    };
    let operator = |step: &Step| {
        let output = shape(step.output)?;
        let input = step.inputs.first().map(|input| shape(*input));
        Ok(OperatorReport {
            name: step.name.clone(),
            element: element(step)?,
            input: input.unwrap_or_else(|| Ok(output.clone()))?,
            output,
            multiply_accumulates: step.multiply_accumulates,
            weight_bytes: step.weights.len() as u32,
        })
    };
    steps.iter().map(operator).collect()
}
