//! The kernel's own limits.

use crate::access::Access;
use crate::span::Span;

/// What the kernel itself may do with one span of addresses.
#[derive(Clone, Copy, Debug)]
pub struct KernelRule {
    /// The addresses.
    pub span: Span,
    /// What is permitted there; everything else is not.
    pub access: Access,
}

impl KernelRule {
    /// A rule for a part of a board's map: its first address and its length.
    ///
    /// # Panics
    ///
    /// See [`Span::of_part`].
    pub const fn new(part: (usize, usize), access: Access) -> KernelRule {
        KernelRule {
            span: Span::of_part(part),
            access,
        }
    }
}

/// Why a set of rules is not in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanError {
    /// There are more rules than the unit has room for.
    TooManyRules,
    /// The unit cannot express a span or an access exactly.
    Inexact,
    /// The processor lacks the unit, or did not take the rules.
    NotEnforced,
}
