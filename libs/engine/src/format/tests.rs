//! Round trips and refusals of the plan's bytes.

use super::*;
use crate::error::PlanError;
use crate::fixed_point::Multiplier;

const COMMON: Common = Common {
    input_zero_point: -7,
    output_zero_point: 9,
    minimum: -100,
    maximum: 101,
    input_offset: 0x0102_0304,
    output_offset: 0x0506_0708,
};

const WINDOW: Window = Window {
    scratch_offset: 0x1112_1314,
    input: [1, 2, 3],
    output: [4, 5, 6],
    kernel: [7, 8],
    stride: [9, 10],
    padding: [11, 12],
    gaps: [13, 14],
};

fn bodies() -> [Body; 15] {
    let factor = |multiplier, shift| Multiplier { multiplier, shift };
    let operands = Operands {
        length: 99,
        second_offset: 400,
        second_zero_point: -128,
        more_each: 2,
        more_all: 10,
    };
    let place = Place {
        input: [1, 2, 3, 4],
        output: [5, 6, 7, 8],
        start: [9, 10, 11, 12],
        fill: None,
    };
    [
        Body::Conv2D(WINDOW),
        Body::DepthwiseConv2D(WINDOW),
        Body::AveragePool2D(WINDOW),
        Body::FullyConnected(FullyConnected {
            inputs: 70_000,
            outputs: 3,
        }),
        Body::Reshape(Reshape { length: 5 }),
        Body::Softmax(Softmax {
            rows: 2,
            row_length: 12,
            multiplier: 1 << 30,
            left_shift: 23,
            least_difference: -248,
        }),
        Body::Add(Add {
            operands,
            first: factor(1 << 30, 0),
            second: factor(1_234_567_890, -3),
            output: factor(2_000_000_000, -18),
        }),
        Body::MaxPool2D(WINDOW),
        Body::Mul(Mul {
            operands,
            factor: factor(1_111_111_111, 3),
        }),
        Body::Mean(Mean {
            outer: 1,
            reduced: 49,
            inner: 64,
            factor: factor(1_999_999_999, -5),
        }),
        Body::Table(Table { length: 77 }),
        Body::Place(place),
        Body::Place(Place {
            fill: Some(-5),
            ..place
        }),
        Body::Constant(Constant { length: 21 }),
        Body::StridedCopy(StridedCopy {
            shape: [1, 2, 3, 4],
            strides: [0, 70_000, 1, 5],
        }),
    ]
}

#[test]
fn operators_survive_the_round_trip() {
    for body in bodies() {
        let operator = Operator {
            common: COMMON,
            body,
        };
        let mut bytes = [0xff; RECORD_BYTES];
        operator.emit(&mut bytes);
        assert_eq!(Record(&bytes).parse(), Ok(operator));
    }
}

#[test]
fn every_byte_of_a_record_counts() {
    for body in bodies() {
        let operator = Operator {
            common: COMMON,
            body,
        };
        let mut bytes = [0; RECORD_BYTES];
        operator.emit(&mut bytes);
        for at in 0..RECORD_BYTES {
            let mut changed = bytes;
            changed[at] ^= 0x40;
            assert_ne!(Record(&changed).parse(), Ok(operator), "byte {at}");
        }
    }
}

fn header() -> Header {
    Header {
        operators: 2,
        plan_bytes: 1000,
        resident_bytes: 148,
        arena_bytes: 64,
        row_bytes: 52,
        input_offset: 0,
        input_bytes: 40,
        output_offset: 60,
        output_bytes: 4,
        input: InputQuantization {
            multiplier: 1 << 30,
            shift: -2,
            zero_point: 3,
        },
        input_element: Element::Int8,
        output_element: Element::Int16,
    }
}

fn emitted(header: &Header) -> [u8; HEADER_BYTES] {
    let mut bytes = [0xff; HEADER_BYTES];
    header.emit(&mut bytes);
    bytes
}

#[test]
fn header_survives_the_round_trip() {
    assert_eq!(Header::parse(&emitted(&header())), Ok(header()));
}

#[test]
fn header_refusals() {
    let bytes = emitted(&header());
    assert_eq!(Header::parse(&bytes[..51]), Err(PlanError::Truncated));
    for (at, error) in [
        (0, PlanError::NotAPlan),
        (4, PlanError::UnknownAbi(ABI ^ 1)),
        (6, PlanError::InvalidHeader),
        (12, PlanError::InvalidHeader),
        (51, PlanError::InvalidHeader),
    ] {
        let mut changed = bytes;
        changed[at] ^= 1;
        assert_eq!(Header::parse(&changed), Err(error), "byte {at}");
    }
    let mut long = header();
    long.output_bytes = 6;
    let outside = Err(PlanError::TensorOutsideArena);
    assert_eq!(Header::parse(&emitted(&long)), outside);
    long.output_offset = u32::MAX;
    assert_eq!(Header::parse(&emitted(&long)), outside);
}

#[test]
fn raw_counts_become_inputs() {
    assert_eq!(InputQuantization::IDENTITY.quantize(-77), -77);
    assert_eq!(InputQuantization::IDENTITY.quantize(300), 127);
    let eighth = header().input;
    assert_eq!(eighth.quantize(80), 13);
    assert_eq!(eighth.quantize(i16::MIN), -128);
    assert_eq!(eighth.quantize_to_int16(i16::MIN), -4093);
    let identity = InputQuantization::IDENTITY;
    assert_eq!(identity.quantize_to_int16(i16::MIN), i16::MIN);
    let (mut one, mut two) = ([0], [0; 2]);
    identity.fill(-300, &mut one);
    identity.fill(-300, &mut two);
    assert_eq!((one, two), ([0x80], (-300i16).to_le_bytes()));
}
