//! The low_level_debug driver, for Tock processes.
