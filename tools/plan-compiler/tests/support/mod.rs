//! What several tests share: kernels that follow the definitions.

pub mod kernels;
