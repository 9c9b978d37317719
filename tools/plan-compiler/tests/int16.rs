//! Models with int16 activations: what becomes of them, and what they cannot be.

use anchorhold_engine::format::int16::{Int16, Operation, Sums};
use anchorhold_engine::format::{Body, Element};
use anchorhold_engine::Plan;
use anchorhold_plan_compiler::{compile, run, CompiledPlan, Options};
use tflite_writer::flatbuffer::Value;
use tflite_writer::model::{
    activation, activation16, biases, biases64, constant16, conv_options, float, graph,
    int16_classifier, node, numbers, single, weights, Model, Tensor,
};

mod support;
use support::plan_of;

/// A scale whose functions need no rounding.
const SHARE: f32 = 1.0 / 32_768.0;

fn operations(plan: &CompiledPlan) -> Vec<Body> {
    let valid = Plan::validate(&plan.bytes).unwrap();
    let operators = valid.operators().map(|operator| operator.unwrap().body);
    operators.collect()
}

/// What the model makes of int16 values.
#[track_caller]
fn output_of(model: Model, input: &[i16]) -> Vec<i16> {
    let plan = plan_of(model);
    let bytes = input.iter().flat_map(|value| value.to_le_bytes());
    let bytes: Vec<i8> = bytes.map(|byte| byte as i8).collect();
    let output = run(&plan.bytes, &bytes, 64, &mut ()).unwrap();
    assert_eq!(output, run(&plan.bytes, &bytes, 0, &mut ()).unwrap());
    let values = output.as_chunks().0.iter();
    values
        .map(|[low, high]| i16::from_le_bytes([*low as u8, *high as u8]))
        .collect()
}

#[track_caller]
fn refused(change: impl Fn(&mut Model), message: &str) {
    let mut model = int16_classifier();
    change(&mut model);
    let error = compile(&model.file(), &Options::default()).unwrap_err();
    assert_eq!(error.to_string(), message);
}

#[test]
fn lengths_are_bytes() {
    let plan = plan_of(int16_classifier());
    let header = &plan.header;
    assert_eq!((header.input_bytes, header.output_bytes), (168, 6));
    let elements = (header.input_element, header.output_element);
    assert_eq!(elements, (Element::Int16, Element::Int16));
    assert_eq!(plan.report.input.element, Element::Int16);
    // Image and first convolution: two of the latter's size live later, and no third,
    // for the sum takes the place of one.
    assert_eq!(header.arena_bytes, 168 + 144);
}

#[test]
fn samples_become_int16() {
    let options = Options {
        raw_scale: Some(0.001),
    };
    let plan = compile(&int16_classifier().file(), &options).unwrap();
    // A count is five steps of 0.0002.
    assert_eq!(plan.header.input.quantize_to_int16(1000), 5000);
    assert_eq!(plan.header.input.quantize_to_int16(-20_000), i16::MIN);
}

#[test]
fn the_type_of_biases_says_how_to_sum() {
    let sums = |bias: Option<Tensor>, more: Option<Value>| {
        let mut tensors = vec![
            activation16("input", &[1, 1, 1, 2], 0.01),
            weights(&[1, 1, 1, 2], &[1, 2], &[0.5], 0),
        ];
        tensors.extend(bias);
        tensors.push(activation16("output", &[1, 1, 1, 1], 0.01));
        let mut options = conv_options(true, [1, 1], 0, [1, 1]);
        options.extend(more.map(|value| (6, value)));
        match operations(&plan_of(single(3, options, tensors)))[..] {
            [Body::Int16(Int16 {
                operation: Operation::Conv2D(convolution),
                ..
            })] => convolution.sums,
            ref others => panic!("{others:?}"),
        }
    };
    assert_eq!(sums(Some(biases64(&[5])), None), Sums::Wide);
    assert_eq!(sums(Some(biases(&[5])), None), Sums::Narrow);
    assert_eq!(sums(None, None), Sums::Wide);
    assert_eq!(sums(None, Some(Value::U8(2))), Sums::Narrow);
}

#[test]
fn other_padding_fills_first() {
    let padded = |value: i16| {
        let tensors = vec![
            activation16("input", &[1, 2], 0.5),
            numbers("paddings", &[2, 2], &[0, 0, 1, 2]),
            constant16("value", &[], &[value], 0.5),
            activation16("output", &[1, 5], 0.5),
        ];
        single(60, Vec::new(), tensors)
    };
    for (value, steps) in [(300, 2), (0x0303, 1), (0, 1), (-1, 1)] {
        assert_eq!(operations(&plan_of(padded(value))).len(), steps, "{value}");
        let output = output_of(padded(value), &[1000, -7]);
        assert_eq!(output, [value, 1000, -7, value, value]);
    }
}

#[test]
fn constants_are_folded() {
    let share = |name| activation16(name, &[1, 2], 0.01);
    let tensors = vec![
        share("input"),
        float("real", &[1, 2], &[1.0, -2.5]),
        share("constant"),
        activation16("scaled", &[1, 2], 0.02),
        activation16("sum", &[1, 2], 0.02),
    ];
    let quantize = |from, to| node(114, &[from], to, Vec::new());
    let add = || node(0, &[0, 3], 4, vec![(0, Value::U8(0))]);
    let model = || graph(tensors.clone(), vec![quantize(1, 2), quantize(2, 3), add()]);
    let bodies = operations(&plan_of(model()));
    assert!(matches!(bodies[..], [Body::Constant(_), Body::Int16(_)]));
    // 100 steps and −250 of 0.01 are 50 and −125 of 0.02.
    assert_eq!(output_of(model(), &[400, 20]), [250, -115]);
}

#[test]
fn what_micro_kernels_do_not_do_is_refused() {
    refused(
        |model| model.tensors[3].zero_points[0] = 1,
        "operator 0 (CONV_2D): tensor \"convolved\" is int16 with a zero point other than 0; \
         convert with int8 quantisation",
    );
    refused(
        |model| model.tensors[3].element = 9,
        "operator 0 (CONV_2D): tensor \"convolved\" is int8, not int16; convert with int16 \
         activations and int8 weights",
    );
    refused(
        |model| model.tensors[5] = biases(&[0; 6]),
        "operator 1 (DEPTHWISE_CONV_2D): tensor \"bias\" is int32, not int64; convert with int16 \
         activations and int8 weights",
    );
    refused(
        |model| model.tensors[2] = biases64(&[0, 0, 0, 0, 0, 1 << 46]),
        "operator 0 (CONV_2D): 70368744177664 steps in a bias, the limit is 70368744177663; make \
         the layer smaller",
    );
    refused(
        |model| model.tensors[3].scales[0] = 1e-9,
        "operator 0 (CONV_2D): tensor \"convolved\" has a scale too small for its inputs; \
         convert with int8 quantisation",
    );
    refused(
        |model| model.tensors[13].scales[0] = 1.0 / 256.0,
        "operator 6 (SOFTMAX): tensor \"shares\" does not have scale 1/32768; convert with int8 \
         quantisation",
    );
    refused(
        |model| model.tensors[12].scales[0] = 6.0,
        "operator 6 (SOFTMAX): beta (in thousandths) is 1000, supported: those above 0 for which \
         beta × input scale is below 5; change it in the model",
    );
    refused(
        |model| model.nodes[4].code = 53,
        "operator 4 (CAST): not supported (tensor \"flat\"); use Conv2D, DepthwiseConv2D, \
         FullyConnected, AveragePool2D, MaxPool2D, Add, Mul, Mean, Pad, Reshape, Concatenation, \
         Softmax, Logistic, Relu, Relu6, LeakyRelu, Tanh or Quantize",
    );
}

#[test]
fn functions_have_their_scales() {
    let function = |code, input: f32, output: f32| {
        let tensors = vec![
            activation16("input", &[1, 3], input),
            activation16("output", &[1, 3], output),
        ];
        compile(
            &single(code, Vec::new(), tensors).file(),
            &Options::default(),
        )
    };
    let message = |result: Result<CompiledPlan, _>| match result {
        Ok(_) => panic!("it compiles"),
        Err(error) => anchorhold_plan_compiler::CompileError::to_string(&error),
    };
    assert_eq!(
        message(function(14, 0.001, 1.0 / 256.0)),
        "operator 0 (LOGISTIC): tensor \"output\" does not have scale 1/32768; convert with int8 \
         quantisation"
    );
    assert_eq!(
        message(function(28, 2.7, SHARE)),
        "operator 0 (TANH): tensor \"input\" has a scale above 2.6; convert with int8 \
         quantisation"
    );
    let sigmoid = |code, scale| match operations(&function(code, scale, SHARE).unwrap())[..] {
        [Body::Int16(Int16 {
            operation: Operation::Sigmoid(sigmoid),
            ..
        })] => (sigmoid.multiplier, sigmoid.shift),
        ref others => panic!("{others:?}"),
    };
    assert_eq!(sigmoid(14, 1.0 / 4096.0), (3, 0));
    assert_eq!(sigmoid(28, 1.0 / 2048.0), (6, 0));
    // Logistic knows one exact scale, Tanh two.
    assert_eq!(sigmoid(14, 1.0 / 2048.0), (24_576, 12));
}

#[test]
fn clamps_and_padding_are_fused() {
    let image = |name, shape: &[usize], scale| activation16(name, shape, scale);
    let tensors = vec![
        image("input", &[1, 2, 2, 1], 0.01),
        numbers("paddings", &[4, 2], &[0, 0, 1, 0, 1, 1, 0, 0]),
        image("padded", &[1, 3, 4, 1], 0.01),
        weights(&[1, 2, 2, 1], &[1, 2, 3, 4], &[1.0], 0),
        image("convolved", &[1, 2, 3, 1], 0.001),
        image("bounded", &[1, 2, 3, 1], 0.001),
    ];
    let model = || {
        let nodes = vec![
            node(34, &[0, 1], 2, Vec::new()),
            node(3, &[2, 3], 4, conv_options(false, [1, 1], 0, [1, 1])),
            node(21, &[4], 5, Vec::new()),
        ];
        graph(tensors.clone(), nodes)
    };
    let bodies = operations(&plan_of(model()));
    let [Body::Int16(only)] = bodies[..] else {
        panic!("{bodies:?}");
    };
    assert_eq!((only.minimum, only.maximum), (0, 6000));
    // Ten times the sums.
    let output = output_of(model(), &[100, 1, -50, 2]);
    assert_eq!(output, [4000, 3040, 30, 0, 0, 70]);
}

#[test]
fn both_types_live_in_one_model() {
    let tensors = vec![
        activation("narrow", &[1, 2], 0.5, -3),
        activation16("wide", &[1, 2], 0.01),
        activation("again", &[1, 2], 1.0, 7),
    ];
    let quantize = |from, to| node(114, &[from], to, Vec::new());
    let plan = plan_of(graph(tensors, vec![quantize(0, 1), quantize(1, 2)]));
    let elements = (plan.header.input_element, plan.header.output_element);
    assert_eq!(elements, (Element::Int8, Element::Int8));
    let output = run(&plan.bytes, &[17, -23], 64, &mut ()).unwrap();
    // 10 and −10.
    assert_eq!(output, [17, -3]);
}
