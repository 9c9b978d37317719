//! Random small models against kernels that follow the definitions.

mod support;

use anchorhold_plan_compiler::{compile, run, Options};
use support::flatbuffer::Value;
use support::kernels::{add, factor, rescale, Case};
use support::model::{self, activation, biases, single, weights, Model};
use support::Random;

const INPUT_SCALE: f32 = 0.043;
const OUTPUT_SCALE: f32 = 0.21;

fn output_of(model: Model, input: &[i8]) -> Vec<i8> {
    let plan = compile(&model.file(), &Options::default()).unwrap();
    let output = run(&plan.bytes, input, 64, &mut ()).unwrap();
    assert_eq!(output, run(&plan.bytes, input, 4096, &mut ()).unwrap());
    assert_eq!(output, run(&plan.bytes, input, 0, &mut ()).unwrap());
    output
}

fn scales(random: &mut Random, count: usize) -> Vec<f32> {
    let mut scale = || 0.002 + 0.0001 * random.below(200) as f32;
    (0..count).map(|_| scale()).collect()
}

/// A window with random sizes; `padding` follows from the sizes where `same`.
fn case(random: &mut Random, same: bool, channels: [usize; 2]) -> Case {
    let kernel = [1 + random.below(4), 1 + random.below(4)];
    let stride = [1 + random.below(3), 1 + random.below(3)];
    let mut input = [0, 0, channels[0]];
    let mut output = [0, 0, channels[1]];
    let mut padding = [0; 2];
    for axis in 0..2 {
        input[axis] = kernel[axis] + random.below(6);
        output[axis] = if same {
            input[axis].div_ceil(stride[axis])
        } else {
            (input[axis] - kernel[axis]) / stride[axis] + 1
        };
        let covered = (output[axis] - 1) * stride[axis] + kernel[axis];
        padding[axis] = covered.saturating_sub(input[axis]) / 2;
    }
    Case {
        input,
        output,
        kernel,
        stride,
        padding: if same { padding } else { [0; 2] },
        input_zero_point: random.next() as i8,
        output_zero_point: random.next() as i8,
        factors: Vec::new(),
        biases: (0..channels[1])
            .map(|_| random.below(2000) as i32 - 1000)
            .collect(),
        least: -128,
    }
}

impl Case {
    fn scaled(mut self, scales: &[f32], relu: bool) -> Self {
        let real =
            |scale: &f32| f64::from(INPUT_SCALE) * f64::from(*scale) / f64::from(OUTPUT_SCALE);
        self.factors = scales.iter().map(|scale| factor(real(scale))).collect();
        if relu {
            self.least = self.output_zero_point;
        }
        self
    }

    fn tensors(&self, filter: model::Tensor) -> Vec<model::Tensor> {
        let shape = |[height, width, channels]: [usize; 3]| [1, height, width, channels];
        let (input, output) = (shape(self.input), shape(self.output));
        vec![
            activation("input", &input, INPUT_SCALE, self.input_zero_point),
            filter,
            biases(&self.biases),
            activation("output", &output, OUTPUT_SCALE, self.output_zero_point),
        ]
    }
}

#[test]
fn convolution() {
    for seed in 0..150 {
        let mut random = Random::new(seed);
        let (same, relu) = (seed % 2 == 0, seed % 3 == 0);
        let channels = [1 + random.below(9), 1 + random.below(10)];
        let scales = scales(&mut random, channels[1]);
        let case = case(&mut random, same, channels).scaled(&scales, relu);
        let [height, width] = case.kernel;
        let values = random.int8s(channels[1] * height * width * channels[0]);
        let image = random.int8s(case.input.iter().product());
        let weight = |to: usize, [ky, kx]: [usize; 2], from: usize| {
            values[((to * height + ky) * width + kx) * channels[0] + from]
        };
        let expected = case.convolve(&image, &|_| (0..channels[0]).collect(), &weight);
        let filter = weights(
            &[channels[1], height, width, channels[0]],
            &values,
            &scales,
            0,
        );
        let options = model::conv_options(same, case.stride, relu.into());
        let found = output_of(single(3, options, case.tensors(filter)), &image);
        assert_eq!(found, expected, "seed {seed}");
    }
}

#[test]
fn depthwise_convolution() {
    for seed in 0..150 {
        let mut random = Random::new(1000 + seed);
        let (same, relu) = (seed % 2 == 0, seed % 3 == 0);
        let multiplier = 1 + random.below(3);
        let inputs = 1 + random.below(9);
        let channels = inputs * multiplier;
        let scales = scales(&mut random, channels);
        let case = case(&mut random, same, [inputs, channels]).scaled(&scales, relu);
        let [height, width] = case.kernel;
        let values = random.int8s(height * width * channels);
        let image = random.int8s(case.input.iter().product());
        let weight = |to: usize, [ky, kx]: [usize; 2], _| values[(ky * width + kx) * channels + to];
        let expected = case.convolve(&image, &|to| vec![to / multiplier], &weight);
        let filter = weights(&[1, height, width, channels], &values, &scales, 3);
        let options = model::depthwise_options(same, case.stride, relu.into());
        let found = output_of(single(4, options, case.tensors(filter)), &image);
        assert_eq!(found, expected, "seed {seed}");
    }
}

#[test]
fn fully_connected_with_any_rows() {
    for seed in 0..100 {
        let mut random = Random::new(2000 + seed);
        let rows = 1 + random.below(6);
        let (inputs, outputs) = (1 + random.below(70), 1 + random.below(11));
        let scale = 0.0123f32;
        let values = random.int8s(outputs * inputs);
        let image = random.int8s(rows * inputs);
        let real = f64::from(INPUT_SCALE * scale) / f64::from(OUTPUT_SCALE);
        let bias: Vec<i32> = (0..outputs as i32).map(|index| 100 * index - 250).collect();
        let mut expected = Vec::new();
        for row in image.chunks(inputs) {
            for (weights, bias) in values.chunks(inputs).zip(&bias) {
                let products = row.iter().zip(weights);
                let sum = products.fold(i64::from(*bias), |sum, (value, weight)| {
                    sum + (i64::from(*value) + 5) * i64::from(*weight)
                });
                let value = rescale(sum, factor(real)) + 9;
                expected.push(value.clamp(-128, 127) as i8);
            }
        }
        let tensors = vec![
            activation("input", &[rows, inputs], INPUT_SCALE, -5),
            weights(&[outputs, inputs], &values, &[scale], 0),
            biases(&bias),
            activation("output", &[rows, outputs], OUTPUT_SCALE, 9),
        ];
        let model = single(9, vec![(0, Value::U8(0))], tensors);
        assert_eq!(output_of(model, &image), expected, "seed {seed}");
    }
}

#[test]
fn average_pool() {
    for seed in 0..100 {
        let mut random = Random::new(3000 + seed);
        let same = seed % 2 == 0;
        let channels = 1 + random.below(7);
        let case = case(&mut random, same, [channels; 2]);
        let image = random.int8s(case.input.iter().product());
        let shape = |[height, width, channels]: [usize; 3]| [1, height, width, channels];
        let tensors = vec![
            activation("input", &shape(case.input), 0.5, case.input_zero_point),
            activation("output", &shape(case.output), 0.5, case.input_zero_point),
        ];
        let options = model::pool_options(same, case.stride, case.kernel);
        let found = output_of(single(1, options, tensors), &image);
        assert_eq!(found, case.average(&image), "seed {seed}");
    }
}

#[test]
fn softmax_is_near_the_real_one() {
    let mut random = Random::new(4000);
    for beta in [0.5f32, 1.0, 2.0] {
        let scale = 0.08;
        let input = random.int8s(3 * 17);
        let tensors = vec![
            activation("input", &[3, 17], scale, 5),
            activation("output", &[3, 17], 1.0 / 256.0, -128),
        ];
        let found = output_of(single(25, vec![(0, Value::F32(beta))], tensors), &input);
        for (row, found) in input.chunks(17).zip(found.chunks(17)) {
            let power = |value: &i8| (f64::from(*value) * f64::from(scale * beta)).exp();
            let sum: f64 = row.iter().map(power).sum();
            for (value, found) in row.iter().zip(found) {
                let share = 256.0 * power(value) / sum - 128.0;
                assert!((share - f64::from(*found)).abs() < 1.0, "{share} {found}");
            }
        }
    }
}

#[test]
fn add_in_every_placement() {
    // Both inputs one; the first lives on, so that the second is overwritten;
    // both end.
    let [x, a, s, t] = [(0.1, 7), (0.3, -20), (0.25, 11), (0.5, 0)];
    let tensor = |name, (scale, zero_point)| activation(name, &[1, 256], scale, zero_point);
    let node = |first, second, output| model::Node {
        code: 0,
        inputs: vec![first, second],
        output,
        options: vec![(0, Value::U8(0))],
    };
    let model = Model {
        tensors: vec![
            tensor("x", x),
            tensor("a", a),
            tensor("s", s),
            tensor("t", t),
        ],
        nodes: vec![node(0, 0, 1), node(0, 1, 2), node(0, 2, 3)],
        output: 3,
    };
    let input: Vec<i8> = (-128..=127).collect();
    let expected = input.iter().map(|value| {
        let first = (*value, x);
        let doubled = add(first, first, a);
        let tripled = add(first, (doubled, a), s);
        add(first, (tripled, s), t)
    });
    let expected: Vec<i8> = expected.collect();
    assert_eq!(output_of(model, &input), expected);
}

#[test]
fn every_operator_in_one_net() {
    let input = Random::new(6000).int8s(84);
    let plan = compile(&model::every_operator().file(), &Options::default()).unwrap();
    let again = compile(&model::every_operator().file(), &Options::default()).unwrap();
    assert_eq!(plan.bytes, again.bytes);
    let macs: Vec<u64> = plan
        .report
        .operators
        .iter()
        .map(|o| o.multiply_accumulates)
        .collect();
    assert_eq!(macs, [12 * 6 * 9 * 2, 12 * 6 * 6, 0, 0, 0, 36, 0]);
    let output = run(&plan.bytes, &input, 64, &mut ()).unwrap();
    let sum: i32 = output.iter().map(|value| i32::from(*value) + 128).sum();
    assert!((255..=257).contains(&sum), "{output:?}");
}
