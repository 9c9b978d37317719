//! The OpenTitan Earl Grey chip.
