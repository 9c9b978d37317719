//! What neighbours do for each other, what is computed on the PC, what is left out:
//! the outputs stay those of the operators one by one.

mod support;

use support::kernels::Quantization;
use support::{output_of, plan_of};
use tflite_writer::flatbuffer::Value;
use tflite_writer::model::{
    activation, biases, constant, conv_options, float, graph, node, numbers, pool_options, weights,
    Model, Node, Tensor,
};
use tflite_writer::Random;

const ADD: i32 = 0;
const CONV_2D: i32 = 3;
const DEQUANTIZE: i32 = 6;
const LOGISTIC: i32 = 14;
const MAX_POOL_2D: i32 = 17;
const MUL: i32 = 18;
const RELU: i32 = 19;
const RELU6: i32 = 21;
const RESHAPE: i32 = 22;
const TANH: i32 = 28;
const PAD: i32 = 34;
const PADV2: i32 = 60;
const SHAPE: i32 = 77;
const QUANTIZE: i32 = 114;

const A: Quantization = (0.05, 3);
const B: Quantization = (0.04, -11);
const IMAGE: [usize; 4] = [1, 6, 5, 3];

fn image(name: &'static str, shape: &[usize], (scale, zero_point): Quantization) -> Tensor {
    activation(name, shape, scale, zero_point)
}

/// The names of the plan's operators.
fn operators(model: Model) -> Vec<String> {
    let operators = plan_of(model).report.operators;
    operators
        .into_iter()
        .map(|operator| operator.name)
        .collect()
}

/// A convolution of `shape` to `output`, both of three channels, by 3 × 3.
fn filter() -> [Tensor; 2] {
    let values = Random::new(5).int8s(81);
    let scale = |index| 0.01 + 0.002 * index as f32;
    let bias = Tensor {
        scales: (0..3).map(|index| A.0 * scale(index)).collect(),
        zero_points: vec![0; 3],
        ..biases(&[500, -300, 100])
    };
    [
        weights(&[3, 3, 3, 3], &values, &[0, 1, 2].map(scale), 0),
        bias,
    ]
}

fn convolution(input: i32, output: i32) -> Node {
    let options = conv_options(false, [1, 1], 0, [1, 1]);
    node(CONV_2D, &[input, 1, 2], output, options)
}

/// A convolution and `code` behind it, with the output of the first scaled by `B`.
fn convolution_and(code: i32, output: Quantization) -> Model {
    let [weights, bias] = filter();
    let small = [1, 4, 3, 3];
    let tensors = vec![
        image("input", &IMAGE, A),
        weights,
        bias,
        image("between", &small, B),
        image("output", &small, output),
    ];
    graph(
        tensors,
        vec![convolution(0, 3), node(code, &[3], 4, Vec::new())],
    )
}

/// Both operators of a model of two, one after the other.
fn one_by_one(model: fn() -> Model, input: &[i8]) -> Vec<i8> {
    let mut first = model();
    first.output = first.nodes[0].output;
    first.nodes.truncate(1);
    let between = output_of(first, input);
    let mut second = model();
    let last = second.nodes.remove(1);
    // The tensor between becomes the input, which is tensor 0.
    let from = last.inputs[0] as usize;
    second.tensors.swap(0, from);
    let renamed = last.inputs.iter().map(|tensor| match *tensor as usize {
        tensor if tensor == from => 0,
        _ => *tensor,
    });
    second.nodes = vec![node(
        last.code,
        &renamed.collect::<Vec<_>>(),
        last.output,
        last.options,
    )];
    output_of(second, &between)
}

#[track_caller]
fn assert_same(model: fn() -> Model, names: &[&str]) {
    let first = model();
    let length: i32 = first.tensors[0].shape.iter().product();
    let input = Random::new(8).int8s(length as usize);
    assert_eq!(operators(model()), names);
    assert_eq!(output_of(model(), &input), one_by_one(model, &input));
}

#[test]
fn clamps_join_what_is_before() {
    assert_same(|| convolution_and(RELU, B), &["CONV_2D + RELU"]);
    assert_same(|| convolution_and(RELU6, B), &["CONV_2D + RELU6"]);
    // Another scale is more than a clamp.
    assert_same(|| convolution_and(RELU, A), &["CONV_2D", "RELU"]);
    assert_same(
        || convolution_and(TANH, (1.0 / 128.0, 0)),
        &["CONV_2D", "TANH"],
    );
    // The same scale is no work at all.
    assert_same(|| convolution_and(QUANTIZE, B), &["CONV_2D + QUANTIZE"]);
}

#[test]
fn what_others_need_stays() {
    let mut model = convolution_and(RELU, B);
    let sum = image("sum", &[1, 4, 3, 3], A);
    model.tensors.push(sum);
    model
        .nodes
        .push(node(ADD, &[3, 4], 5, vec![(0, Value::U8(0))]));
    model.output = 5;
    assert_eq!(operators(model), ["CONV_2D", "RELU", "ADD"]);
    let mut model = convolution_and(RELU, B);
    model.output = 3;
    assert_eq!(operators(model), ["CONV_2D"], "nothing needs the other");
}

#[test]
fn functions_of_functions_are_one_table() {
    fn model() -> Model {
        let shape = [1, 16, 16];
        let tensors = vec![
            image("input", &shape, A),
            image("between", &shape, A),
            image("output", &shape, (1.0 / 256.0, -128)),
        ];
        let nodes = vec![
            node(RELU6, &[0], 1, Vec::new()),
            node(LOGISTIC, &[1], 2, Vec::new()),
        ];
        graph(tensors, nodes)
    }
    assert_same(model, &["RELU6 + LOGISTIC"]);
}

/// An image that is padded by 1 above, 2 below, 1 left and right, then `last`.
fn padded_and(code: i32, value: i8, last: Node, output: Tensor) -> Model {
    let [weights, bias] = filter();
    let pairs = [0, 0, 1, 2, 1, 1, 0, 0];
    let mut pad = vec![0, 5];
    if code == PADV2 {
        pad.push(6);
    }
    let tensors = vec![
        image("input", &IMAGE, A),
        weights,
        bias,
        image("padded", &[1, 9, 7, 3], A),
        output,
        numbers("paddings", &[4, 2], &pairs),
        constant("value", &[1], &[value], A),
    ];
    let nodes = vec![node(code, &pad, 3, Vec::new()), last];
    Model {
        tensors,
        nodes,
        output: 4,
    }
}

fn padded_convolution(value: i8) -> Model {
    let output = image("output", &[1, 7, 5, 3], B);
    padded_and(PADV2, value, convolution(3, 4), output)
}

fn padded_pool(value: i8) -> Model {
    let output = image("output", &[1, 4, 3, 3], A);
    let options = pool_options(false, [2, 2], [3, 3]);
    padded_and(PADV2, value, node(MAX_POOL_2D, &[3], 4, options), output)
}

#[test]
fn padding_joins_what_is_behind() {
    assert_same(|| padded_convolution(A.1), &["PADV2 + CONV_2D"]);
    assert_same(|| padded_convolution(7), &["PADV2", "CONV_2D"]);
    assert_same(|| padded_pool(-128), &["PADV2 + MAX_POOL_2D"]);
    assert_same(|| padded_pool(0), &["PADV2", "MAX_POOL_2D"]);
    assert_same(
        || {
            let output = image("output", &[1, 7, 5, 3], B);
            padded_and(PAD, 0, convolution(3, 4), output)
        },
        &["PAD + CONV_2D"],
    );
    // A window of one pixel would see nothing but padding.
    assert_same(
        || {
            let output = image("output", &[1, 9, 7, 3], A);
            let options = pool_options(false, [1, 1], [1, 1]);
            padded_and(PADV2, -128, node(MAX_POOL_2D, &[3], 4, options), output)
        },
        &["PADV2", "MAX_POOL_2D"],
    );
}

#[test]
fn constants_are_computed_here() {
    // Floats quantised, times a constant, reshaped, plus the input.
    let tensors = || {
        vec![
            image("input", &[1, 2, 2], A),
            float("floats", &[4], &[0.5, -0.25, 100.0, 0.06]),
            image("quantised", &[4], A),
            constant("factor", &[], &[13], A),
            image("product", &[4], B),
            numbers("shape", &[3], &[1, 2, 2]),
            image("reshaped", &[1, 2, 2], B),
            image("output", &[1, 2, 2], B),
        ]
    };
    let none = || vec![(0, Value::U8(0))];
    let nodes = vec![
        node(QUANTIZE, &[1], 2, Vec::new()),
        node(MUL, &[2, 3], 4, none()),
        node(RESHAPE, &[4, 5], 6, Vec::new()),
        node(ADD, &[6, 0], 7, none()),
    ];
    assert_eq!(
        operators(graph(tensors(), nodes)),
        ["ADD (constant)", "ADD"]
    );
    let nodes = vec![
        node(QUANTIZE, &[1], 2, Vec::new()),
        node(MUL, &[2, 3], 4, none()),
        node(RESHAPE, &[4, 5], 6, Vec::new()),
        node(ADD, &[6, 0], 7, none()),
    ];
    let found = output_of(graph(tensors(), nodes), &[10, 20, 30, 40]);
    // 13 is 0.5: half of 0.5, −0.25, 6.2 (the greatest), 0.05, plus the inputs' 0.35 …
    let real = [0.25 + 0.35, -0.125 + 0.85, 3.1 + 1.35, 0.025 + 1.85];
    for (found, real) in found.into_iter().zip(real) {
        let value = f64::from(i32::from(found) - i32::from(B.1)) * f64::from(B.0);
        assert!((value - real).abs() <= 0.03, "{value} {real}");
    }
}

#[test]
fn float_ends_and_dead_operators_are_left_out() {
    // The new shape is computed, for which there is no operator; nothing needs it.
    let tensors = vec![
        float("input", &[2, 2], &[]),
        image("quantised", &[2, 2], A),
        numbers("shape", &[1], &[4]),
        image("reshaped", &[4], A),
        image("limited", &[4], A),
        float("output", &[4], &[]),
    ];
    let mut tensors = tensors;
    tensors[2].data.clear();
    let nodes = vec![
        node(QUANTIZE, &[0], 1, Vec::new()),
        node(SHAPE, &[1], 2, Vec::new()),
        node(RESHAPE, &[1, 2], 3, Vec::new()),
        node(RELU, &[3], 4, Vec::new()),
        node(DEQUANTIZE, &[4], 5, Vec::new()),
    ];
    let plan = plan_of(graph(tensors, nodes));
    let names = plan.report.operators.iter();
    let names: Vec<&str> = names.map(|operator| operator.name.as_str()).collect();
    assert_eq!(names, ["RESHAPE", "RELU"]);
    let input = &plan.report.input;
    assert_eq!(
        (input.name.as_str(), input.scale, input.zero_point),
        ("quantised", A.0, A.1)
    );
    assert_eq!(plan.report.output.name, "limited");
    let output = anchorhold_plan_compiler::run(&plan.bytes, &[-5, 2, 3, 9], 64, &mut ());
    assert_eq!(output, Ok(vec![3, 3, 3, 9]));
}
