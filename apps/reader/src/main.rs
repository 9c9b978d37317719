//! Reads `nonce <hex>` lines and the like from the console and prints signed answers: all
//! that an application needs to give Evidence to a PC. Copy it to start yours.
#![no_main]
#![no_std]
#![forbid(unsafe_code)]

use anchorhold_client::line::{Reply, Request, Requests, MAX_TOKEN};
use libtock::alarm::{Alarm, Milliseconds};
use libtock::console::Console;
use libtock::platform::ErrorCode;
use libtock::runtime::{set_main, stack_size, TockSyscalls};

type Evidence = anchorhold_client::Evidence<TockSyscalls>;

set_main! {main}
stack_size! {0x1800}

fn main() -> Result<(), ErrorCode> {
    let mut requests = Requests::new();
    let mut token = [0; MAX_TOKEN];
    Console::write(b"reader: ready\n")?;
    loop {
        let mut byte = [0];
        let (_, read) = Console::read(&mut byte);
        if read.is_err() {
            // Some other process is reading. It may stop.
            Alarm::sleep_for(Milliseconds(100))?;
            continue;
        }
        let Some(request) = requests.push(byte[0]) else {
            continue;
        };
        let reply = match request {
            Ok(request) => {
                let answer = match &request {
                    Request::Answer(nonce) => Evidence::request(nonce.as_bytes(), &mut token),
                    Request::Attest(nonce) => Evidence::attest(nonce.as_bytes(), &mut token),
                    Request::Claims(nonce) => Evidence::claims(nonce.as_bytes(), &mut token),
                    Request::Sign => Evidence::sign_batch(&mut token),
                };
                Reply::new(&request, answer.map(|answer| answer.token))
            }
            Err(error) => Reply::to_nothing(error),
        };
        // One write, so that no other process's output divides the line.
        Console::write(reply.as_bytes())?;
    }
}
