//! System calls, errors and share handles for Tock processes.
