//! The parts of a `.tflite` model that a plan is made of.
//!
//! Field numbers are those of TensorFlow Lite's schema, version 3.

use crate::builtin;
use crate::error::CompileError;
use crate::flatbuffer::Table;
use crate::tensor::Tensor;

/// An operator of the graph.
pub struct Node<'a> {
    /// Position in the graph, from 0.
    pub index: usize,
    /// The builtin operator's number.
    pub code: i32,
    /// Its TensorFlow Lite name.
    pub name: String,
    /// Tensor numbers; optional inputs may be absent.
    pub inputs: Vec<i32>,
    /// Tensor numbers.
    pub outputs: Vec<i32>,
    /// The operator's options.
    pub options: Option<Table<'a>>,
}

/// A model with one graph, one input and one output.
pub struct Model<'a> {
    /// All tensors of the graph.
    pub tensors: Vec<Tensor<'a>>,
    /// All operators, in order of execution.
    pub nodes: Vec<Node<'a>>,
    /// The input's number.
    pub input: usize,
    /// The output's number.
    pub output: usize,
}

impl<'a> Model<'a> {
    /// Reads a `.tflite` file.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, CompileError> {
        if bytes.is_empty() {
            return Err(CompileError::Empty);
        }
        if bytes.get(4..8) != Some(b"TFL3") {
            return Err(CompileError::NotTflite);
        }
        let root = Table::root(bytes)?;
        let version = root.i32(0, "version", 0)?;
        if version != 3 {
            return Err(CompileError::Graph(format!(
                "the model has schema version {version}, supported: 3; convert it again"
            )));
        }
        let codes = root
            .tables(1, "operator codes")?
            .map(|code| operator_code(code?))
            .collect::<Result<Vec<_>, _>>()?;
        let buffers = root
            .tables(4, "buffers")?
            .map(|buffer| Ok(buffer?.scalars::<1>(0, "buffer")?.as_flattened()))
            .collect::<Result<Vec<_>, CompileError>>()?;
        let mut graphs = root.tables(2, "graphs")?;
        let (Some(graph), 0) = (graphs.next(), graphs.len()) else {
            return Err(CompileError::Graph(
                "the model does not have exactly one graph; convert it without control flow".into(),
            ));
        };
        let graph = graph?;
        let tensors = graph
            .tables(0, "tensors")?
            .map(|tensor| Tensor::parse(tensor?, &buffers))
            .collect::<Result<Vec<_>, _>>()?;
        let nodes = graph
            .tables(3, "operators")?
            .enumerate()
            .map(|(index, node)| Node::parse(index, node?, &codes))
            .collect::<Result<Vec<_>, _>>()?;
        let only = |numbers: Vec<i32>, what: &str| match numbers[..] {
            [number] => usize::try_from(number)
                .ok()
                .filter(|number| *number < tensors.len())
                .ok_or(CompileError::Corrupt {
                    what: "input or output number",
                    offset: 0,
                }),
            _ => Err(CompileError::Graph(format!(
                "the model has {} {what}, supported: 1; split or join them in the model",
                numbers.len()
            ))),
        };
        Ok(Self {
            input: only(graph.integers(1, "inputs")?, "inputs")?,
            output: only(graph.integers(2, "outputs")?, "outputs")?,
            tensors,
            nodes,
        })
    }
}

/// A builtin's number and name. Old converters write a byte, newer ones both.
fn operator_code(code: Table) -> Result<(i32, String), CompileError> {
    let old = i32::from(code.u8(0, "operator code")?);
    let number = old.max(code.i32(3, "operator code", 0)?);
    if number == builtin::CUSTOM {
        return Ok((number, code.string(1, "custom operator")?));
    }
    Ok((number, builtin::name(number)))
}

impl<'a> Node<'a> {
    fn parse(index: usize, node: Table<'a>, codes: &[(i32, String)]) -> Result<Self, CompileError> {
        let code = node.i32(0, "operator code index", 0)?;
        let code = usize::try_from(code).ok().and_then(|at| codes.get(at));
        let (code, name) = code.ok_or(CompileError::Corrupt {
            what: "operator code index",
            offset: 0,
        })?;
        Ok(Self {
            index,
            code: *code,
            name: name.clone(),
            inputs: node.integers(1, "operator inputs")?,
            outputs: node.integers(2, "operator outputs")?,
            options: node.table(4, "operator options")?,
        })
    }
}
