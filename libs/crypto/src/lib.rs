//! The cryptographic suite: the one crate through which Anchorhold reaches RustCrypto.
