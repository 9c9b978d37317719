//! A fake Tock kernel for host tests of processes.
