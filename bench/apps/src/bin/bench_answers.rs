//! Measures answers of the sealed model: with a signature each, and with one for many.
#![no_main]
#![no_std]
#![forbid(unsafe_code)]

use anchorhold_client::line::MAX_TOKEN;
use bench_apps::clock::now;
use bench_apps::report::Report;
use libtock::alarm::Alarm;
use libtock::platform::ErrorCode;
use libtock::runtime::{set_main, stack_size, TockSyscalls};

type Evidence = anchorhold_client::Evidence<TockSyscalls>;

set_main! {main}
stack_size! {0x1000}

/// Enough for a clock of 10 kHz to tell one part in two hundred.
const ROUNDS: u32 = 8;
const NONCE: &[u8] = b"a benchmark";

fn main() -> Result<(), ErrorCode> {
    let report = Report("answers");
    let mut token = [0; MAX_TOKEN];
    // The first one waits for the model's self-test.
    Evidence::request(NONCE, &mut token)?;
    report.figure("hertz", Alarm::get_frequency()?.0)?;
    report.figure("rounds", ROUNDS)?;
    report.figure(
        "answer",
        ticks_of(|| Evidence::request(NONCE, &mut token).map(|_| ()))?,
    )?;
    report.figure(
        "claims",
        ticks_of(|| Evidence::claims(NONCE, &mut token).map(|_| ()))?,
    )?;
    report.figure(
        "signed",
        ticks_of(|| {
            Evidence::claims(NONCE, &mut token)?;
            Evidence::sign_batch(&mut token).map(|_| ())
        })?,
    )?;
    report.end()
}

fn ticks_of(mut work: impl FnMut() -> Result<(), ErrorCode>) -> Result<u32, ErrorCode> {
    let start = now()?;
    for _ in 0..ROUNDS {
        work()?;
    }
    Ok(now()?.wrapping_sub(start))
}
