//! Where processes may have regions at all.

use crate::access::Access;
use crate::span::Span;

/// Where processes may have regions at all: what is outside never becomes
/// reachable from user mode, whatever the kernel asks for.
#[derive(Clone, Copy, Debug)]
pub struct UserMemory {
    /// Code and constants; the only executable place.
    pub flash: Span,
    /// Process memory; the only writable place.
    pub ram: Span,
}

impl UserMemory {
    /// The parts of a board's map that are for processes.
    ///
    /// # Panics
    ///
    /// See [`Span::of_part`].
    pub const fn of_parts(flash: (usize, usize), ram: (usize, usize)) -> UserMemory {
        UserMemory {
            flash: Span::of_part(flash),
            ram: Span::of_part(ram),
        }
    }

    /// Whether a process may have this access to all of `span`.
    pub fn permits(&self, span: Span, access: Access) -> bool {
        (self.ram.contains(span) && !access.executes())
            || (self.flash.contains(span) && !access.writes())
    }
}
