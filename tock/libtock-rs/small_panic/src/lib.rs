//! A panic handler of minimal size for Tock processes.
