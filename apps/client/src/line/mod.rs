//! The lines of text in which a PC and an application speak.
//!
//! ```text
//! PC to application     nonce <hex>      answer with Evidence for this nonce
//!                       attest <hex>     the same, about the device itself
//!                       claims <hex>     answer with claims that are signed later
//!                       sign             sign all claims since the last time
//! application to PC     evidence <hex>   the token
//!                       claims <hex>     the claims
//!                       batch <hex>      the signed root over all claims
//!                       error <NAME>     why there is none
//! ```
//!
//! A line ends with a line feed; a carriage return before it is ignored, and so
//! are empty lines.

use core::fmt::{self, Write};

use libtock_platform::ErrorCode;

use crate::evidence::MAX_NONCE;

/// Longest token that fits a reply, in bytes: an attestation with eight
/// measurements. A reply up to 592 bytes, as answers of the model are, leaves the
/// kernel in one piece; the output of another process can come between the
/// parts of a longer one.
pub const MAX_TOKEN: usize = 1024;

/// Longest request line without its end.
const MAX_REQUEST: usize = "attest ".len() + 2 * MAX_NONCE;
/// Longest reply line with its end.
const MAX_REPLY: usize = "evidence \n".len() + 2 * MAX_TOKEN;

/// What the PC asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// An answer of the model.
    Answer(Nonce),
    /// A token about the device.
    Attest(Nonce),
    /// An answer's claims, to be signed later.
    Claims(Nonce),
    /// The signature over all claims since the last time.
    Sign,
}

/// The PC's nonce, at most [`MAX_NONCE`] bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nonce {
    bytes: [u8; MAX_NONCE],
    length: usize,
}

impl Nonce {
    /// The nonce.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    fn from_hex(text: &[u8]) -> Result<Self, ErrorCode> {
        let (pairs, odd) = text.as_chunks::<2>();
        let mut bytes = [0; MAX_NONCE];
        if pairs.len() > bytes.len() {
            return Err(ErrorCode::Size);
        }
        if !odd.is_empty() {
            return Err(ErrorCode::Invalid);
        }
        for (byte, &[high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = digit(high)? << 4 | digit(low)?;
        }
        Ok(Self {
            bytes,
            length: pairs.len(),
        })
    }
}

/// The value of a hexadecimal digit.
fn digit(character: u8) -> Result<u8, ErrorCode> {
    char::from(character)
        .to_digit(16)
        .map(|value| value as u8)
        .ok_or(ErrorCode::Invalid)
}

impl Request {
    /// The word that its reply begins with.
    fn reply(&self) -> &'static str {
        match self {
            Self::Answer(_) | Self::Attest(_) => "evidence",
            Self::Claims(_) => "claims",
            Self::Sign => "batch",
        }
    }

    fn parse(line: &[u8]) -> Result<Self, ErrorCode> {
        if let Some(nonce) = line.strip_prefix(b"nonce ") {
            Nonce::from_hex(nonce).map(Self::Answer)
        } else if let Some(nonce) = line.strip_prefix(b"attest ") {
            Nonce::from_hex(nonce).map(Self::Attest)
        } else if let Some(nonce) = line.strip_prefix(b"claims ") {
            Nonce::from_hex(nonce).map(Self::Claims)
        } else if line == b"sign" {
            Ok(Self::Sign)
        } else {
            Err(ErrorCode::NoSupport)
        }
    }
}

/// Assembles requests from the bytes that the console reads.
pub struct Requests {
    line: [u8; MAX_REQUEST],
    /// Length of the line so far; more than the buffer holds if it is too long.
    length: usize,
}

impl Requests {
    /// Starts with an empty line.
    pub const fn new() -> Self {
        Self {
            line: [0; MAX_REQUEST],
            length: 0,
        }
    }

    /// Takes the next byte. Returns the request that it completes: `NoSupport`
    /// for a line that is none, `Invalid` for a nonce that is not in
    /// hexadecimal, `Size` for a line that is too long.
    pub fn push(&mut self, byte: u8) -> Option<Result<Request, ErrorCode>> {
        match byte {
            b'\r' => None,
            b'\n' => match core::mem::take(&mut self.length) {
                0 => None,
                length => Some(
                    self.line
                        .get(..length)
                        .ok_or(ErrorCode::Size)
                        .and_then(Request::parse),
                ),
            },
            byte => {
                if let Some(place) = self.line.get_mut(self.length) {
                    *place = byte;
                }
                self.length = self.length.saturating_add(1);
                None
            }
        }
    }
}

impl Default for Requests {
    fn default() -> Self {
        Self::new()
    }
}

/// A reply, to be written to the console in one piece.
pub struct Reply {
    line: [u8; MAX_REPLY],
    length: usize,
}

impl Reply {
    /// The reply to `request` for which there is a token, or an error.
    pub fn new(request: &Request, token: Result<&[u8], ErrorCode>) -> Self {
        Self::to(request.reply(), token)
    }

    /// The reply to a line that is no request.
    pub fn to_nothing(error: ErrorCode) -> Self {
        Self::to("", Err(error))
    }

    fn to(word: &str, token: Result<&[u8], ErrorCode>) -> Self {
        let mut reply = Self {
            line: [0; MAX_REPLY],
            length: 0,
        };
        let written = match token {
            Ok(token) => reply.token(word, token),
            Err(error) => reply.error(error),
        };
        if written.is_err() {
            reply.length = 0;
            // An error's line is shorter than any that can have failed.
            let _ = reply.error(ErrorCode::Size);
        }
        reply
    }

    /// The line, with its end.
    pub fn as_bytes(&self) -> &[u8] {
        self.line.get(..self.length).unwrap_or_default()
    }

    fn token(&mut self, word: &str, token: &[u8]) -> fmt::Result {
        self.write_str(word)?;
        self.write_str(" ")?;
        for byte in token {
            write!(self, "{byte:02x}")?;
        }
        self.write_str("\n")
    }

    fn error(&mut self, error: ErrorCode) -> fmt::Result {
        writeln!(self, "error {error:?}")
    }
}

impl Write for Reply {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length.checked_add(text.len()).ok_or(fmt::Error)?;
        let place = self.line.get_mut(self.length..end).ok_or(fmt::Error)?;
        place.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
