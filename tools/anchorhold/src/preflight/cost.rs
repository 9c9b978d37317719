//! How many instructions a model takes on a processor: an estimate, by operator.
//!
//! The rates are fitted to what `make bench` counts for the reference models, whose
//! inferences they meet within a fifth; small models of a few thousand instructions take
//! up to twice as many, for what operators take before they begin is not in it. Those of
//! int16 operators are fitted to single layers, which they meet as well.

use anchorhold_plan_compiler::{Element, OperatorReport, Report};

use crate::board::Family;

/// How far an estimate of a whole inference may be off, in percent.
pub const ERROR_PERCENT: u32 = 20;

/// Instructions of one operator: so many for each of what there is of these.
struct Rates {
    multiply_accumulate: f64,
    input: f64,
    output: f64,
    /// A place in an image with all its channels.
    position: f64,
}

const NOTHING: Rates = Rates {
    multiply_accumulate: 0.0,
    input: 0.0,
    output: 0.0,
    position: 0.0,
};

/// Rates of one processor.
struct Processor {
    int8: Operators,
    int16: Operators,
    /// For a byte of the plan: its tag, decryption, and the system calls around them.
    sealing: f64,
}

/// Rates of the operators on activations of one type.
struct Operators {
    convolution: Rates,
    depthwise_convolution: Rates,
    /// Of one input channel, which is a Conv2D in the plan.
    depthwise_of_one: Rates,
    fully_connected: Rates,
    average_pool: Rates,
    reshape: Rates,
    softmax: Rates,
    /// Add, and what was not measured.
    other: Rates,
}

const CORTEX_M4: Processor = Processor {
    int8: Operators {
        convolution: convolution(1.01, 17.8, 373.0),
        depthwise_convolution: convolution(2.32, 28.4, 0.0),
        depthwise_of_one: convolution(2.32, 28.4, 0.0),
        fully_connected: convolution(1.29, 43.7, 0.0),
        average_pool: inputs(12.0),
        reshape: outputs(0.26),
        softmax: outputs(175.0),
        other: outputs(53.0),
    },
    int16: Operators {
        convolution: convolution(2.75, 175.0, 0.0),
        depthwise_convolution: convolution(16.1, 100.0, 0.0),
        depthwise_of_one: convolution(16.1, 100.0, 0.0),
        fully_connected: convolution(2.81, 121.0, 0.0),
        average_pool: inputs(17.3),
        reshape: outputs(0.52),
        softmax: outputs(92.0),
        other: outputs(107.0),
    },
    sealing: 47.0,
};

const RV32IMC: Processor = Processor {
    int8: Operators {
        convolution: convolution(2.05, 22.0, 190.0),
        depthwise_convolution: convolution(4.0, 27.7, 0.0),
        depthwise_of_one: convolution(2.5, 30.0, 160.0),
        fully_connected: convolution(3.38, 55.6, 0.0),
        average_pool: inputs(9.0),
        reshape: outputs(0.3),
        softmax: outputs(196.0),
        other: outputs(35.0),
    },
    int16: Operators {
        convolution: convolution(4.6, 190.0, 0.0),
        depthwise_convolution: convolution(21.7, 105.0, 0.0),
        depthwise_of_one: convolution(21.7, 105.0, 0.0),
        fully_connected: convolution(4.8, 164.0, 0.0),
        average_pool: inputs(15.2),
        reshape: outputs(0.6),
        softmax: outputs(115.0),
        other: outputs(115.0),
    },
    sealing: 74.0,
};

const fn convolution(multiply_accumulate: f64, output: f64, position: f64) -> Rates {
    Rates {
        multiply_accumulate,
        output,
        position,
        ..NOTHING
    }
}

const fn inputs(input: f64) -> Rates {
    Rates { input, ..NOTHING }
}

const fn outputs(output: f64) -> Rates {
    Rates { output, ..NOTHING }
}

/// What a model takes.
#[derive(Debug, PartialEq, Eq)]
pub struct Cost {
    /// Instructions of each operator, in order.
    pub operators: Vec<u64>,
    /// Instructions for opening the sealed plan, tile by tile.
    pub sealing: u64,
}

impl Cost {
    /// The cost of the plan that `report` is about, on the processor of `family`.
    pub fn estimate(report: &Report, family: &Family) -> Self {
        let processor = match family.architecture {
            "cortex-m4" => &CORTEX_M4,
            _ => &RV32IMC,
        };
        let operators = report.operators.iter();
        Self {
            operators: operators
                .map(|operator| processor.instructions(operator))
                .collect(),
            sealing: (f64::from(report.plan_bytes) * processor.sealing) as u64,
        }
    }

    /// Instructions of the engine for one inference.
    pub fn inference(&self) -> u64 {
        self.operators.iter().sum()
    }
}

impl Processor {
    fn instructions(&self, operator: &OperatorReport) -> u64 {
        let operators = match operator.element {
            Element::Int8 => &self.int8,
            Element::Int16 => &self.int16,
        };
        let rates = match operator.name.as_str() {
            "CONV_2D" => &operators.convolution,
            "DEPTHWISE_CONV_2D" if operator.input.last() == Some(&1) => &operators.depthwise_of_one,
            "DEPTHWISE_CONV_2D" => &operators.depthwise_convolution,
            "FULLY_CONNECTED" => &operators.fully_connected,
            "AVERAGE_POOL_2D" => &operators.average_pool,
            "RESHAPE" => &operators.reshape,
            "SOFTMAX" => &operators.softmax,
            _ => &operators.other,
        };
        let volume = |shape: &[usize]| shape.iter().product::<usize>() as f64;
        let output = volume(&operator.output);
        let channels = operator.output.last().copied().unwrap_or(1).max(1);
        let sum = rates.multiply_accumulate * operator.multiply_accumulates as f64
            + rates.input * volume(&operator.input)
            + rates.output * output
            + rates.position * output / channels as f64;
        sum as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operator(name: &str, input: &[usize], output: &[usize], products: u64) -> OperatorReport {
        OperatorReport {
            name: name.to_owned(),
            element: Element::Int8,
            input: input.to_vec(),
            output: output.to_vec(),
            multiply_accumulates: products,
            weight_bytes: 0,
        }
    }

    fn int16(name: &str, input: &[usize], output: &[usize], products: u64) -> OperatorReport {
        OperatorReport {
            element: Element::Int16,
            ..operator(name, input, output, products)
        }
    }

    // Counted by `make bench`, layers of the reference models;
    // those of int16 by its image in the same way.
    #[test]
    fn operators_take_about_what_was_counted() {
        for (operator, arm, riscv) in [
            (
                operator("ADD", &[1, 32, 32, 16], &[1, 32, 32, 16], 0),
                885_000,
                573_000,
            ),
            (
                operator("AVERAGE_POOL_2D", &[1, 25, 5, 64], &[1, 1, 1, 64], 0),
                92_240,
                69_472,
            ),
            (
                int16("CONV_2D", &[1, 16, 16, 16], &[1, 16, 16, 16], 589_824),
                2_305_280,
                3_419_220,
            ),
            (
                int16("CONV_2D", &[1, 32, 32, 3], &[1, 32, 32, 16], 442_368),
                4_465_040,
                5_434_724,
            ),
            (
                int16("FULLY_CONNECTED", &[1, 128], &[1, 128], 16_384),
                61_600,
                99_719,
            ),
            (
                operator(
                    "DEPTHWISE_CONV_2D",
                    &[1, 49, 40, 1],
                    &[1, 25, 20, 8],
                    320_000,
                ),
                855_000,
                1_000_000,
            ),
            (
                operator("CONV_2D", &[1, 16, 16, 32], &[1, 16, 16, 32], 2_359_296),
                2_560_000,
                4_900_000,
            ),
        ] {
            for (processor, counted) in [(&CORTEX_M4, arm), (&RV32IMC, riscv)] {
                let estimate = processor.instructions(&operator) as f64;
                let error = (estimate / f64::from(counted) - 1.0).abs();
                assert!(error < 0.2, "{}: {estimate} for {counted}", operator.name);
            }
        }
    }

    #[test]
    fn more_work_takes_more() {
        let small = operator("CONV_2D", &[1, 8, 8, 4], &[1, 8, 8, 8], 8 * 8 * 8 * 36);
        let large = operator("CONV_2D", &[1, 8, 8, 4], &[1, 8, 8, 16], 8 * 8 * 16 * 36);
        for processor in [&CORTEX_M4, &RV32IMC] {
            assert!(processor.instructions(&small) < processor.instructions(&large));
        }
    }
}
