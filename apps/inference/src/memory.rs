//! The process's memory, and how it is wiped.
//!
//! The process has 64 KiB. The kernel takes [`KERNEL_BYTES`] of it for grants,
//! among them the vault's key; what is left is stack, most of which holds
//! [`Memory`].

use zeroize::Zeroize;

/// The process's RAM, in bytes.
const PROCESS_BYTES: usize = 64 * 1024;
/// What the kernel needs of it; elf2tab's `--kernel-heap`.
const KERNEL_BYTES: usize = 4 * 1024;
/// What function calls need, the engine's included.
const CALL_BYTES: usize = 6 * 1024;

/// Size of the process's stack, in bytes.
pub const STACK_BYTES: usize = PROCESS_BYTES - KERNEL_BYTES;

/// Longest resident part of a plan, in bytes: 41 operators.
pub const RESIDENT_BYTES: usize = 2 * 1024;

/// What the plan needs besides, in bytes: a tile, the arena, and the longer of
/// the raw window (if it is not int8) and the row buffer.
pub const WORKSPACE_BYTES: usize = STACK_BYTES - CALL_BYTES - RESIDENT_BYTES;

/// Where plaintext may be: the plan's resident part, and the workspace for the
/// rest.
pub struct Memory {
    pub(crate) resident: [u8; RESIDENT_BYTES],
    pub(crate) workspace: [u8; WORKSPACE_BYTES],
}

impl Memory {
    /// All zero.
    pub const fn new() -> Self {
        Self {
            resident: [0; RESIDENT_BYTES],
            workspace: [0; WORKSPACE_BYTES],
        }
    }

    /// Overwrites everything with zeros.
    pub(crate) fn wipe(&mut self) {
        self.resident.zeroize();
        self.workspace.zeroize();
    }

    /// Whether everything is zero.
    #[cfg(test)]
    pub(crate) fn is_wiped(&self) -> bool {
        let mut bytes = self.resident.iter().chain(&self.workspace);
        bytes.all(|byte| *byte == 0)
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}
