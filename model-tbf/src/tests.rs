//! Tests of whole packages.

mod corruption;
mod flash;
mod round_trip;
mod sample;
