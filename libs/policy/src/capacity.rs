//! What the inference process has room for, the same on every board.
//!
//! The process is laid out by these numbers, the kernel refuses models by them, and the
//! tools say by them whether a model fits before it is sealed.

/// Longest resident part of a plan, in bytes: 41 operators.
pub const RESIDENT_BYTES: usize = 2 * 1024;
/// Largest arena, in bytes.
pub const ARENA_BYTES: usize = 55 * 1024;
/// Longest tile, in bytes of plaintext.
pub const TILE_BYTES: usize = 4 * 1024;
/// Longest row buffer, or window of 16-bit samples, whichever is longer, in bytes. It
/// has what tile and arena leave, too.
pub const ROW_BYTES: usize = 3 * 1024;
/// What a plan needs apart from its resident part, in bytes: a tile, the arena, and the
/// longer of the row buffer and the window.
pub const WORKSPACE_BYTES: usize = TILE_BYTES + ARENA_BYTES + ROW_BYTES;
/// Longest output tensor, in bytes.
pub const OUTPUT_BYTES: usize = 64;
