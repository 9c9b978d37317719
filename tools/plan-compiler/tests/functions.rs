//! Functions of one int8: all 256 inputs, for many scales.

mod support;

use support::kernels::{factor, rescale, Quantization};
use support::output_of;
use tflite_writer::flatbuffer::{Table, Value};
use tflite_writer::model::{activation, single, Model};
use tflite_writer::Random;

const RELU: i32 = 19;
const RELU6: i32 = 21;
const LOGISTIC: i32 = 14;
const TANH: i32 = 28;
const LEAKY_RELU: i32 = 98;
const QUANTIZE: i32 = 114;

fn every_input() -> Vec<i8> {
    (i8::MIN..=i8::MAX).collect()
}

fn model(code: i32, options: Table, input: Quantization, output: Quantization) -> Model {
    let tensors = vec![
        activation("input", &[1, 16, 16], input.0, input.1),
        activation("output", &[1, 16, 16], output.0, output.1),
    ];
    single(code, options, tensors)
}

/// Scales up to 64 times apart, and any zero points.
fn quantizations(seed: u64) -> [Quantization; 2] {
    let mut random = Random::new(seed);
    [(); 2].map(|()| {
        let scale = 0.01 * 1.25f32.powi(random.below(16) as i32);
        (scale, random.draw() as i8)
    })
}

/// `value` of `input`, rescaled to `output` by way of a real factor.
fn scaled(value: i8, (_, zero): Quantization, real: f64, output: Quantization) -> i64 {
    let value = i64::from(value) - i64::from(zero);
    rescale(value, factor(real)) + i64::from(output.1)
}

fn int8(value: i64) -> i8 {
    value.clamp(-128, 127) as i8
}

#[test]
fn quantize_changes_the_scale() {
    for seed in 0..100 {
        let [input, output] = quantizations(seed);
        let real = f64::from(input.0) / f64::from(output.0);
        let expected = every_input()
            .into_iter()
            .map(|value| int8(scaled(value, input, real, output)));
        let found = output_of(model(QUANTIZE, Vec::new(), input, output), &every_input());
        assert_eq!(found, expected.collect::<Vec<_>>(), "seed {seed}");
    }
}

#[test]
fn relu_may_change_the_scale() {
    for seed in 0..100 {
        let [input, output] = quantizations(seed);
        let real = f64::from(input.0 / output.0);
        let expected = every_input().into_iter().map(|value| {
            let value = scaled(value, input, real, output);
            int8(value.max(output.1.into()))
        });
        let found = output_of(model(RELU, Vec::new(), input, output), &every_input());
        assert_eq!(found, expected.collect::<Vec<_>>(), "seed {seed}");
    }
}

#[test]
fn relu6_clamps() {
    for seed in 0..20 {
        let [input, _] = quantizations(seed);
        let six = f32::round(6.0 / input.0) as i64 + i64::from(input.1);
        let expected = every_input()
            .into_iter()
            .map(|value| int8(i64::from(value).clamp(input.1.into(), six)));
        let found = output_of(model(RELU6, Vec::new(), input, input), &every_input());
        assert_eq!(found, expected.collect::<Vec<_>>(), "seed {seed}");
    }
}

#[test]
fn leaky_relu_has_two_slopes() {
    for (seed, alpha) in (0..100).zip([0.1f32, 0.3, 0.001, 1.5, -0.25].into_iter().cycle()) {
        let [input, output] = quantizations(seed);
        let real = f64::from(input.0 / output.0);
        let slope = f64::from(input.0 * alpha / output.0);
        let expected = every_input().into_iter().map(|value| {
            if value >= input.1 {
                return int8(scaled(value, input, real, output));
            }
            let magnitude = scaled(value, input, slope.abs(), (1.0, 0));
            let value = if slope < 0.0 { -magnitude } else { magnitude };
            int8(value + i64::from(output.1))
        });
        let options = vec![(0, Value::F32(alpha))];
        let found = output_of(model(LEAKY_RELU, options, input, output), &every_input());
        assert_eq!(found, expected.collect::<Vec<_>>(), "seed {seed}");
    }
}

/// Every output is at most one step from the real function, and at most half a step
/// and a little where `exact` steps of 1/256 are meant.
fn near(code: i32, output: Quantization, function: fn(f64) -> f64) {
    for seed in 0..50 {
        let [input, _] = quantizations(seed);
        let found = output_of(model(code, Vec::new(), input, output), &every_input());
        for (value, found) in every_input().into_iter().zip(found) {
            let real = (f64::from(value) - f64::from(input.1)) * f64::from(input.0);
            let exact = function(real) / f64::from(output.0) + f64::from(output.1);
            let error = exact.clamp(-128.0, 127.0) - f64::from(found);
            assert!(error.abs() < 0.51, "{input:?} {value}: {exact} {found}");
        }
    }
}

#[test]
fn logistic_is_near_the_real_one() {
    near(LOGISTIC, (1.0 / 256.0, -128), |x| 1.0 / (1.0 + (-x).exp()));
}

#[test]
fn tanh_is_near_the_real_one() {
    near(TANH, (1.0 / 128.0, 0), f64::tanh);
}
