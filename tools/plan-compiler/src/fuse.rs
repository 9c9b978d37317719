//! Steps that their neighbours do, too, bit for bit: clamps as the range of the step
//! before, functions of functions as one table, padding as that of the convolution
//! or pool behind it.

mod int16;

use anchorhold_engine::format::{Body, Place, Reshape, Table, Window};

use crate::step::Step;
use crate::table;

/// Fuses what can be fused. `output` is the model's.
pub fn fuse(steps: Vec<Step>, output: usize) -> Vec<Step> {
    let mut fused: Vec<Step> = Vec::new();
    let count = |steps: &[Step], tensor: usize| {
        let inputs = steps.iter().flat_map(|step| &step.inputs);
        inputs.filter(|input| **input == tensor).count() + usize::from(tensor == output)
    };
    let readers: Vec<usize> = steps
        .iter()
        .map(|step| count(&steps, step.output))
        .collect();
    let mut once = Vec::new();
    for (step, readers) in steps.into_iter().zip(readers) {
        let before = fused.iter().position(|before| {
            step.inputs.first() == Some(&before.output) && once.contains(&before.output)
        });
        if readers == 1 {
            once.push(step.output);
        }
        let step = match before {
            Some(before) => match into_one(&fused[before], &step) {
                Some(one) => {
                    // In the place of the later one: its other inputs are there.
                    fused.remove(before);
                    one
                }
                None => step,
            },
            None => step,
        };
        fused.push(step);
    }
    fused.into_iter().map(simplify).collect()
}

/// One step for two, the first of which nothing else needs.
fn into_one(before: &Step, step: &Step) -> Option<Step> {
    let body = match (before.body, step.body) {
        (Body::Table(_), Body::Table(table)) => return Some(compose(before, step, table)),
        (_, Body::Table(_)) => return limit(before, step),
        (Body::Int16(first), Body::Int16(second)) => {
            return int16::limit(before, first, step, second)
        }
        (Body::Place(place), Body::Conv2D(_) | Body::DepthwiseConv2D(_)) => {
            padded(place, step.common.input_zero_point, step.body)?
        }
        // The least value never is the greatest of a window.
        (Body::Place(place), Body::MaxPool2D(_)) => padded(place, i8::MIN, step.body)?,
        (Body::Place(place), Body::Int16(body)) => int16::padded(place, body)?,
        _ => return None,
    };
    Some(Step {
        name: format!("{} + {}", before.name, step.name),
        body,
        inputs: before.inputs.clone(),
        ..step.clone()
    })
}

/// A function of a function.
fn compose(before: &Step, step: &Step, body: Table) -> Step {
    let values = table::of(|input| {
        let between = table::value(&before.weights, input);
        table::value(&step.weights, between)
    });
    Step {
        name: format!("{} + {}", before.name, step.name),
        body: Body::Table(body),
        inputs: before.inputs.clone(),
        weights: values.to_vec(),
        ..step.clone()
    }
}

/// A clamp behind a step that clamps.
fn limit(before: &Step, step: &Step) -> Option<Step> {
    let (least, greatest) = table::clamp(&step.weights)?;
    match before.body {
        Body::Conv2D(_)
        | Body::DepthwiseConv2D(_)
        | Body::FullyConnected(_)
        | Body::AveragePool2D(_)
        | Body::MaxPool2D(_)
        | Body::Add(_)
        | Body::Mul(_)
        | Body::Mean(_) => {}
        _ => return None,
    }
    let range = before.common;
    let range = [range.minimum, range.maximum].map(|end| end.clamp(least, greatest));
    Some(
        Step {
            name: format!("{} + {}", before.name, step.name),
            output: step.output,
            ..before.clone()
        }
        .limited((range[0], range[1])),
    )
}

/// A convolution or pool whose padding includes `place`, if that pads rows and
/// columns with `value` and a window can have so much.
fn padded(place: Place, value: i8, mut body: Body) -> Option<Body> {
    let (Body::Conv2D(window) | Body::DepthwiseConv2D(window) | Body::MaxPool2D(window)) =
        &mut body
    else {
        return None;
    };
    widen(window, place, value)?;
    body.lengths().ok()?;
    Some(body)
}

/// Gives a window the padding of `place`, likewise.
fn widen(window: &mut Window, place: Place, value: i8) -> Option<()> {
    let whole = |dimension: usize| place.input[dimension] == place.output[dimension];
    let [_, height, width, channels] = place.input;
    let [_, output @ ..] = place.output;
    if place.fill != Some(value) || !whole(0) || !whole(3) || window.input != output {
        return None;
    }
    window.input = [height, width, channels];
    for (padding, more) in window.padding.iter_mut().zip(&place.start[1..]) {
        *padding = padding.checked_add(u8::try_from(*more).ok()?)?;
    }
    Some(())
}

/// A step that does the same with less.
fn simplify(mut step: Step) -> Step {
    match step.body {
        Body::Table(Table { length }) if table::clamp(&step.weights) == Some((-128, 127)) => {
            step.body = Body::Reshape(Reshape { length });
            step.weights.clear();
        }
        Body::Place(place) => step.body = Body::Place(merged(place)),
        _ => {}
    }
    step
}

/// With every dimension that is not padded part of the one before, where 16 bits
/// hold that: longer copies.
fn merged(place: Place) -> Place {
    let mut sizes: Vec<[u16; 3]> = Vec::new();
    for dimension in 0..4 {
        let [input, output, start] =
            [place.input, place.output, place.start].map(|of| of[dimension]);
        let joined = sizes.last().filter(|_| input == output).and_then(|last| {
            let [i, o, s] = last.map(|size| size.checked_mul(input));
            Some([i?, o?, s?])
        });
        match (joined, sizes.last_mut()) {
            (Some(joined), Some(last)) => *last = joined,
            _ => sizes.push([input, output, start]),
        }
    }
    let mut merged = Place {
        input: [1; 4],
        output: [1; 4],
        start: [0; 4],
        fill: place.fill,
    };
    for (dimension, [input, output, start]) in (0..4).rev().zip(sizes.into_iter().rev()) {
        merged.input[dimension] = input;
        merged.output[dimension] = output;
        merged.start[dimension] = start;
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_dimensions_join_the_one_before() {
        let place = Place {
            input: [1, 5, 6, 7],
            output: [1, 9, 6, 7],
            start: [0, 2, 0, 0],
            fill: Some(0),
        };
        let expected = Place {
            input: [1, 1, 1, 210],
            output: [1, 1, 1, 378],
            start: [0, 0, 0, 84],
            fill: Some(0),
        };
        // The first dimension has one element, so the second cannot join it.
        let found = merged(place);
        assert_eq!(found.input, [1, 1, 1, 210]);
        assert_eq!(found, expected);
        let large = Place {
            input: [1, 300, 300, 7],
            output: [1, 302, 302, 7],
            start: [0, 1, 1, 0],
            fill: None,
        };
        assert_eq!(merged(large).input, [1, 1, 300, 2100]);
    }
}
