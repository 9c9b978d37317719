//! Drivers that find no memory for their grant.

use libtock::platform::ErrorCode;

use crate::calls::{memop, memop_value, operation, Registers};
use crate::report::Report;

/// NOMEM, as a register.
pub const NOMEM: usize = ErrorCode::NoMem as usize;

/// Moves the break as far up as it goes, then makes a call for which a driver needs memory
/// in the process; it must return what begins with `refusal`.
///
/// Memory protection need not reach to the byte, so that there can be memory left that
/// the break cannot have. The driver may take that.
pub fn without_memory(report: &mut Report, call: impl FnOnce() -> Registers, refusal: &[usize]) {
    for step in [256, 4] {
        while memop(operation::SBREAK, step)[0] >= 128 {}
    }
    let grant_start = memop_value(operation::GRANT_START);
    let left = grant_start.wrapping_sub(memop_value(operation::SBREAK));
    let is_refused = call().starts_with(refusal);
    let taken = grant_start.wrapping_sub(memop_value(operation::GRANT_START));
    let took_what_was_left = taken > 0 && taken <= left;
    report.check("NOMEM", (is_refused && taken == 0) || took_what_was_left);
}
