//! RISC-V privileged architecture: CSRs, trap handling, PMP.
