//! The process's memory, and how it is wiped.
//!
//! The process has 64 KiB of RAM, of which the kernel takes 5 KiB: 4 KiB for
//! grants, the vault's key among them, and less than 1 KiB for its own record
//! of the process. The rest is stack, most of which holds [`Memory`].

use zeroize::Zeroize;

/// Longest resident part of a plan, in bytes: 41 operators.
pub const RESIDENT_BYTES: usize = 2 * 1024;

/// Largest arena that fits next to everything else, in bytes. The board accepts
/// no model that needs a larger one.
const ARENA_BYTES: usize = 48 * 1024;
/// The longest tile that a sealed model may have, in bytes.
const TILE_BYTES: usize = 4 * 1024;
/// Longest row buffer, or window of 16-bit samples, whichever is longer. It has
/// what the tile and the arena leave, too.
const ROW_BYTES: usize = 2 * 1024;
/// What a plan needs apart from its resident part, in bytes: a tile, the arena,
/// and the longer of the row buffer and the window.
pub const WORKSPACE_BYTES: usize = TILE_BYTES + ARENA_BYTES + ROW_BYTES;

/// What function calls need, the engine's included.
pub(crate) const CALL_BYTES: usize = 3 * 1024;
/// Size of the process's stack, in bytes.
pub const STACK_BYTES: usize = CALL_BYTES + RESIDENT_BYTES + WORKSPACE_BYTES;

const _: () = assert!(STACK_BYTES + 5 * 1024 <= 64 * 1024);

/// Where plaintext may be: the plan's resident part, and the workspace for the
/// rest. Both start at words, which the engine reads fastest.
#[repr(C, align(4))]
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
