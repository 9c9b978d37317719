//! Small things that kernel, chips and capsules share.

pub mod arch_helpers;
pub mod capability_ptr;
pub mod helpers;
pub mod io_write;
pub mod machine_register;
pub mod single_thread_value;
pub mod static_init;

mod static_ref;

pub use static_ref::StaticRef;

/// Tock's cells.
pub mod cells {
    pub use tock_cells::map_cell::MapCell;
    pub use tock_cells::optional_cell::OptionalCell;
    pub use tock_cells::take_cell::TakeCell;
}

/// Memory-mapped registers (the `tock-registers` crate).
pub mod registers {
    pub use tock_registers::fields::{Field, FieldValue};
    pub use tock_registers::interfaces;
    pub use tock_registers::registers::InMemoryRegister;
    pub use tock_registers::registers::{Aliased, ReadOnly, ReadWrite, WriteOnly};
    pub use tock_registers::{register_bitfields, register_structs};
    pub use tock_registers::{LocalRegisterCopy, RegisterLongName};
}
