//! How a unit's regions cover a part of memory.

use crate::access::Access;
use crate::span::Span;

/// A part of memory as regions of a unit cover it, from its first byte to its
/// last without a gap.
pub trait Cover: Copy {
    /// The cover of `wanted` that gives `access`. It starts exactly where
    /// `wanted` starts, goes no further beyond its end than the unit's
    /// granularity there makes it, and never beyond `limit`. `None` if the unit
    /// cannot do that.
    fn tightest(wanted: Span, limit: usize, access: Access) -> Option<Self>;

    /// The first place in `available` from which parts of any length can be
    /// covered, in steps of some granularity. `length` says how long the place
    /// must be, given the granularity in bytes.
    fn place(available: Span, length: impl Fn(usize) -> Option<usize>) -> Option<Span>;

    /// What is covered.
    fn span(&self) -> Span;

    /// What is permitted there.
    fn access(&self) -> Access;
}
