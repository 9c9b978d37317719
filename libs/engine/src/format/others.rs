//! The records of operators that few models have, apart from those that most need.

use super::operator::{Body, Constant, Mean, Mul, Place, StridedCopy, Table};
use super::record::Fields;
use super::RECORD_BYTES;
use crate::error::OperatorFault;

/// What an operator of kind `kind` does, and how many of its record's bytes say so.
///
/// # Errors
/// `UnknownKind` or `ReservedByte`.
#[inline(never)] // Apart from what every plan needs.
pub fn parse(fields: &Fields, kind: u8) -> Result<(Body, usize), OperatorFault> {
    let length = fields.u32(16);
    Ok(match kind {
        8 => (Body::MaxPool2D(fields.window()), 42),
        9 => {
            let (operands, factor) = (fields.operands(), fields.multiplier(28, 25));
            if fields.u16(26) != 0 || fields.u32(32) != 0 || fields.u32(36) != 0 {
                return Err(OperatorFault::ReservedByte);
            }
            (Body::Mul(Mul { operands, factor }), RECORD_BYTES)
        }
        10 => (Body::Mean(mean(fields)), 33),
        11 => (Body::Table(Table { length }), 20),
        12 => (Body::Place(place(fields)?), 42),
        13 => (Body::Constant(Constant { length }), 20),
        14 => {
            let [shape, strides] = [16, 32].map(|at| fields.words(at));
            let body = StridedCopy { shape, strides };
            (Body::StridedCopy(body), RECORD_BYTES)
        }
        _ => return Err(OperatorFault::UnknownKind(kind)),
    })
}

fn mean(fields: &Fields) -> Mean {
    Mean {
        outer: fields.u32(16),
        reduced: fields.u32(20),
        inner: fields.u32(24),
        factor: fields.multiplier(28, 32),
    }
}

fn place(fields: &Fields) -> Result<Place, OperatorFault> {
    let fill = match (fields.u8(40), fields.i8(41)) {
        (0, 0) => None,
        (1, value) => Some(value),
        _ => return Err(OperatorFault::ReservedByte),
    };
    Ok(Place {
        input: fields.sizes(16),
        output: fields.sizes(24),
        start: fields.sizes(32),
        fill,
    })
}
