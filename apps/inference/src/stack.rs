//! Leaving no plaintext on the stack. The engine keeps samples and weights in local
//! variables too, where they stay until something else happens to be there.

use zeroize::optimization_barrier;

use crate::memory::CALL_BYTES;

/// Stack of the functions that wait for work, report on it, and own the memory, in
/// bytes.
const CALLER_BYTES: usize = 512;
/// All of the stack that is below them, in 64-bit words.
const WORDS: usize = (CALL_BYTES - CALLER_BYTES) / 8;

/// Does `work`, and overwrites the stack that it used.
pub fn wiped<R>(work: impl FnOnce() -> R) -> R {
    let result = below(work);
    overwrite();
    result
}

/// Does the work in a frame of its own, below the caller's: where [`overwrite`]
/// writes.
#[inline(never)]
fn below<R>(work: impl FnOnce() -> R) -> R {
    work()
}

/// Overwrites the stack below the caller.
#[inline(never)]
fn overwrite() {
    let stack = [0u64; WORDS];
    optimization_barrier(&stack);
}
