//! One job: microflow between two readings of the instruction counter.

use crate::board;
use crate::models::{Ad, HelloWorld, Kws, MicroSpeech, Vww};
use bare_bench::{Job, Records, Status};
use core::array;
use kernel::ErrorCode;
use microflow::buffer::{Buffer2D, Buffer4D};

/// Runs a job.
///
/// # Errors
/// The host did not take a record.
pub fn run(job: &Job, records: &mut Records) -> Result<(), ErrorCode> {
    let input = job.input;
    match job.plan {
        b"kws" => infer(image::<49, 10, 1>(input), Kws::predict_quantized, records),
        b"vww" => infer(image::<96, 96, 3>(input), Vww::predict_quantized, records),
        b"ad" => infer(row::<640>(input), Ad::predict_quantized, records),
        b"micro_speech" => infer(row::<1960>(input), MicroSpeech::predict_quantized, records),
        b"hello_world" => infer(row::<1>(input), HelloWorld::predict_quantized, records),
        _ => records.end(Status::Plan, 0),
    }
}

/// Writes what came of `predict`, and what it took.
fn infer<Input, const LENGTH: usize>(
    input: Option<Input>,
    predict: impl Fn(Input) -> Buffer2D<f32, 1, LENGTH>,
    records: &mut Records,
) -> Result<(), ErrorCode> {
    let Some(input) = input else {
        return records.end(Status::Input, 0);
    };
    let start = board::now();
    let output = predict(input);
    let instructions = board::since(start);
    let bytes: [[u8; 4]; LENGTH] = array::from_fn(|at| output[at].to_le_bytes());
    records.operator(instructions, bytes.as_flattened())?;
    records.end(Status::Done, instructions)
}

/// An input of one dimension, if it has that length.
fn row<const LENGTH: usize>(input: &[u8]) -> Option<Buffer2D<i8, 1, LENGTH>> {
    let input: &[u8; LENGTH] = input.try_into().ok()?;
    Some(Buffer2D::from_fn(|_, at| input[at] as i8))
}

/// An input of height, width and channels, if it has that length.
fn image<const HEIGHT: usize, const WIDTH: usize, const CHANNELS: usize>(
    input: &[u8],
) -> Option<Buffer4D<i8, 1, HEIGHT, WIDTH, CHANNELS>> {
    let (pixels, rest) = input.as_chunks::<CHANNELS>();
    if pixels.len() != HEIGHT * WIDTH || !rest.is_empty() {
        return None;
    }
    let pixel = |y: usize, x: usize| pixels[y * WIDTH + x].map(|value| value as i8);
    Some([Buffer2D::from_fn(pixel)])
}
