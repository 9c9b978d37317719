//! Leaving no secret on the stack: work with secrets runs in a shield, which
//! overwrites the stack that the work used.
//!
//! A secret wipes itself when dropped, but the compiler moves values and spills
//! registers as it likes, and those copies it does not wipe. [`Keys`](crate::keys::Keys)
//! hands secrets out to shielded work only.

use zeroize::optimization_barrier;

/// Stack that symmetric cryptography uses at most, in 64-bit words.
const SYMMETRIC_WORDS: usize = 384;
/// Stack that signing and opening tickets use at most, in 64-bit words.
const PUBLIC_KEY_WORDS: usize = 832;

/// Proof of being shielded.
pub(crate) struct Shield(());

/// Shields work that uses symmetric cryptography only.
pub(crate) fn symmetric<R>(work: impl FnOnce(&Shield) -> R) -> R {
    let result = run(work);
    overwrite::<SYMMETRIC_WORDS>();
    result
}

/// Shields work that uses private keys of public-key cryptography.
pub(crate) fn public_key<R>(work: impl FnOnce(&Shield) -> R) -> R {
    let result = run(work);
    overwrite::<PUBLIC_KEY_WORDS>();
    result
}

/// Runs the work in a frame of its own, below the caller's: where [`overwrite`] writes.
#[inline(never)]
fn run<R>(work: impl FnOnce(&Shield) -> R) -> R {
    work(&Shield(()))
}

/// Overwrites the stack below the caller.
#[inline(never)]
fn overwrite<const WORDS: usize>() {
    let stack = [0u64; WORDS];
    // Nobody reads the zeros, which are written nevertheless.
    optimization_barrier(&stack);
}
