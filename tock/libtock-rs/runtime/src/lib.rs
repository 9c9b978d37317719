//! Start-up code and raw system calls for Tock processes.
