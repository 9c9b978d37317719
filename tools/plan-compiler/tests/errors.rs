//! Every refusal names the place, the limit and the fix.

use anchorhold_engine::Header;
use anchorhold_plan_compiler::{compile, CompileError, HostError, Options};
use tflite_writer::flatbuffer::{file, Value};
use tflite_writer::model::{self, activation, classifier, single, Model};

fn message(bytes: &[u8]) -> String {
    compile(bytes, &Options::default()).unwrap_err().to_string()
}

fn refusal(change: impl Fn(&mut Model)) -> String {
    let mut model = classifier();
    change(&mut model);
    message(&model.file())
}

#[track_caller]
fn assert_says(message: &str, parts: &[&str]) {
    assert!(!message.contains('\n'), "{message}");
    for part in parts {
        assert!(message.contains(part), "\"{message}\" lacks \"{part}\"");
    }
}

#[test]
fn other_files() {
    assert_eq!(compile(b"", &Options::default()), Err(CompileError::Empty));
    for bytes in [&b"TFL3"[..], b"#!/bin/sh\necho", &[0; 100]] {
        assert_eq!(
            compile(bytes, &Options::default()),
            Err(CompileError::NotTflite)
        );
    }
    assert_says(&message(b"hello, world"), &["not a .tflite", "convert"]);
    assert_says(
        &message(&file(vec![(0, Value::I32(2))])),
        &["version 2", "3"],
    );
    assert_says(&message(&file(vec![(0, Value::I32(3))])), &["one graph"]);
}

#[test]
fn every_truncation() {
    let bytes = classifier().file();
    for length in 8..bytes.len() {
        let error = compile(&bytes[..length], &Options::default());
        // The last bytes are padding or unused contents.
        if length + 4 < bytes.len() {
            assert!(error.is_err(), "{length} of {} bytes", bytes.len());
        }
    }
    assert_says(
        &message(&bytes[..bytes.len() / 2]),
        &["truncated", "at byte"],
    );
}

#[test]
fn operators() {
    assert_eq!(
        refusal(|model| model.nodes[2].code = 39),
        "operator 2 (TRANSPOSE): not supported (tensor \"sum\"); use Conv2D, DepthwiseConv2D, \
         FullyConnected, AveragePool2D, MaxPool2D, Add, Mul, Mean, Pad, Reshape, Concatenation, \
         Softmax, Logistic, Relu, Relu6, LeakyRelu, Tanh or Quantize"
    );
    let unknown = refusal(|model| model.nodes[2].code = 99);
    assert_says(&unknown, &["operator 2", "builtin 99", "\"sum\""]);
    let dilated = refusal(|model| model.nodes[0].options.push((4, Value::I32(0))));
    assert_says(
        &dilated,
        &["operator 0 (CONV_2D)", "dilation is 0", "1 to 255"],
    );
    let stride = refusal(|model| model.nodes[3].options[1].1 = Value::I32(300));
    assert_says(&stride, &["operator 3", "stride is 300", "1 to 255"]);
    let tanh = refusal(|model| model.nodes[0].options[3].1 = Value::U8(4));
    assert_says(&tanh, &["operator 0", "activation function is 4", "ReLU6"]);
    let missing = refusal(|model| model.nodes[5].inputs.truncate(1));
    assert_says(&missing, &["operator 5 (FULLY_CONNECTED)", "no weights"]);
    let order = refusal(|model| model.nodes.swap(0, 1));
    assert_says(&order, &["operator 0", "no input that was computed before"]);
    let twice = refusal(|model| model.nodes[1].output = 3);
    assert_says(&twice, &["operator 1", "no output of its own"]);
}

#[test]
fn tensors() {
    let float = refusal(|model| model.tensors[3].element = 0);
    assert_says(
        &float,
        &["operator 0", "\"convolved\"", "float32", "full integer"],
    );
    let other = refusal(|model| model.tensors[3].element = 7);
    assert_says(&other, &["operator 0", "\"convolved\"", "int16", "int8"]);
    let dynamic = refusal(|model| model.tensors[0].shape[1] = -1);
    assert_says(
        &dynamic,
        &[
            "operator 0",
            "\"image\"",
            "[1, -1, 6, 2]",
            "set every dimension",
        ],
    );
    let open = refusal(|model| model.tensors[0].signature = vec![-1, -1, 6, 2]);
    assert_says(&open, &["\"image\"", "no fixed shape", "[-1, -1, 6, 2]"]);
    let deep = refusal(|model| model.tensors[9].shape = vec![1, 1, 1, 1, 12]);
    assert_says(&deep, &["operator 4", "\"flat\"", "5 dimensions", "1 to 4"]);
    let batch = refusal(|model| model.tensors[0].shape[0] = 2);
    assert_says(
        &batch,
        &["operator 0", "\"image\"", "[1, height, width, channels]"],
    );
    let wide = refusal(|model| model.tensors[0].shape[1] = 70_000);
    assert_says(&wide, &["operator 0", "70000 rows", "limit is 65535"]);
    let shape = refusal(|model| model.tensors[6].shape[1] = 5);
    assert_says(
        &shape,
        &["operator 1", "\"depthwise\"", "height 4 and width 3"],
    );
    let computed = refusal(|model| model.tensors[1].data.clear());
    assert_says(
        &computed,
        &["operator 0", "\"weights\"", "must be constant"],
    );
    let constant = refusal(|model| model.tensors[6].data = vec![0; 72]);
    assert_says(
        &constant,
        &["operator 1", "\"depthwise\"", "operator writes it"],
    );
    let short = refusal(|model| model.tensors[1].data.truncate(100));
    assert_says(&short, &["operator 0", "\"weights\"", "100 bytes"]);
}

#[test]
fn quantisation() {
    let none = refusal(|model| model.tensors[3].scales.clear());
    assert_says(&none, &["operator 0", "\"convolved\"", "one scale"]);
    let zero = refusal(|model| model.tensors[3].scales[0] = 0.0);
    assert_says(&zero, &["operator 0", "\"convolved\"", "positive"]);
    let asymmetric = refusal(|model| model.tensors[10].zero_points[0] = 3);
    assert_says(&asymmetric, &["operator 5", "not symmetric"]);
    let axis = refusal(|model| model.tensors[1].axis = 3);
    assert_says(&axis, &["operator 0", "another dimension"]);
    let softmax = refusal(|model| model.tensors[13].scales[0] = 0.01);
    assert_says(&softmax, &["operator 6", "\"shares\"", "1/256"]);
    let pool = refusal(|model| model.tensors[8].zero_points[0] = 0);
    assert_says(&pool, &["operator 3", "\"pooled\"", "input's scale"]);
}

#[test]
fn graphs() {
    let nothing = refusal(|model| model.nodes.clear());
    assert_says(&nothing, &["0 operators", "1 to 1024"]);
    let unknown = refusal(|model| model.output = 5);
    assert_says(&unknown, &["no operator computes"]);
    let outside = refusal(|model| model.output = 500);
    assert_says(&outside, &["corrupt"]);
    let broadcast = single(
        0,
        vec![(0, Value::U8(0))],
        vec![
            activation("a", &[1, 4], 0.1, 0),
            activation("b", &[4, 4], 0.1, 0),
        ],
    );
    let mut broadcast = broadcast;
    broadcast.nodes[0].inputs = vec![0, 0];
    assert_eq!(
        message(&broadcast.file()),
        "operator 0 (ADD): tensor \"a\" has shape [1, 4], expected [4, 4], as the output; \
         change or convert the model again"
    );
}

#[test]
fn raw_scales() {
    let file = classifier().file();
    for scale in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e9] {
        let options = Options {
            raw_scale: Some(scale),
        };
        let error = compile(&file, &options).unwrap_err();
        assert_says(&error.to_string(), &["raw scale", "positive"]);
    }
    let options = Options {
        raw_scale: Some(0.001),
    };
    let plan = compile(&file, &options).unwrap();
    let header = Header::parse(&plan.bytes).unwrap();
    assert_eq!(header, plan.header);
    // 1000 counts are 1.0, which is 20 steps of 0.05 above zero point 3.
    assert_eq!(header.input.quantize(1000), 23);
    assert_eq!(header.input.quantize(i16::MAX), 127);
}

#[test]
fn what_needs_most_of_the_arena_is_named() {
    let plan = compile(&classifier().file(), &Options::default()).unwrap();
    let peak = &plan.report.peak;
    assert_eq!((peak.operator, peak.name.as_str()), (0, "CONV_2D"));
    let tensors = [("scratch", 132), ("image", 84), ("convolved", 72)];
    let tensors = tensors.map(|(name, bytes)| (name.to_owned(), bytes));
    assert_eq!(peak.tensors, tensors);
    assert!(peak.bytes() <= u64::from(plan.header.arena_bytes));
}

#[test]
fn wrong_inputs() {
    let plan = compile(&model::classifier().file(), &Options::default()).unwrap();
    let result = anchorhold_plan_compiler::run(&plan.bytes, &[0; 83], 64, &mut ());
    let expected = HostError::InputLength {
        found: 83,
        expected: 84,
    };
    assert_eq!(result, Err(expected));
}
