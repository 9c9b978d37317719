//! Round trips and refusals of records of int16 operators.

use super::*;
use crate::error::OperatorFault;
use crate::format::{Body, Common, Operator, Record, RECORD_BYTES};

const WINDOW: Window = Window {
    scratch_offset: 0x1112_1314,
    input: [1, 2, 3],
    output: [4, 5, 6],
    kernel: [7, 8],
    stride: [9, 10],
    padding: [11, 12],
    gaps: [13, 14],
};

fn operations() -> [Operation; 14] {
    let factor = |multiplier, shift| Multiplier { multiplier, shift };
    let pair = Pair {
        length: 99,
        second_offset: 400,
        more_each: 2,
        more_all: 10,
    };
    let factors = [
        factor(1 << 30, 0),
        factor(1_234_567_890, -3),
        factor(2_000_000_000, -18),
    ];
    let [wide, narrow] = [Sums::Wide, Sums::Narrow].map(|sums| Convolution {
        window: WINDOW,
        sums,
    });
    [
        Operation::Conv2D(wide),
        Operation::Conv2D(narrow),
        Operation::DepthwiseConv2D(wide),
        Operation::AveragePool2D(WINDOW),
        Operation::FullyConnected(Matrix {
            shape: FullyConnected {
                inputs: 70_000,
                outputs: 3,
            },
            sums: Sums::Narrow,
        }),
        Operation::Softmax(Softmax16 {
            rows: 2,
            row_length: 12,
            factor: factors[1],
        }),
        Operation::Add(pair, factors),
        Operation::MaxPool2D(WINDOW),
        Operation::Mul(pair, factors[2]),
        Operation::Mean(Mean16 {
            outer: 1,
            reduced: 49,
            inner: 64,
            factor: factors[1],
        }),
        Operation::Sigmoid(Sigmoid {
            length: 7,
            multiplier: 32_767,
            shift: 9,
            function: Function::Logistic,
        }),
        Operation::Sigmoid(Sigmoid {
            length: 7,
            multiplier: 6,
            shift: 0,
            function: Function::Tanh,
        }),
        Operation::Rescale(Rescale {
            length: 77,
            input: Element::Int8,
            output: Element::Int16,
            positive: factors[0],
            negative: factors[1],
            flips: true,
        }),
        Operation::Fill(Fill {
            length: 21,
            value: -300,
        }),
    ]
}

fn operator(operation: Operation) -> Operator {
    Operator {
        common: Common {
            input_zero_point: -7,
            output_zero_point: 9,
            minimum: 0,
            maximum: 0,
            input_offset: 0x0102_0304,
            output_offset: 0x0506_0708,
        },
        body: Body::Int16(Int16 {
            minimum: -12_345,
            maximum: 23_456,
            operation,
        }),
    }
}

#[test]
fn operators_survive_the_round_trip() {
    for operation in operations() {
        let operator = operator(operation);
        let mut bytes = [0xff; RECORD_BYTES];
        operator.emit(&mut bytes);
        assert_eq!(Record(&bytes).parse(), Ok(operator));
    }
}

#[test]
fn every_byte_of_a_record_counts() {
    for operation in operations() {
        let operator = operator(operation);
        let mut bytes = [0; RECORD_BYTES];
        operator.emit(&mut bytes);
        for at in 0..RECORD_BYTES {
            let mut changed = bytes;
            changed[at] ^= 0x40;
            assert_ne!(Record(&changed).parse(), Ok(operator), "byte {at}");
        }
    }
}

#[test]
fn other_kinds_are_unknown() {
    for kind in [15, 31, 32, 37, 46, 255] {
        let bytes = core::array::from_fn(|at| if at == 0 { kind } else { 0 });
        let refusal = Err(OperatorFault::UnknownKind(kind));
        assert_eq!(Record(&bytes).parse(), refusal);
    }
}
