//! Tock's interior-mutability cells: shared references to values that capsules
//! take out, use and put back.
//!
//! A Tock kernel has one thread and hands out `&self` everywhere, so state
//! that changes lives in cells. None of these cells panics or blocks: a value
//! that is in use elsewhere is simply absent.

#![no_std]

pub mod map_cell;
pub mod optional_cell;
pub mod take_cell;
