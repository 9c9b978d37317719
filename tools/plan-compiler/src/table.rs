//! Tables of functions of one int8, in the order in which the engine reads them.

use anchorhold_engine::format::TABLE_BYTES;

/// The table of `function`: the value for `x` is at the place of `x`'s two's
/// complement.
pub fn of(function: impl Fn(i8) -> i8) -> [u8; TABLE_BYTES] {
    std::array::from_fn(|place| function(place as u8 as i8) as u8)
}

/// A table's value.
pub fn value(table: &[u8], input: i8) -> i8 {
    table[usize::from(input as u8)] as i8
}

/// Least and greatest value of a table that only clamps.
pub fn clamp(table: &[u8]) -> Option<(i8, i8)> {
    let (least, greatest) = (value(table, i8::MIN), value(table, i8::MAX));
    let clamps = least <= greatest
        && (i8::MIN..=i8::MAX).all(|input| value(table, input) == input.clamp(least, greatest));
    clamps.then_some((least, greatest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clamps_are_recognised() {
        assert_eq!(clamp(&of(|x| x)), Some((-128, 127)));
        assert_eq!(clamp(&of(|x| x.max(-5))), Some((-5, 127)));
        assert_eq!(clamp(&of(|x| x.clamp(3, 9))), Some((3, 9)));
        assert_eq!(clamp(&of(|_| 7)), Some((7, 7)));
        assert_eq!(clamp(&of(|x| x / 2)), None);
        assert_eq!(clamp(&of(|x| x.wrapping_neg())), None);
        assert_eq!(clamp(&of(|x| if x == 5 { 6 } else { x })), None);
    }

    #[test]
    fn values_are_where_inputs_say() {
        let table = of(|x| x.saturating_add(1));
        for input in i8::MIN..=i8::MAX {
            assert_eq!(value(&table, input), input.saturating_add(1));
        }
    }
}
