//! Models to write as `.tflite` files.

use crate::flatbuffer::{file, Table, Value};

/// A tensor: int8 unless `element` says otherwise.
#[derive(Clone)]
pub struct Tensor {
    /// Its name, which need not be unique.
    pub name: &'static str,
    /// Its dimensions, outermost first.
    pub shape: Vec<i32>,
    /// Its dimensions where some are open (-1); empty where none is.
    pub signature: Vec<i32>,
    /// The element type's number in TensorFlow Lite's schema.
    pub element: u8,
    /// The contents of a constant; empty for a tensor that is computed.
    pub data: Vec<u8>,
    /// One scale, or one for each channel.
    pub scales: Vec<f32>,
    /// As many zero points.
    pub zero_points: Vec<i64>,
    /// The dimension along which scales differ.
    pub axis: i32,
}

/// An int8 activation.
pub fn activation(name: &'static str, shape: &[usize], scale: f32, zero_point: i8) -> Tensor {
    Tensor {
        name,
        shape: shape.iter().map(|size| *size as i32).collect(),
        signature: Vec::new(),
        element: 9,
        data: Vec::new(),
        scales: vec![scale],
        zero_points: vec![zero_point.into()],
        axis: 0,
    }
}

/// An int16 activation, whose zero point is 0.
pub fn activation16(name: &'static str, shape: &[usize], scale: f32) -> Tensor {
    Tensor {
        element: 7,
        ..activation(name, shape, scale, 0)
    }
}

/// Constant int8 weights, one scale a channel along `axis`.
pub fn weights(shape: &[usize], values: &[i8], scales: &[f32], axis: i32) -> Tensor {
    Tensor {
        data: values.iter().map(|value| *value as u8).collect(),
        scales: scales.to_vec(),
        zero_points: vec![0; scales.len()],
        axis,
        ..activation("weights", shape, 1.0, 0)
    }
}

/// Constant int32 biases.
pub fn biases(values: &[i32]) -> Tensor {
    Tensor {
        element: 2,
        data: values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect(),
        ..activation("bias", &[values.len()], 1.0, 0)
    }
}

/// Constant int64 biases.
pub fn biases64(values: &[i64]) -> Tensor {
    Tensor {
        element: 4,
        data: values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect(),
        ..activation("bias", &[values.len()], 1.0, 0)
    }
}

/// Constant int32 numbers of any shape.
pub fn numbers(name: &'static str, shape: &[usize], values: &[i32]) -> Tensor {
    Tensor {
        name,
        shape: shape.iter().map(|size| *size as i32).collect(),
        ..biases(values)
    }
}

/// A constant with one scale and zero point.
pub fn constant(
    name: &'static str,
    shape: &[usize],
    values: &[i8],
    (scale, zero_point): (f32, i8),
) -> Tensor {
    Tensor {
        data: values.iter().map(|value| *value as u8).collect(),
        ..activation(name, shape, scale, zero_point)
    }
}

/// An int16 constant.
pub fn constant16(name: &'static str, shape: &[usize], values: &[i16], scale: f32) -> Tensor {
    Tensor {
        data: values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect(),
        ..activation16(name, shape, scale)
    }
}

/// A float tensor, constant where there are values.
pub fn float(name: &'static str, shape: &[usize], values: &[f32]) -> Tensor {
    Tensor {
        element: 0,
        data: values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect(),
        scales: Vec::new(),
        zero_points: Vec::new(),
        ..activation(name, shape, 1.0, 0)
    }
}

/// An operator.
pub struct Node {
    /// The builtin operator's number in TensorFlow Lite's schema.
    pub code: i32,
    /// Numbers of the tensors that it reads.
    pub inputs: Vec<i32>,
    /// Number of the tensor that it writes.
    pub output: i32,
    /// Its options by number of the field.
    pub options: Table,
}

/// A model; the input is tensor 0.
pub struct Model {
    /// Its tensors, each with a buffer of its own.
    pub tensors: Vec<Tensor>,
    /// Its operators in order of execution.
    pub nodes: Vec<Node>,
    /// Number of the output tensor.
    pub output: i32,
}

impl Model {
    /// The model as a file.
    pub fn file(self) -> Vec<u8> {
        let bytes = |text: &str| Value::Bytes(text.as_bytes().to_vec());
        // What is computed has a buffer without contents.
        let buffer = |tensor: &Tensor| match &tensor.data[..] {
            [] => Vec::new(),
            data => vec![(0, Value::Bytes(data.to_vec()))],
        };
        let buffers = self.tensors.iter().map(buffer).collect();
        let tensor = |(index, tensor): (usize, Tensor)| {
            let quantization = vec![
                (2, Value::F32s(tensor.scales)),
                (3, Value::I64s(tensor.zero_points)),
                (6, Value::I32(tensor.axis)),
            ];
            vec![
                (0, Value::I32s(tensor.shape)),
                (1, Value::U8(tensor.element)),
                (2, Value::I32(index as i32)),
                (3, bytes(tensor.name)),
                (4, Value::Table(quantization)),
                (7, Value::I32s(tensor.signature)),
            ]
        };
        let tensors = self.tensors.into_iter().enumerate().map(tensor).collect();
        let code = |node: &Node| vec![(0, Value::U8(node.code as u8)), (3, Value::I32(node.code))];
        let codes = self.nodes.iter().map(code).collect();
        let node = |(index, node): (usize, Node)| {
            vec![
                (0, Value::I32(index as i32)),
                (1, Value::I32s(node.inputs)),
                (2, Value::I32s(vec![node.output])),
                (3, Value::U8(options_type(node.code))),
                (4, Value::Table(node.options)),
            ]
        };
        let nodes = self.nodes.into_iter().enumerate().map(node).collect();
        let graph = vec![
            (0, Value::Tables(tensors)),
            (1, Value::I32s(vec![0])),
            (2, Value::I32s(vec![self.output])),
            (3, Value::Tables(nodes)),
        ];
        file(vec![
            (0, Value::I32(3)),
            (1, Value::Tables(codes)),
            (2, Value::Tables(vec![graph])),
            (4, Value::Tables(buffers)),
        ])
    }
}

/// The number of an operator's kind of options, which other readers than ours want.
fn options_type(code: i32) -> u8 {
    match code {
        0 => 11,
        1 | 17 => 5,
        2 => 10,
        3 => 1,
        4 => 2,
        9 => 8,
        18 => 21,
        22 => 17,
        25 => 9,
        34 => 22,
        40 => 27,
        98 => 75,
        _ => 0,
    }
}

/// Padding, strides across and down: how the options of every window start.
fn window_options(same: bool, stride: [usize; 2]) -> Table {
    vec![
        (0, Value::U8(u8::from(!same))),
        (1, Value::I32(stride[1] as i32)),
        (2, Value::I32(stride[0] as i32)),
    ]
}

/// Options of Conv2D: activation, and dilation across and down.
pub fn conv_options(same: bool, stride: [usize; 2], activation: u8, dilation: [usize; 2]) -> Table {
    let mut options = window_options(same, stride);
    options.push((3, Value::U8(activation)));
    options.push((4, Value::I32(dilation[1] as i32)));
    options.push((5, Value::I32(dilation[0] as i32)));
    options
}

/// Options of DepthwiseConv2D: outputs an input channel, and those of Conv2D.
pub fn depthwise_options(
    multiplier: usize,
    same: bool,
    stride: [usize; 2],
    activation: u8,
    dilation: [usize; 2],
) -> Table {
    let mut options = window_options(same, stride);
    options.push((3, Value::I32(multiplier as i32)));
    options.push((4, Value::U8(activation)));
    options.push((5, Value::I32(dilation[1] as i32)));
    options.push((6, Value::I32(dilation[0] as i32)));
    options
}

/// Options of AveragePool2D and MaxPool2D.
pub fn pool_options(same: bool, stride: [usize; 2], kernel: [usize; 2]) -> Table {
    let mut options = window_options(same, stride);
    options.push((3, Value::I32(kernel[1] as i32)));
    options.push((4, Value::I32(kernel[0] as i32)));
    options
}

/// An operator that reads some tensors and writes one.
pub fn node(code: i32, inputs: &[i32], output: i32, options: Table) -> Node {
    Node {
        code,
        inputs: inputs.to_vec(),
        output,
        options,
    }
}

/// A model of some operators; the last tensor is the output.
pub fn graph(tensors: Vec<Tensor>, nodes: Vec<Node>) -> Model {
    let output = tensors.len() as i32 - 1;
    Model {
        tensors,
        nodes,
        output,
    }
}

/// A model of one operator: tensor 0 is the input, the last is the output.
pub fn single(code: i32, options: Table, tensors: Vec<Tensor>) -> Model {
    let output = tensors.len() as i32 - 1;
    Model {
        nodes: vec![Node {
            code,
            inputs: (0..output).collect(),
            output,
            options,
        }],
        tensors,
        output,
    }
}

/// A net of the operators that classifiers have: an image of 7 × 6 × 2 becomes three
/// shares.
pub fn classifier() -> Model {
    let mut random = crate::Random::new(7);
    let mut int8s = |count| random.int8s(count);
    let scales = |count: usize| -> Vec<f32> {
        (0..count)
            .map(|index| 0.01 + 0.001 * index as f32)
            .collect()
    };
    Model {
        tensors: vec![
            activation("image", &[1, 7, 6, 2], 0.05, 3),
            weights(&[6, 3, 3, 2], &int8s(108), &scales(6), 0),
            biases(&[100, -200, 300, -400, 500, -600]),
            activation("convolved", &[1, 4, 3, 6], 0.04, -10),
            weights(&[1, 3, 2, 6], &int8s(36), &scales(6), 3),
            biases(&[0; 6]),
            activation("depthwise", &[1, 4, 3, 6], 0.06, 4),
            activation("sum", &[1, 4, 3, 6], 0.07, -3),
            activation("pooled", &[1, 2, 1, 6], 0.07, -3),
            activation("flat", &[1, 12], 0.07, -3),
            weights(&[3, 12], &int8s(36), &[0.02], 0),
            biases(&[7, 8, 9]),
            activation("logits", &[1, 3], 0.1, 0),
            activation("shares", &[1, 3], 1.0 / 256.0, -128),
        ],
        nodes: classifier_nodes(3),
        output: 13,
    }
}

/// A net of int16 activations and int8 weights: an image of 7 × 6 × 2 becomes three
/// shares.
pub fn int16_classifier() -> Model {
    let mut random = crate::Random::new(27);
    let mut int8s = |count| random.int8s(count);
    let scales = |count: usize| -> Vec<f32> {
        (0..count)
            .map(|index| 0.01 + 0.001 * index as f32)
            .collect()
    };
    Model {
        tensors: vec![
            activation16("image", &[1, 7, 6, 2], 2e-4),
            weights(&[6, 3, 3, 2], &int8s(108), &scales(6), 0),
            biases64(&[20_000, -40_000, 60_000, -80_000, 100_000, -120_000]),
            activation16("convolved", &[1, 4, 3, 6], 6e-4),
            weights(&[1, 3, 2, 6], &int8s(36), &scales(6), 3),
            biases64(&[1 << 20; 6]),
            activation16("depthwise", &[1, 4, 3, 6], 1e-3),
            activation16("sum", &[1, 4, 3, 6], 1e-3),
            activation16("pooled", &[1, 2, 1, 6], 1e-3),
            activation16("flat", &[1, 12], 1e-3),
            weights(&[3, 12], &int8s(36), &[0.002], 0),
            biases64(&[7000, 8000, 9000]),
            activation16("logits", &[1, 3], 5e-4),
            activation16("shares", &[1, 3], 1.0 / 32_768.0),
        ],
        nodes: classifier_nodes(1),
        output: 13,
    }
}

/// The operators of both classifiers; `activation` is fused into their Add.
fn classifier_nodes(activation: u8) -> Vec<Node> {
    vec![
        node(3, &[0, 1, 2], 3, conv_options(true, [2, 2], 1, [1, 1])),
        node(
            4,
            &[3, 4, 5],
            6,
            depthwise_options(1, true, [1, 1], 0, [1, 1]),
        ),
        node(0, &[3, 6], 7, vec![(0, Value::U8(activation))]),
        node(1, &[7], 8, pool_options(false, [2, 2], [2, 2])),
        node(22, &[8], 9, Vec::new()),
        node(9, &[9, 10, 11], 12, vec![(0, Value::U8(0))]),
        node(25, &[12], 13, vec![(0, Value::F32(1.0))]),
    ]
}

/// A net of the other operators: an image of 6 × 6 × 3 becomes ten numbers.
pub fn mixture() -> Model {
    let mut random = crate::Random::new(17);
    let mut int8s = |count| random.int8s(count);
    let a = |name, shape: &[usize]| activation(name, shape, 0.05, 3);
    let b = |name, shape: &[usize]| activation(name, shape, 0.04, -9);
    let tanh = (1.0 / 128.0, 0);
    Model {
        tensors: vec![
            b("image", &[1, 6, 6, 3]),
            a("rescaled", &[1, 6, 6, 3]),
            numbers("paddings", &[4, 2], &[0, 0, 1, 1, 2, 1, 0, 0]),
            constant("value", &[], &[50], (0.05, 3)),
            a("padded", &[1, 8, 9, 3]),
            weights(&[4, 3, 3, 3], &int8s(108), &[0.01, 0.012, 0.014, 0.011], 0),
            biases(&[10, -20, 30, -40]),
            b("dilated", &[1, 4, 7, 4]),
            a("leaky", &[1, 4, 7, 4]),
            a("greatest", &[1, 3, 6, 4]),
            weights(&[1, 2, 2, 8], &int8s(32), &[0.02], 3),
            biases(&[0; 8]),
            b("depthwise", &[1, 3, 6, 8]),
            activation("shares", &[1, 3, 6, 8], 1.0 / 256.0, -128),
            a("gated", &[1, 3, 6, 8]),
            constant("offsets", &[8], &int8s(8), (0.01, 0)),
            b("sum", &[1, 3, 6, 8]),
            numbers("axes", &[2], &[1, 2]),
            a("means", &[1, 8]),
            activation("bounded", &[1, 8], tanh.0, tanh.1),
            constant("more", &[1, 2], &int8s(2), tanh),
            activation("joined", &[1, 10], tanh.0, tanh.1),
        ],
        nodes: vec![
            node(114, &[0], 1, Vec::new()),
            node(60, &[1, 2, 3], 4, Vec::new()),
            node(3, &[4, 5, 6], 7, conv_options(false, [1, 1], 0, [2, 1])),
            node(98, &[7], 8, vec![(0, Value::F32(0.2))]),
            node(17, &[8], 9, pool_options(false, [1, 1], [2, 2])),
            node(
                4,
                &[9, 10, 11],
                12,
                depthwise_options(2, true, [1, 1], 0, [1, 2]),
            ),
            node(14, &[12], 13, Vec::new()),
            node(18, &[12, 13], 14, vec![(0, Value::U8(1))]),
            node(0, &[14, 15], 16, vec![(0, Value::U8(0))]),
            node(40, &[16, 17], 18, vec![(0, Value::U8(0))]),
            node(28, &[18], 19, Vec::new()),
            node(
                2,
                &[19, 20],
                21,
                vec![(0, Value::I32(-1)), (1, Value::U8(0))],
            ),
        ],
        output: 21,
    }
}
