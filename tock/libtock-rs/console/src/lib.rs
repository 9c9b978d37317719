//! The console driver, for Tock processes.
