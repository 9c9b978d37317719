//! Parser of Tock Binary Format headers and footers.
