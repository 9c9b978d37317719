//! Steps on int16 activations that their neighbours do, too.

use anchorhold_engine::fixed_point::Multiplier;
use anchorhold_engine::format::int16::{Int16, Operation, Rescale};
use anchorhold_engine::format::{Body, Place};

use super::widen;
use crate::step::Step;

/// The factor that changes nothing.
const ONE: Multiplier = Multiplier {
    multiplier: 1 << 30,
    shift: 1,
};

/// A clamp behind a step with a range: that step with less of its range.
pub fn limit(before: &Step, first: Int16, step: &Step, second: Int16) -> Option<Step> {
    let Operation::Rescale(clamp) = second.operation else {
        return None;
    };
    let clamps = |clamp: Rescale| {
        let factors = (clamp.positive, clamp.negative, clamp.flips);
        clamp.input == clamp.output && factors == (ONE, ONE, false)
    };
    // These have all of int16, or no range that counts.
    let limitless = matches!(
        first.operation,
        Operation::Softmax(_) | Operation::Sigmoid(_) | Operation::Fill(_)
    );
    if limitless || !clamps(clamp) {
        return None;
    }
    let end = |end: i16| end.clamp(second.minimum, second.maximum);
    Some(Step {
        name: format!("{} + {}", before.name, step.name),
        output: step.output,
        body: Body::Int16(Int16 {
            minimum: end(first.minimum),
            maximum: end(first.maximum),
            ..first
        }),
        ..before.clone()
    })
}

/// A convolution whose padding includes `place`, if that pads rows and columns with
/// zeros and a window can have so much.
pub fn padded(mut place: Place, mut body: Int16) -> Option<Body> {
    let (Operation::Conv2D(convolution) | Operation::DepthwiseConv2D(convolution)) =
        &mut body.operation
    else {
        return None;
    };
    // Places count bytes along the last dimension.
    for sizes in [&mut place.input, &mut place.output, &mut place.start] {
        sizes[3] /= 2;
    }
    widen(&mut convolution.window, place, 0)?;
    let body = Body::Int16(body);
    body.lengths().ok()?;
    Some(body)
}
