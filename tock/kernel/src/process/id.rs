//! Who a process is: [`ProcessId`], [`ShortId`], [`BinaryVersion`].

use core::fmt;
use core::num::NonZeroU32;

use crate::kernel::Kernel;

/// Names one run of a process. A process that restarts gets a new one, and
/// the old one then refers to nothing.
#[derive(Clone, Copy)]
pub struct ProcessId {
    pub(crate) kernel: &'static Kernel,
    pub(crate) index: usize,
    identifier: usize,
}

impl ProcessId {
    pub(crate) fn new(kernel: &'static Kernel, identifier: usize, index: usize) -> ProcessId {
        ProcessId {
            kernel,
            index,
            identifier,
        }
    }

    /// A number that no other run of any process has had since boot.
    pub fn id(&self) -> usize {
        self.identifier
    }

    /// The identity of the application; [`ShortId::LocallyUnique`] if the
    /// process is gone.
    pub fn short_app_id(&self) -> ShortId {
        self.kernel
            .process_map_or(ShortId::LocallyUnique, *self, |process| {
                process.short_app_id()
            })
    }
}

impl PartialEq for ProcessId {
    fn eq(&self, other: &ProcessId) -> bool {
        self.identifier == other.identifier
    }
}

impl Eq for ProcessId {}

impl fmt::Debug for ProcessId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.identifier.fmt(f)
    }
}

/// The identity of an application in 32 bits (AppID TRD). It survives
/// restarts and resets, unlike [`ProcessId`].
#[derive(Clone, Copy, Debug)]
pub enum ShortId {
    /// No number: equal to no other identity, not even to itself.
    LocallyUnique,
    /// A number that no other running process has.
    Fixed(NonZeroU32),
}

impl PartialEq for ShortId {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (ShortId::Fixed(a), ShortId::Fixed(b)) => a == b,
            _ => false,
        }
    }
}

impl From<Option<NonZeroU32>> for ShortId {
    fn from(id: Option<NonZeroU32>) -> ShortId {
        id.map_or(ShortId::LocallyUnique, ShortId::Fixed)
    }
}

impl fmt::Display for ShortId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ShortId::LocallyUnique => f.write_str("unique"),
            ShortId::Fixed(id) => write!(f, "{id:#x}"),
        }
    }
}

/// The version of an application, from its TBF header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BinaryVersion(NonZeroU32);

impl BinaryVersion {
    /// A version.
    pub fn new(value: NonZeroU32) -> Self {
        Self(value)
    }
}
