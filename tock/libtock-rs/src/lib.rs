//! Userspace library for Tock processes.
