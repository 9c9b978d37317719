//! Parser of Tock Binary Format (TBF) version 2 headers and footers.
//!
//! Source: the Tock Binary Format document and the AppID TRD. Every length
//! and offset is checked here, once, against the header's own total size;
//! what comes out can be used without further arithmetic checks.

#![no_std]
#![forbid(unsafe_code)]

pub mod parse;
pub mod types;
