//! Drivers for lowRISC peripherals.
