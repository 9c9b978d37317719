//! Claims that are signed later, together with others: asked for without the right, with
//! improper buffers, with those of others, and out of order.
//!
//! A process that is signed as the reader may ask. Then the driver has to refuse all of
//! these but the first.

use core::cell::Cell;

use libtock::platform::{share, DefaultConfig, ErrorCode, Syscalls};
use libtock::runtime::TockSyscalls;

use crate::addresses::*;
use crate::attack::{Attack, Verdict};
use crate::calls::{allow_ro, allow_rw, command, wait, Answer, EVIDENCE};

pub const ATTACKS: &[Attack] = &[
    Attack::new("claims", || own(LONGEST_NONCE, SHORTEST_TOKEN, nothing)),
    Attack::new("claims-without-buffers", || own(0, 0, nothing)),
    Attack::new("claims-without-nonce", || own(0, SHORTEST_TOKEN, nothing)),
    Attack::new("claims-with-short-nonce", || {
        own(SHORTEST_NONCE - 1, SHORTEST_TOKEN, nothing)
    }),
    Attack::new("claims-with-long-nonce", || {
        own(LONGEST_NONCE + 1, SHORTEST_TOKEN, nothing)
    }),
    Attack::new("claims-into-short-buffer", || {
        own(LONGEST_NONCE, SHORTEST_TOKEN - 1, nothing)
    }),
    Attack::new("claims-into-kernel-ram", || into(KERNEL_RAM)),
    Attack::new("claims-into-inference-ram", || into(INFERENCE_RAM)),
    Attack::new("claims-into-model", || into(MODEL)),
    Attack::new("claims-into-own-code", || into(OWN_CODE)),
    Attack::new("claims-naming-kernel-ram", || naming(KERNEL_RAM)),
    Attack::new("claims-naming-model-key", || naming(INFERENCE_GRANT)),
    Attack::new("claims-twice", || {
        own(LONGEST_NONCE, SHORTEST_TOKEN, || ask(CLAIMS))
    }),
    Attack::new("claims-into-taken-back", || lost(|ended| ended)),
    Attack::new("sign-no-claims", || {
        request([0, 0], [0, 0], SIGN_BATCH, nothing)
    }),
    Attack::new("sign-unfinished-claims", || {
        own(LONGEST_NONCE, SHORTEST_TOKEN, || ask(SIGN_BATCH))
    }),
    Attack::new("sign-withdrawn-claims", || {
        own(LONGEST_NONCE, SHORTEST_TOKEN, || {
            ask(CANCEL).and_then(|_| ask(SIGN_BATCH))
        })
    }),
    Attack::new("sign-lost-claims", || lost(|_| ask(SIGN_BATCH))),
];

/// Commands of the evidence driver.
const CANCEL: usize = 2;
const CLAIMS: usize = 4;
const SIGN_BATCH: usize = 5;
/// Its buffers for the nonce and for the token, and its upcall when a request is over.
const NONCE: usize = 0;
const TOKEN: usize = 0;
const DONE: usize = 0;
/// What lengths it takes.
const SHORTEST_NONCE: usize = 8;
const LONGEST_NONCE: usize = 64;
const SHORTEST_TOKEN: usize = 512;

fn ask(number: usize) -> Answer {
    command(EVIDENCE, number, [0, 0])
}

/// What follows a request that should have been refused.
fn nothing() -> Answer {
    Ok([0, 0])
}

/// Shares buffers, given as address and length, makes a request, and does what follows.
/// Then nothing is left of it.
fn request(
    nonce: [usize; 2],
    token: [usize; 2],
    number: usize,
    follow: impl FnOnce() -> Answer,
) -> Verdict {
    let answer = allow_ro(EVIDENCE, NONCE, nonce[0], nonce[1])
        .and_then(|_| allow_rw(EVIDENCE, TOKEN, token[0], token[1]))
        .and_then(|_| ask(number))
        .and_then(|_| follow());
    let _ = ask(CANCEL);
    let _ = allow_ro(EVIDENCE, NONCE, 0, 0);
    let _ = allow_rw(EVIDENCE, TOKEN, 0, 0);
    Verdict::of(answer)
}

/// Claims with buffers of these lengths in the process's memory.
fn own(nonce_bytes: usize, token_bytes: usize, follow: impl FnOnce() -> Answer) -> Verdict {
    let nonce = [0x5A; LONGEST_NONCE + 1];
    let mut token = [0u8; SHORTEST_TOKEN];
    let nonce = [nonce.as_ptr().addr(), nonce_bytes];
    let token = [token.as_mut_ptr().addr(), token_bytes];
    request(nonce, token, CLAIMS, follow)
}

/// Claims that go where the process may not write.
fn into(address: usize) -> Verdict {
    let nonce = [0x5A; LONGEST_NONCE];
    let nonce = [nonce.as_ptr().addr(), nonce.len()];
    request(nonce, [address, SHORTEST_TOKEN], CLAIMS, nothing)
}

/// Claims that name, as the caller's nonce, what the process may not read.
fn naming(address: usize) -> Verdict {
    let mut token = [0u8; SHORTEST_TOKEN];
    let token = [token.as_mut_ptr().addr(), token.len()];
    request([address, LONGEST_NONCE], token, CLAIMS, nothing)
}

/// Claims whose buffer the process takes back before they are there; waits for how that
/// ends.
fn lost(follow: fn(Answer) -> Answer) -> Verdict {
    let over: Cell<Option<(u32, u32, u32)>> = Cell::new(None);
    share::scope(|subscribe| {
        let listening =
            TockSyscalls::subscribe::<_, _, DefaultConfig, { EVIDENCE as u32 }, { DONE as u32 }>(
                subscribe, &over,
            );
        if let Err(error) = listening {
            return Verdict::Refused(error);
        }
        own(LONGEST_NONCE, SHORTEST_TOKEN, || {
            allow_rw(EVIDENCE, TOKEN, 0, 0)?;
            follow(match wait(&over) {
                (0, length, _) => Ok([length as usize, 0]),
                (error, _, _) => Err(ErrorCode::try_from(error).unwrap_or(ErrorCode::BadRVal)),
            })
        })
    })
}
