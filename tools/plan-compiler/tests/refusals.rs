//! What the operators of less usual models cannot do: the message names the operator,
//! the tensor and the limit.

use anchorhold_plan_compiler::{compile, Options};
use tflite_writer::flatbuffer::Value;
use tflite_writer::model::{activation, float, graph, mixture, node, numbers, single, Model};

/// Positions in the net's tensors.
mod tensor {
    pub const RESCALED: usize = 1;
    pub const PADDINGS: usize = 2;
    pub const VALUE: usize = 3;
    pub const PADDED: usize = 4;
    pub const DILATED: usize = 7;
    pub const LEAKY: usize = 8;
    pub const GREATEST: usize = 9;
    pub const SHARES: usize = 13;
    pub const GATED: usize = 14;
    pub const OFFSETS: usize = 15;
    pub const AXES: usize = 17;
    pub const MEANS: usize = 18;
    pub const BOUNDED: usize = 19;
    pub const MORE: usize = 20;
    pub const JOINED: usize = 21;
}

#[track_caller]
fn assert_refused(change: impl Fn(&mut Model), message: &str) {
    let mut model = mixture();
    change(&mut model);
    let error = compile(&model.file(), &Options::default()).unwrap_err();
    assert_eq!(error.to_string(), message);
}

/// The bytes of int32 numbers.
fn words(values: &[i32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}

#[test]
fn padding() {
    assert_refused(
        |model| model.tensors[tensor::PADDINGS].data = words(&[0, 0, -1, 1, 2, 1, 0, 0]),
        "operator 1 (PADV2): padding is -1, supported: 0 and more; change it in the model",
    );
    assert_refused(
        |model| model.tensors[tensor::PADDINGS].data = words(&[0, 0, 1, 1, 2, 2, 0, 0]),
        "operator 1 (PADV2): tensor \"padded\" has shape [1, 8, 9, 3], expected [1, 8, 10, 3]; \
         change or convert the model again",
    );
    assert_refused(
        |model| model.tensors[tensor::PADDINGS].element = 4,
        "operator 1 (PADV2): tensor \"paddings\" is int64, not int32; convert with int8 \
         quantisation",
    );
    assert_refused(
        |model| model.tensors[tensor::VALUE].scales[0] = 1.0,
        "operator 1 (PADV2): tensor \"value\" does not have the output's scale and zero point; \
         convert with int8 quantisation",
    );
    assert_refused(
        |model| model.tensors[tensor::PADDED].zero_points[0] = 0,
        "operator 1 (PADV2): tensor \"padded\" does not have its input's scale and zero point; \
         convert with int8 quantisation",
    );
}

#[test]
fn windows() {
    assert_refused(
        |model| model.nodes[2].options[4].1 = Value::I32(300),
        "operator 2 (CONV_2D): dilation is 300, supported: 1 to 255; change it in the model",
    );
    assert_refused(
        |model| model.nodes[2].options[5].1 = Value::I32(9),
        "operator 2 (CONV_2D): tensor \"padded\" has shape [1, 8, 9, 3], expected an image not \
         smaller than the kernel; change or convert the model again",
    );
    assert_refused(
        |model| model.tensors[tensor::GREATEST].scales[0] = 0.5,
        "operator 4 (MAX_POOL_2D): tensor \"greatest\" does not have its input's scale and zero \
         point; convert with int8 quantisation",
    );
}

#[test]
fn functions() {
    assert_refused(
        |model| model.tensors[tensor::LEAKY].shape = vec![1, 4, 7, 3],
        "operator 3 (LEAKY_RELU): tensor \"leaky\" has shape [1, 4, 7, 3], expected 112 elements; \
         change or convert the model again",
    );
    assert_refused(
        |model| model.nodes[3].options[0].1 = Value::F32(f32::INFINITY),
        "operator 3 (LEAKY_RELU): alpha (in thousandths) is 9223372036854775807, supported: those \
         for which alpha × input scale ÷ output scale is finite; change it in the model",
    );
    assert_refused(
        |model| model.tensors[tensor::SHARES].zero_points[0] = 0,
        "operator 6 (LOGISTIC): tensor \"shares\" does not have scale 1/256 and zero point -128; \
         convert with int8 quantisation",
    );
    assert_refused(
        |model| model.tensors[tensor::BOUNDED].scales[0] = 0.01,
        "operator 10 (TANH): tensor \"bounded\" does not have scale 1/128 and zero point 0; \
         convert with int8 quantisation",
    );
    assert_refused(
        |model| model.tensors[tensor::MEANS].scales[0] = 1e-9,
        "operator 10 (TANH): tensor \"means\" has a scale below 2^-28; convert with int8 \
         quantisation",
    );
    assert_refused(
        |model| model.tensors[tensor::RESCALED].element = 7,
        "operator 0 (QUANTIZE): tensor \"rescaled\" is int16 with a zero point other than 0; convert with int8 \
         quantisation",
    );
}

#[test]
fn operands() {
    assert_refused(
        |model| {
            model.tensors[tensor::OFFSETS].shape = vec![2, 1, 8];
            model.tensors[tensor::OFFSETS].data = vec![0; 16];
        },
        "operator 8 (ADD): tensor \"offsets\" has shape [2, 1, 8], expected [1, 3, 6, 8], or 1 \
         along some dimensions; change or convert the model again",
    );
    assert_refused(
        |model| model.tensors[tensor::GATED].shape = vec![1, 3, 6, 9],
        "operator 7 (MUL): tensor \"depthwise\" has shape [1, 3, 6, 8], expected [1, 3, 6, 9], as \
         the output; change or convert the model again",
    );
    assert_refused(
        |model| model.nodes[7].options[0].1 = Value::U8(4),
        "operator 7 (MUL): fused activation function is 4, supported: 0 (none), 1 (ReLU), 2 (ReLU \
         −1 to 1), 3 (ReLU6); change it in the model",
    );
}

#[test]
fn means() {
    assert_refused(
        |model| model.tensors[tensor::AXES].data = words(&[1, 3]),
        "operator 9 (MEAN): tensor \"means\" has shape [1, 8], expected 6 elements; change or \
         convert the model again",
    );
    assert_refused(
        |model| model.tensors[tensor::AXES].data = words(&[1, 4]),
        "operator 9 (MEAN): tensor \"axes\" has shape [2], expected numbers of 4 dimensions in it; \
         change or convert the model again",
    );
    assert_refused(
        |model| model.tensors[tensor::AXES].data.clear(),
        "operator 9 (MEAN): tensor \"axes\" is computed, but must be constant; fold it into the \
         model",
    );
}

#[test]
fn tensors_that_no_number_counts() {
    let vast = |name| activation(name, &[1 << 20; 4], 0.1, 0);
    let means = [vast("x"), numbers("axes", &[2], &[0, 2]), vast("y")];
    let sum = [vast("x"), vast("offsets"), vast("y")];
    for (code, name, tensors) in [(40, "MEAN", means), (0, "ADD", sum)] {
        let options = vec![(0, Value::U8(0))];
        let model = single(code, options, tensors.to_vec());
        let error = compile(&model.file(), &Options::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "operator 0 ({name}): {} elements in a tensor, the limit is {}; make the layer \
                 smaller",
                u64::MAX,
                u32::MAX
            )
        );
    }
}

#[test]
fn concatenation() {
    assert_refused(
        |model| model.tensors[tensor::MORE].scales[0] = 0.5,
        "operator 11 (CONCATENATION): tensor \"joined\" does not have its input's scale and zero \
         point; convert with int8 quantisation",
    );
    assert_refused(
        |model| model.nodes[11].options[0].1 = Value::I32(2),
        "operator 11 (CONCATENATION): axis is 2, supported: the number of a dimension; change it \
         in the model",
    );
    assert_refused(
        |model| model.tensors[tensor::JOINED].shape[1] = 11,
        "operator 11 (CONCATENATION): tensor \"joined\" has shape [1, 11], expected 10 elements \
         along dimension 1; change or convert the model again",
    );
    assert_refused(
        |model| model.nodes[11].options[1].1 = Value::U8(1),
        "operator 11 (CONCATENATION): fused activation function is 1, supported: 0 (none); change \
         it in the model",
    );
}

#[test]
fn float_models() {
    assert_refused(
        |model| model.tensors[tensor::DILATED].element = 0,
        "operator 2 (CONV_2D): tensor \"dilated\" is float32, not int8; convert with full integer \
         quantisation (int8 inputs and outputs)",
    );
    let model = graph(
        vec![float("x", &[1, 4], &[]), float("y", &[1, 4], &[])],
        vec![node(19, &[0], 1, Vec::new())],
    );
    let error = compile(&model.file(), &Options::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "operator 0 (RELU): tensor \"x\" is float32, not int8; convert with full integer \
         quantisation (int8 inputs and outputs)"
    );
}
