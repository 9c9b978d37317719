//! Buffers that are not the process's to share, shared with the console, which
//! it may use.

use core::cell::Cell;

use libtock::platform::{share, DefaultConfig, ErrorCode, Syscalls};
use libtock::runtime::TockSyscalls;

use crate::addresses::*;
use crate::attack::{Attack, Verdict};
use crate::calls::{allow_ro, allow_rw, command, memop, operation, wait, Answer};

pub const ATTACKS: &[Attack] = &[
    Attack::new("share-kernel-ram", || readable(KERNEL_RAM, 64)),
    Attack::new("share-kernel-ram-writable", || writable(KERNEL_RAM, 64)),
    Attack::new("share-inference-ram", || readable(INFERENCE_RAM, 64)),
    Attack::new("share-inference-ram-writable", || {
        writable(INFERENCE_RAM, 64)
    }),
    Attack::new("share-model-key", || readable(INFERENCE_GRANT, 64)),
    Attack::new("share-model", || readable(MODEL, 64)),
    Attack::new("share-uart", || writable(UART, 4)),
    Attack::new("share-own-code-writable", || writable(OWN_CODE, 64)),
    Attack::new("share-own-grant", || at_ram_end(64)),
    Attack::new("share-across-ram-end", || at_ram_end(4096)),
    Attack::new("share-null", || readable(NULL, 16)),
    Attack::new("share-wrapping-end", || readable(usize::MAX - 15, 32)),
    Attack::new("share-wrapping-length", share_wrapping_length),
    Attack::new("share-everything", || writable(NULL, usize::MAX)),
    Attack::new("share-unknown-number", share_unknown_number),
    Attack::new("share-nothing-of-kernel", share_nothing),
    Attack::new("share-twice", share_twice),
    Attack::new("write-more-than-shared", write_more_than_shared),
];

const CONSOLE: usize = 1;
/// The buffers of the console: number 1 of each kind.
const BUFFER: usize = 1;
/// The console's command and upcall for a write.
const WRITE: usize = 1;

/// Shares a buffer and, if that works, takes it back at once.
fn attempt(
    allow: fn(usize, usize, usize, usize) -> Answer,
    address: usize,
    length: usize,
) -> Verdict {
    let verdict = Verdict::of(allow(CONSOLE, BUFFER, address, length));
    let _ = allow(CONSOLE, BUFFER, 0, 0);
    verdict
}

fn readable(address: usize, length: usize) -> Verdict {
    attempt(allow_ro, address, length)
}

fn writable(address: usize, length: usize) -> Verdict {
    attempt(allow_rw, address, length)
}

/// A buffer that starts in the process's own grants.
fn at_ram_end(length: usize) -> Verdict {
    match memop(operation::RAM_END, 0) {
        Ok(end) => readable(end.saturating_sub(64), length),
        Err(error) => Verdict::Refused(error),
    }
}

/// A buffer that starts in the process's memory and is as long as there are
/// addresses.
fn share_wrapping_length() -> Verdict {
    let byte = 0u8;
    readable((&raw const byte).addr(), usize::MAX)
}

/// A buffer of the process under numbers that the console does not have.
fn share_unknown_number() -> Verdict {
    static BYTES: [u8; 4] = [0; 4];
    let address = BYTES.as_ptr().addr();
    let numbers = [16, 255, usize::MAX];
    Verdict::of_all(
        numbers
            .map(|number| allow_ro(CONSOLE, number, address, 4))
            .into_iter(),
    )
}

/// Zero bytes may be shared from anywhere (TRD 104, 4.4). They must stay zero
/// bytes.
fn share_nothing() -> Verdict {
    match allow_ro(CONSOLE, BUFFER, KERNEL_RAM, 0) {
        Err(error) => Verdict::Refused(error),
        Ok(_) => written_at_most(0, write(64)),
    }
}

/// One buffer for the console to read and to write (TRD 104 lets the kernel
/// accept it, and makes it cope).
fn share_twice() -> Verdict {
    let mut bytes = *b"\n\n\n\n";
    let (address, length) = (bytes.as_mut_ptr().addr(), bytes.len());
    let _ = allow_ro(CONSOLE, BUFFER, address, length);
    let _ = allow_rw(CONSOLE, BUFFER, address, length);
    let verdict = written_at_most(1, write(1));
    let _ = allow_ro(CONSOLE, BUFFER, 0, 0);
    let _ = allow_rw(CONSOLE, BUFFER, 0, 0);
    verdict
}

/// A write of all there is, after sharing one byte.
fn write_more_than_shared() -> Verdict {
    static BYTE: [u8; 1] = *b"\n";
    match allow_ro(CONSOLE, BUFFER, BYTE.as_ptr().addr(), 1) {
        Err(error) => Verdict::Refused(error),
        Ok(_) => {
            let written = write(u32::MAX as usize);
            let _ = allow_ro(CONSOLE, BUFFER, 0, 0);
            written_at_most(1, written)
        }
    }
}

/// Writes `length` bytes of what is shared and returns how many were written.
fn write(length: usize) -> Result<usize, ErrorCode> {
    let written: Cell<Option<(u32,)>> = Cell::new(None);
    share::scope(|subscribe| {
        TockSyscalls::subscribe::<_, _, DefaultConfig, { CONSOLE as u32 }, { WRITE as u32 }>(
            subscribe, &written,
        )?;
        command(CONSOLE, WRITE, [length, 0])?;
        let (count,) = wait(&written);
        Ok(count as usize)
    })
}

fn written_at_most(most: usize, written: Result<usize, ErrorCode>) -> Verdict {
    match written {
        Err(error) => Verdict::Refused(error),
        Ok(count) if count <= most => Verdict::Harmless("nothing more was written"),
        Ok(count) => Verdict::Breach("wrote", count),
    }
}
