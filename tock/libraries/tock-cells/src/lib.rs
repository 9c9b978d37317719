//! Tock's interior-mutability cells.
