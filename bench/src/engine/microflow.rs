//! microflow on a model's cases: instructions, and how far its outputs are off.

use super::models::Model;
use anchorhold_plan_compiler::TensorReport;
use bench::engine_board::{Job, MICROFLOW};

/// The models that microflow can run.
const MODELS: [&str; 5] = ["hello_world", "micro_speech", "kws", "ad", "vww"];

/// What microflow needs for a model, and what comes of it.
pub struct Measurement {
    /// Instructions of one inference.
    pub instructions: u64,
    /// The greatest difference between one of its outputs and the reference kernels',
    /// in steps of the output's scale.
    pub difference: u64,
}

/// Whether its image is there.
pub fn is_built() -> bool {
    MICROFLOW.image().exists()
}

/// Runs all of a model's cases, if microflow can; the first one's count is kept.
///
/// # Errors
/// The board did not run, or microflow did not.
pub fn measure(model: &Model) -> Result<Option<Measurement>, String> {
    if !MODELS.contains(&model.name.as_str()) {
        return Ok(None);
    }
    let jobs = model.cases.iter().map(|case| Job {
        plan: model.name.as_bytes(),
        input: &case.input,
        tile_bytes: 0,
        row_bytes: 0,
        shift: 0,
    });
    let inferences = MICROFLOW.run(&format!("microflow-{}", model.name), jobs)?;
    let mut measurement = None;
    let mut difference = 0;
    for (number, (inference, case)) in inferences.iter().zip(&model.cases).enumerate() {
        let place = || format!("microflow: {} case {number}", model.name);
        let [operator] = inference.operators.as_slice() else {
            return Err(format!("{}: status {}", place(), inference.status));
        };
        let far = farthest(&model.plan.report.output, &operator.output, &case.output)
            .ok_or_else(|| format!("{}: an output of another length", place()))?;
        difference = difference.max(far);
        measurement.get_or_insert(operator.instructions);
    }
    Ok(measurement.map(|instructions| Measurement {
        instructions: instructions.into(),
        difference,
    }))
}

/// The greatest difference between real values `floats` and int8 `expected`, both of
/// `tensor`, in its steps; nothing if these are not equally many.
fn farthest(tensor: &TensorReport, floats: &[u8], expected: &[u8]) -> Option<u64> {
    let (floats, []) = floats.as_chunks::<4>() else {
        return None;
    };
    if floats.len() != expected.len() {
        return None;
    }
    let differences = floats.iter().zip(expected).map(|(float, expected)| {
        let steps = (f32::from_le_bytes(*float) / tensor.scale).round() as i64;
        let expected = i64::from(*expected as i8);
        (steps + i64::from(tensor.zero_point)).abs_diff(expected)
    });
    Some(differences.max().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use anchorhold_plan_compiler::Element;

    use super::*;

    #[test]
    fn differences_are_counted_in_steps_of_the_scale() {
        let tensor = TensorReport {
            name: "output".into(),
            shape: vec![1, 3],
            element: Element::Int8,
            scale: 0.25,
            zero_point: -100,
        };
        let floats: Vec<u8> = [0.0f32, 0.49, -7.0]
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        let int8 = |values: [i8; 3]| values.map(|value| value as u8);
        let far = |expected: &[u8]| farthest(&tensor, &floats, expected);
        assert_eq!(far(&int8([-100, -98, -128])), Some(0));
        assert_eq!(far(&int8([-100, -99, -128])), Some(1));
        assert_eq!(far(&int8([-100, -98, 127])), Some(255));
        assert_eq!(far(&[0; 2]), None);
        assert_eq!(farthest(&tensor, &floats[1..], &[0; 3]), None);
    }
}
