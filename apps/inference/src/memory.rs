//! The process's memory, and how it is wiped.
//!
//! The process has 72 KiB of RAM, of which the kernel takes 5 KiB: 4 KiB for
//! grants, the vault's key among them, and less than 1 KiB for its own record
//! of the process. The rest is stack, most of which holds [`Memory`].

use anchorhold_policy::capacity::{RESIDENT_BYTES, ROW_BYTES, WORKSPACE_BYTES};
use zeroize::optimization_barrier;

/// What windows and row buffers need, in bytes, next to a whole plan and its arena.
pub(crate) const WINDOW_BYTES: usize = ROW_BYTES;

/// What function calls need, the engine's included.
pub(crate) const CALL_BYTES: usize = 3 * 1024;
/// Size of the process's stack, in bytes.
pub const STACK_BYTES: usize = CALL_BYTES + RESIDENT_BYTES + WORKSPACE_BYTES;

const _: () = assert!(STACK_BYTES + 5 * 1024 <= 72 * 1024);

/// Where plaintext may be: the plan's resident part, and the workspace for the
/// rest. Both start at words, which the engine reads fastest.
#[repr(C, align(4))]
pub struct Memory {
    pub(crate) workspace: [u8; WORKSPACE_BYTES],
    pub(crate) resident: [u8; RESIDENT_BYTES],
    /// Bytes at the front of the workspace that may not be zero. Whoever writes to it says
    /// so here first.
    pub(crate) used: usize,
    /// Length of the plan at the front of the workspace, if the whole of it is there.
    pub(crate) whole_plan: Option<usize>,
}

impl Memory {
    /// All zero.
    pub const fn new() -> Self {
        Self {
            workspace: [0; WORKSPACE_BYTES],
            resident: [0; RESIDENT_BYTES],
            used: 0,
            whole_plan: None,
        }
    }

    /// Overwrites everything that was used with zeros.
    pub(crate) fn wipe(&mut self) {
        self.whole_plan = None;
        self.wipe_work();
    }

    /// Overwrites everything that was used, but for a whole plan, with zeros.
    pub(crate) fn wipe_work(&mut self) {
        let kept = self.whole_plan.unwrap_or(0);
        let used = self.workspace.get_mut(kept..self.used);
        wipe(used.unwrap_or_default());
        wipe(&mut self.resident);
        self.used = kept;
    }

    /// Whether everything is zero.
    #[cfg(test)]
    pub(crate) fn is_wiped(&self) -> bool {
        let mut bytes = self.resident.iter().chain(&self.workspace);
        bytes.all(|byte| *byte == 0)
    }
}

/// Overwrites bytes with zeros, by words: `Zeroize` takes a loop over the bytes, and
/// 64 KiB are wiped for every answer.
fn wipe(bytes: &mut [u8]) {
    bytes.fill(0);
    optimization_barrier(bytes);
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}
