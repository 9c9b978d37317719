//! A file of the host.

use crate::call::{host, operation};
use core::ffi::CStr;
use kernel::ErrorCode;

/// How to open a file; the numbers are those of the specification.
#[derive(Clone, Copy)]
pub enum Mode {
    /// C's `rb`.
    Read = 1,
    /// C's `r+b`: read and write, the file exists.
    Update = 3,
    /// C's `wb`: write, from an empty file on.
    Create = 5,
}

/// An open file. It stays open as long as the emulator runs.
#[derive(Clone, Copy)]
pub struct File {
    handle: usize,
}

impl File {
    /// Opens a file; `NODEVICE` if the host has none or does not allow it.
    pub fn open(name: &CStr, mode: Mode) -> Result<File, ErrorCode> {
        let arguments = [name.as_ptr().addr(), mode as usize, name.count_bytes()];
        // SAFETY: name pointer, mode and length, as OPEN expects.
        let handle = unsafe { host(operation::OPEN, &arguments) };
        usize::try_from(handle)
            .map(|handle| File { handle })
            .map_err(|_| ErrorCode::NODEVICE)
    }

    /// The file's length in bytes.
    pub fn length(&self) -> Result<usize, ErrorCode> {
        // SAFETY: the handle, as LENGTH expects.
        let length = unsafe { host(operation::LENGTH, &[self.handle]) };
        usize::try_from(length).map_err(|_| ErrorCode::FAIL)
    }

    /// Reads from `offset` until `buffer` is full or the file ends; returns the
    /// bytes read.
    pub fn read_at(&self, offset: usize, buffer: &mut [u8]) -> Result<usize, ErrorCode> {
        self.seek(offset)?;
        self.read(buffer)
    }

    /// As [`File::read_at`], from where the file stands: all that a stream can do.
    pub fn read(&self, buffer: &mut [u8]) -> Result<usize, ErrorCode> {
        let arguments = [self.handle, buffer.as_mut_ptr().addr(), buffer.len()];
        // SAFETY: handle, buffer and its length, as READ expects; the buffer is
        // borrowed mutably for the duration.
        let unread = unsafe { host(operation::READ, &arguments) };
        transferred(buffer.len(), unread)
    }

    /// Writes all of `bytes` at `offset`.
    pub fn write_at(&self, offset: usize, bytes: &[u8]) -> Result<(), ErrorCode> {
        self.seek(offset)?;
        let arguments = [self.handle, bytes.as_ptr().addr(), bytes.len()];
        // SAFETY: handle, bytes and their length, as WRITE expects.
        let unwritten = unsafe { host(operation::WRITE, &arguments) };
        match transferred(bytes.len(), unwritten) {
            Ok(written) if written == bytes.len() => Ok(()),
            _ => Err(ErrorCode::FAIL),
        }
    }

    fn seek(&self, offset: usize) -> Result<(), ErrorCode> {
        // SAFETY: handle and position, as SEEK expects.
        match unsafe { host(operation::SEEK, &[self.handle, offset]) } {
            0 => Ok(()),
            _ => Err(ErrorCode::FAIL),
        }
    }
}

/// The specification counts what was *not* transferred.
fn transferred(asked: usize, missing: isize) -> Result<usize, ErrorCode> {
    usize::try_from(missing)
        .ok()
        .and_then(|missing| asked.checked_sub(missing))
        .ok_or(ErrorCode::FAIL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_outside_the_request_is_a_failure() {
        assert_eq!(transferred(8, 0), Ok(8));
        assert_eq!(transferred(8, 3), Ok(5));
        assert_eq!(transferred(8, 9), Err(ErrorCode::FAIL));
        assert_eq!(transferred(8, -1), Err(ErrorCode::FAIL));
    }
}
