//! The alarm driver, for Tock processes.
