//! The inference engine: runs a compiled plan whose weights arrive in tiles.
