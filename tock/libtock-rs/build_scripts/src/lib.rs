//! Linker layout for Tock processes, for use in build scripts.
