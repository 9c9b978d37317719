//! Operators of several tensors, and over several dimensions: products, sums with
//! smaller tensors, means, padding, concatenation.

mod support;

use support::kernels::{add, factor, multiply, rescale};
use support::{output_of, plan_of};
use tflite_writer::flatbuffer::Value;
use tflite_writer::model::{
    activation, constant, graph, mixture, node, numbers, single, Model, Tensor,
};
use tflite_writer::Random;

const ADD: i32 = 0;
const CONCATENATION: i32 = 2;
const MUL: i32 = 18;
const PAD: i32 = 34;
const MEAN: i32 = 40;
const PADV2: i32 = 60;
const QUANTIZE: i32 = 114;

const A: (f32, i8) = (0.05, 3);
const B: (f32, i8) = (0.02, -7);
const C: (f32, i8) = (0.031, 20);

fn no_activation() -> Vec<(usize, Value)> {
    vec![(0, Value::U8(0))]
}

/// A tensor of shape `part` that repeats to fill the shape `whole`.
fn filled(values: &[i8], part: &[usize], whole: &[usize]) -> Vec<i8> {
    let surplus = whole.len() - part.len();
    let value = |place: usize| {
        let (mut rest, mut index, mut step) = (place, 0, 1);
        for (dimension, size) in whole.iter().enumerate().rev() {
            let at = rest % size;
            rest /= size;
            if dimension >= surplus && part[dimension - surplus] > 1 {
                index += at * step;
                step *= size;
            }
        }
        values[index]
    };
    (0..whole.iter().product()).map(value).collect()
}

/// Sum or product of `whole` and `part`, whose element for every place of `whole`
/// follows from their shapes.
fn expected(code: i32, whole: (&[i8], &[usize]), part: (&[i8], &[usize])) -> Vec<i8> {
    let combine = if code == ADD { add } else { multiply };
    let part = filled(part.0, part.1, whole.1);
    let pairs = whole.0.iter().zip(&part);
    pairs
        .map(|(value, other)| combine((*value, A), (*other, B), C))
        .collect()
}

#[test]
fn smaller_tensors_repeat() {
    let whole = [1, 3, 4, 5];
    let parts: [&[usize]; 11] = [
        &[1, 3, 4, 5],
        &[5],
        &[1, 1, 1, 5],
        &[1],
        &[],
        &[1, 3, 1, 1],
        &[4, 5],
        &[1, 1, 4, 1],
        &[1, 3, 1, 5],
        &[3, 1, 5],
        &[3, 4, 1],
    ];
    let mut random = Random::new(1);
    for code in [ADD, MUL] {
        for part in parts {
            for constant_first in [false, true] {
                let image = random.int8s(60);
                let values = random.int8s(part.iter().product());
                let tensors = vec![
                    activation("input", &whole, A.0, A.1),
                    constant("part", part, &values, B),
                    activation("output", &whole, C.0, C.1),
                ];
                let inputs = if constant_first { [1, 0] } else { [0, 1] };
                let nodes = vec![node(code, &inputs, 2, no_activation())];
                let found = output_of(graph(tensors, nodes), &image);
                let expected = expected(code, (&image, &whole), (&values, part));
                assert_eq!(found, expected, "operator {code}, {part:?}");
            }
        }
    }
}

/// Shapes of which both repeat to fill 2 × 3 × 4 × 5.
const BOTH: [[&[usize]; 2]; 4] = [
    [&[2, 1, 4, 1], &[1, 3, 1, 5]],
    [&[2, 1, 4, 1], &[3, 1, 5]],
    [&[2, 3, 1, 1], &[4, 5]],
    [&[3, 1, 5], &[2, 1, 4, 1]],
];

#[test]
fn both_tensors_repeat() {
    let whole = [2, 3, 4, 5];
    let mut random = Random::new(4);
    for code in [ADD, MUL] {
        for [first, second] in BOTH {
            let input = random.int8s(first.iter().product());
            let values = random.int8s(second.iter().product());
            let tensors = vec![
                activation("input", first, A.0, A.1),
                constant("part", second, &values, B),
                activation("output", &whole, C.0, C.1),
            ];
            let found = output_of(single(code, no_activation(), tensors), &input);
            let input = filled(&input, first, &whole);
            let expected = expected(code, (&input, &whole), (&values, second));
            assert_eq!(found, expected, "operator {code}, {first:?}, {second:?}");
        }
    }
}

#[test]
fn constants_that_repeat_are_combined_by_the_compiler() {
    let whole = [2, 3, 4, 5];
    let mut random = Random::new(5);
    for [first, second] in BOTH {
        let input = random.int8s(120);
        let [one, other] = [first, second].map(|part| random.int8s(part.iter().product()));
        let net = |sum: Tensor| {
            let tensors = vec![
                activation("input", &whole, A.0, A.1),
                constant("one", first, &one, A),
                constant("other", second, &other, B),
                sum,
                activation("output", &whole, C.0, C.1),
            ];
            let sum = node(ADD, &[1, 2], 3, no_activation());
            graph(tensors, vec![sum, node(MUL, &[0, 3], 4, no_activation())])
        };
        // The sum has the scale of a second operand.
        let plan = plan_of(net(activation("sum", &whole, B.0, B.1)));
        let names = plan.report.operators.iter().map(|one| one.name.as_str());
        assert_eq!(names.collect::<Vec<_>>(), ["MUL (constant)", "MUL"]);
        let sum = filled(&one, first, &whole)
            .iter()
            .zip(filled(&other, second, &whole))
            .map(|(one, other)| add((*one, A), (other, B), B))
            .collect::<Vec<_>>();
        let found = output_of(net(activation("sum", &whole, B.0, B.1)), &input);
        assert_eq!(found, expected(MUL, (&input, &whole), (&sum, &whole)));
    }
}

#[test]
fn computed_tensors_repeat_too() {
    // A square of a tensor, and a tensor times its own means over height and width.
    let shape = [1, 3, 4, 5];
    let axes = numbers("axes", &[2], &[1, 2]);
    let tensors = |output: Tensor| {
        vec![
            activation("input", &shape, A.0, A.1),
            axes.clone(),
            activation("means", &[1, 1, 1, 5], B.0, B.1),
            output,
        ]
    };
    let means = || node(MEAN, &[0, 1], 2, vec![(0, Value::U8(1))]);
    let image = Random::new(2).int8s(60);
    let found = output_of(
        graph(
            tensors(activation("means", &[5], B.0, B.1))[..3].to_vec(),
            vec![means()],
        ),
        &image,
    );
    let output = activation("output", &shape, C.0, C.1);
    let nodes = vec![means(), node(MUL, &[2, 0], 3, no_activation())];
    let product = output_of(graph(tensors(output), nodes), &image);
    let expected = expected(MUL, (&image, &shape), (&found, &[5]));
    assert_eq!(product, expected);
    let squared = vec![
        activation("input", &shape, A.0, A.1),
        activation("output", &shape, C.0, C.1),
    ];
    let nodes = vec![node(MUL, &[0, 0], 1, no_activation())];
    let square = |value: &i8| multiply((*value, A), (*value, A), C);
    let expected: Vec<i8> = image.iter().map(square).collect();
    assert_eq!(output_of(graph(squared, nodes), &image), expected);
}

#[test]
fn activations_limit_products() {
    let tensors = vec![
        activation("input", &[1, 16, 16], A.0, A.1),
        constant("factor", &[1], &[100], B),
        activation("output", &[1, 16, 16], C.0, C.1),
    ];
    let input: Vec<i8> = (i8::MIN..=i8::MAX).collect();
    let product = |value: &i8| multiply((*value, A), (100, B), C).max(C.1);
    let expected: Vec<i8> = input.iter().map(product).collect();
    let relu = vec![(0, Value::U8(1))];
    assert_eq!(output_of(single(MUL, relu, tensors), &input), expected);
}

#[test]
fn means_over_dimensions() {
    let mut random = Random::new(3);
    let cases: [(&[usize], &[i32]); 13] = [
        (&[1, 3, 4, 5], &[1, 2]),
        (&[1, 3, 4, 5], &[2, 1]),
        (&[1, 3, 4, 5], &[-1]),
        (&[1, 3, 4, 5], &[1]),
        (&[1, 7, 7, 3], &[0, 1, 2, 3]),
        (&[2, 3, 4], &[0]),
        (&[30], &[0]),
        (&[1, 3, 4, 5], &[0]),
        (&[1, 3, 4, 5], &[1, 3]),
        (&[2, 3, 4, 5], &[0, 2]),
        (&[2, 3, 4, 5], &[-1, 1]),
        (&[2, 3, 4, 5], &[3, 0]),
        (&[2, 3, 4, 5], &[0, 1, 3]),
    ];
    for (shape, axes) in cases {
        let dimensions = shape.len();
        let reduced = |dimension: usize| {
            axes.iter()
                .any(|axis| axis.rem_euclid(dimensions as i32) == dimension as i32)
        };
        let kept: Vec<usize> = (0..dimensions)
            .map(|dimension| {
                if reduced(dimension) {
                    1
                } else {
                    shape[dimension]
                }
            })
            .collect();
        let image = random.int8s(shape.iter().product());
        let mut sums = vec![0i64; kept.iter().product()];
        for (place, value) in image.iter().enumerate() {
            let (mut rest, mut index, mut step) = (place, 0, 1);
            for (size, kept) in shape.iter().zip(&kept).rev() {
                index += (rest % size).min(kept - 1) * step;
                step *= kept;
                rest /= size;
            }
            sums[index] += i64::from(*value) - i64::from(A.1);
        }
        let count = (image.len() / sums.len()) as i64;
        // The reference divides the mantissa and rounds down.
        let (mantissa, shift) = factor(f64::from(A.0) / f64::from(B.0));
        let bits = count.ilog2() as i32;
        let divided = (((i64::from(mantissa) << bits) / count) as i32, shift - bits);
        let means = sums
            .iter()
            .map(|sum| (rescale(*sum, divided) + i64::from(B.1)).clamp(-128, 127) as i8);
        let tensors = vec![
            activation("input", shape, A.0, A.1),
            numbers("axes", &[axes.len()], axes),
            activation("output", &kept, B.0, B.1),
        ];
        let keep = vec![(0, Value::U8(1))];
        let found = output_of(single(MEAN, keep, tensors), &image);
        assert_eq!(found, means.collect::<Vec<_>>(), "{shape:?} {axes:?}");
    }
}

/// The elements of `image` in a tensor of shape `output` from `start` on.
fn placed(image: &[i8], shape: &[usize], output: &mut [i8], whole: &[usize], start: &[usize]) {
    for (place, value) in image.iter().enumerate() {
        let (mut rest, mut index, mut step) = (place, 0, 1);
        for dimension in (0..shape.len()).rev() {
            index += (rest % shape[dimension] + start[dimension]) * step;
            step *= whole[dimension];
            rest /= shape[dimension];
        }
        output[index] = *value;
    }
}

#[test]
fn padding_along_any_dimension() {
    for seed in 0..60 {
        let mut random = Random::new(100 + seed);
        let dimensions = 1 + random.below(4);
        let shape: Vec<usize> = (0..dimensions).map(|_| 1 + random.below(4)).collect();
        let before: Vec<usize> = (0..dimensions).map(|_| random.below(3)).collect();
        let after: Vec<usize> = (0..dimensions).map(|_| random.below(3)).collect();
        let sizes = shape.iter().zip(&before).zip(&after);
        let whole: Vec<usize> = sizes
            .map(|((size, before), after)| size + before + after)
            .collect();
        let pairs: Vec<i32> = before
            .iter()
            .zip(&after)
            .flat_map(|(before, after)| [*before as i32, *after as i32])
            .collect();
        let image = random.int8s(shape.iter().product());
        let mut tensors = vec![
            activation("input", &shape, A.0, A.1),
            numbers("paddings", &[dimensions, 2], &pairs),
        ];
        let (code, value) = match seed % 2 {
            0 => (PAD, A.1),
            _ => (PADV2, 77),
        };
        if code == PADV2 {
            tensors.push(constant("value", &[], &[value], A));
        }
        tensors.push(activation("output", &whole, A.0, A.1));
        let mut expected = vec![value; whole.iter().product()];
        placed(&image, &shape, &mut expected, &whole, &before);
        let found = output_of(single(code, Vec::new(), tensors), &image);
        assert_eq!(found, expected, "seed {seed}");
    }
}

#[test]
fn concatenation_along_any_dimension() {
    for seed in 0..60 {
        let mut random = Random::new(200 + seed);
        let dimensions = 1 + random.below(4);
        let shape: Vec<usize> = (0..dimensions).map(|_| 1 + random.below(4)).collect();
        let axis = random.below(dimensions);
        let mut other = shape.clone();
        other[axis] = 1 + random.below(4);
        let mut whole = shape.clone();
        whole[axis] = 2 * shape[axis] + other[axis];
        // The input, a constant, and the input with its scale changed and back.
        let image = random.int8s(shape.iter().product());
        let values = random.int8s(other.iter().product());
        let negative = if seed % 2 == 0 { dimensions as i32 } else { 0 };
        let options = vec![(0, Value::I32(axis as i32 - negative)), (1, Value::U8(0))];
        let tensors = vec![
            activation("input", &shape, A.0, A.1),
            constant("constant", &other, &values, A),
            activation("coarse", &shape, 2.0 * A.0, A.1),
            activation("again", &shape, A.0, A.1),
            activation("output", &whole, A.0, A.1),
        ];
        let nodes = vec![
            node(QUANTIZE, &[0], 2, Vec::new()),
            node(QUANTIZE, &[2], 3, Vec::new()),
            node(CONCATENATION, &[0, 1, 3], 4, options),
        ];
        let coarse: Vec<i8> = image
            .iter()
            .map(|value| {
                let half = rescale(i64::from(*value) - i64::from(A.1), factor(0.5));
                (2 * half + i64::from(A.1)).clamp(-128, 127) as i8
            })
            .collect();
        let mut expected = vec![0; whole.iter().product()];
        let mut start = vec![0; dimensions];
        placed(&image, &shape, &mut expected, &whole, &start);
        start[axis] += shape[axis];
        placed(&values, &other, &mut expected, &whole, &start);
        start[axis] += other[axis];
        placed(&coarse, &shape, &mut expected, &whole, &start);
        let found = output_of(graph(tensors, nodes), &image);
        assert_eq!(found, expected, "seed {seed}");
    }
}

#[test]
fn operators_in_one_net() {
    let names: Vec<String> = plan_of(mixture())
        .report
        .operators
        .into_iter()
        .map(|operator| operator.name)
        .collect();
    let expected = [
        "QUANTIZE",
        "PADV2",
        "CONV_2D",
        "LEAKY_RELU",
        "MAX_POOL_2D",
        "DEPTHWISE_CONV_2D",
        "LOGISTIC",
        "MUL",
        "ADD (constant)",
        "ADD",
        "MEAN",
        "TANH",
        "CONCATENATION",
        "CONCATENATION (constant)",
        "CONCATENATION",
    ];
    assert_eq!(names, expected);
    let output = output_of(mixture(), &Random::new(18).int8s(108));
    // The constants come last.
    assert_eq!(output[8..], constant_of(&mixture(), "more"));
}

/// The values of a constant tensor.
fn constant_of(model: &Model, name: &str) -> Vec<i8> {
    let tensor = model.tensors.iter().find(|tensor| tensor.name == name);
    let data = &tensor.unwrap().data;
    data.iter().map(|byte| *byte as i8).collect()
}
