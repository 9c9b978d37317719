//! Fill: every element becomes the same. With Place behind it, this is Pad.

use super::elements;
use crate::arena::Area;
use crate::error::RunError;
use crate::format::int16::Fill;
use crate::format::Common;

/// Writes the tensor.
pub fn run(common: &Common, body: &Fill, arena: &mut [u8]) -> Result<(), RunError> {
    let length = body.length.saturating_mul(2);
    let area = Area::new(common.output_offset, length, u32::MAX);
    let output = area.map_err(|_| RunError::Inconsistent)?.of_mut(arena)?;
    elements::of_mut(output).fill(body.value.to_le_bytes());
    Ok(())
}
