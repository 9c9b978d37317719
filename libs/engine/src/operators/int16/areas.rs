//! Where an operator's tensors may lie.

use super::pair;
use crate::arena::Area;
use crate::error::OperatorFault;
use crate::format::int16::{Int16, Operation};
use crate::format::Common;
use crate::operators::Lengths;

/// Checks that tensors lie in the arena, and apart but for an output that may lie on the
/// first input; tells where the output lies.
pub fn check(
    common: &Common,
    int16: &Int16,
    lengths: &Lengths,
    arena_bytes: u32,
) -> Result<Area, OperatorFault> {
    let output = Area::new(common.output_offset, lengths.output, arena_bytes)?;
    let may_be_in_place = match &int16.operation {
        Operation::Conv2D(body) | Operation::DepthwiseConv2D(body) => {
            unused(body.window.scratch_offset)?;
            false
        }
        Operation::AveragePool2D(window) | Operation::MaxPool2D(window) => {
            unused(window.scratch_offset)?;
            false
        }
        Operation::FullyConnected(_) | Operation::Mean(_) => false,
        Operation::Fill(_) => {
            unused(common.input_offset)?;
            return Ok(output);
        }
        Operation::Add(pair, _) | Operation::Mul(pair, _) => {
            pair::second(pair, arena_bytes)?.0.apart_from(output)?;
            true
        }
        Operation::Softmax(_) | Operation::Sigmoid(_) | Operation::Rescale(_) => true,
    };
    let input = Area::new(common.input_offset, lengths.input, arena_bytes)?;
    if !may_be_in_place || input != output {
        input.apart_from(output)?;
    }
    Ok(output)
}

/// Refuses the offset of an area that does not exist.
fn unused(offset: u32) -> Result<(), OperatorFault> {
    if offset == 0 {
        return Ok(());
    }
    Err(OperatorFault::ReservedByte)
}

#[cfg(test)]
mod tests {
    use super::super::{check, lengths};
    use super::*;
    use crate::fixed_point::Multiplier;
    use crate::format::int16::{Fill, Pair, Rescale};
    use crate::format::Element;

    const ARENA: u32 = 64;
    const HALF: Multiplier = Multiplier {
        multiplier: 1 << 30,
        shift: 0,
    };
    const COMMON: Common = Common {
        input_zero_point: 0,
        output_zero_point: 0,
        minimum: 0,
        maximum: 0,
        input_offset: 0,
        output_offset: 16,
    };

    fn checked(common: Common, int16: Int16) -> Result<Area, OperatorFault> {
        check(&common, &int16, &lengths(&int16)?, ARENA)
    }

    fn of(operation: Operation) -> Int16 {
        Int16 {
            minimum: -100,
            maximum: 100,
            operation,
        }
    }

    /// Eight elements.
    fn rescale(input: Element, output: Element) -> Int16 {
        of(Operation::Rescale(Rescale {
            length: 8,
            input,
            output,
            positive: HALF,
            negative: HALF,
            flips: false,
        }))
    }

    /// Eight elements and four.
    fn add(second_offset: u32) -> Int16 {
        let pair = Pair {
            length: 8,
            second_offset,
            more_each: 1,
            more_all: 0,
        };
        of(Operation::Add(pair, [HALF; 3]))
    }

    fn at(input_offset: u32, output_offset: u32) -> Common {
        Common {
            input_offset,
            output_offset,
            ..COMMON
        }
    }

    #[test]
    fn lengths_are_twice_the_elements() {
        let wide = rescale(Element::Int16, Element::Int16);
        let found = checked(at(0, 48), wide).unwrap();
        assert_eq!(found.range(), 48..64);
        let outside = Err(OperatorFault::OutsideArena);
        assert_eq!(checked(at(0, 49), wide), outside);
        assert_eq!(checked(at(49, 0), wide), outside);
    }

    #[test]
    fn equal_lengths_may_be_in_place() {
        let wide = rescale(Element::Int16, Element::Int16);
        assert!(checked(at(3, 3), wide).is_ok());
        assert_eq!(checked(at(3, 5), wide), Err(OperatorFault::Overlap));
        let wider = rescale(Element::Int8, Element::Int16);
        assert_eq!(checked(at(3, 3), wider), Err(OperatorFault::Overlap));
        assert!(checked(at(3, 11), wider).is_ok());
    }

    #[test]
    fn second_inputs_lie_apart_from_the_output() {
        assert!(checked(at(0, 0), add(16)).is_ok());
        assert!(checked(at(0, 16), add(0)).is_ok(), "it may be the first");
        assert_eq!(checked(at(0, 16), add(9)), Err(OperatorFault::Overlap));
        assert_eq!(
            checked(at(0, 16), add(57)),
            Err(OperatorFault::OutsideArena)
        );
    }

    #[test]
    fn what_is_not_there_is_nowhere() {
        let fill = of(Operation::Fill(Fill {
            length: 8,
            value: 7,
        }));
        assert!(checked(at(0, 48), fill).is_ok());
        assert_eq!(checked(at(1, 48), fill), Err(OperatorFault::ReservedByte));
    }

    #[test]
    fn int16_has_no_zero_point_and_int8_a_small_range() {
        let common = Common {
            input_zero_point: 1,
            ..COMMON
        };
        let wide = rescale(Element::Int16, Element::Int16);
        assert_eq!(checked(common, wide), Err(OperatorFault::ZeroPoint));
        assert!(checked(common, rescale(Element::Int8, Element::Int16)).is_ok());
        let mut narrow = rescale(Element::Int16, Element::Int8);
        assert!(checked(COMMON, narrow).is_ok());
        narrow.maximum = 128;
        assert_eq!(checked(COMMON, narrow), Err(OperatorFault::Activation));
        let both = rescale(Element::Int8, Element::Int8);
        assert_eq!(checked(COMMON, both), Err(OperatorFault::ReservedByte));
    }
}
