//! [`MachineRegister`]: the content of a register, whatever it means.

use core::fmt::{self, LowerHex, UpperHex};

use super::capability_ptr::CapabilityPtr;

/// What a register held: an argument that is handed back unread.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[repr(transparent)]
pub struct MachineRegister {
    value: CapabilityPtr,
}

impl MachineRegister {
    /// The content as a pointer.
    pub fn as_capability_ptr(self) -> CapabilityPtr {
        self.value
    }

    /// The content as a number.
    pub fn as_usize(self) -> usize {
        self.value.addr()
    }
}

impl From<CapabilityPtr> for MachineRegister {
    fn from(value: CapabilityPtr) -> Self {
        Self { value }
    }
}

impl From<usize> for MachineRegister {
    fn from(value: usize) -> Self {
        CapabilityPtr::from(value).into()
    }
}

impl LowerHex for MachineRegister {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        LowerHex::fmt(&self.value, f)
    }
}

impl UpperHex for MachineRegister {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        UpperHex::fmt(&self.value, f)
    }
}
