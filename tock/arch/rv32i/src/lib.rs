//! 32-bit RISC-V: start-up, trap entry, user-mode switching.
