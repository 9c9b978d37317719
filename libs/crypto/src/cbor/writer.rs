//! Writes CBOR items one after the other, and says at the end whether all of them fitted.

use minicbor::data::Tag;
use minicbor::encode::write::{Cursor, EndOfSlice};
use minicbor::encode::Error;
use minicbor::Encoder;

/// A writer to the start of a buffer. An item that does not fit is remembered, so that
/// only [`finish`](Writer::finish) has to be asked: on a device, a check after each item
/// would take as much code as the writing.
///
/// Integers and lengths have their shortest encodings (RFC 8949 section 4.2.1); the
/// order of keys is the caller's.
pub struct Writer<'a> {
    encoder: Encoder<Cursor<&'a mut [u8]>>,
    is_complete: bool,
}

type Written = Result<(), Error<EndOfSlice>>;

impl<'a> Writer<'a> {
    /// Starts at the front of `buffer`.
    pub fn new(buffer: &'a mut [u8]) -> Self {
        Writer {
            encoder: Encoder::new(Cursor::new(buffer)),
            is_complete: true,
        }
    }

    #[inline(never)]
    fn note(&mut self, written: bool) {
        self.is_complete &= written;
    }

    /// The head of a map of `pairs` pairs.
    #[inline(never)]
    pub fn map(&mut self, pairs: u64) {
        let written: Written = self.encoder.map(pairs).map(|_| ());
        self.note(written.is_ok());
    }

    /// The head of an array of `items` items.
    #[inline(never)]
    pub fn array(&mut self, items: u64) {
        let written: Written = self.encoder.array(items).map(|_| ());
        self.note(written.is_ok());
    }

    /// The head of a tagged item.
    #[inline(never)]
    pub fn tag(&mut self, tag: u64) {
        let written: Written = self.encoder.tag(Tag::new(tag)).map(|_| ());
        self.note(written.is_ok());
    }

    /// A map's key, or another signed integer.
    #[inline(never)]
    pub fn key(&mut self, key: i64) {
        let written: Written = self.encoder.i64(key).map(|_| ());
        self.note(written.is_ok());
    }

    /// An unsigned integer.
    #[inline(never)]
    pub fn unsigned(&mut self, value: u64) {
        let written: Written = self.encoder.u64(value).map(|_| ());
        self.note(written.is_ok());
    }

    /// A byte string.
    #[inline(never)]
    pub fn bytes(&mut self, bytes: &[u8]) {
        let written: Written = self.encoder.bytes(bytes).map(|_| ());
        self.note(written.is_ok());
    }

    /// The head of a byte string of `length` bytes, which follow as other items.
    #[inline(never)]
    pub fn bytes_head(&mut self, length: u64) {
        let written: Written = self.encoder.bytes_len(length).map(|_| ());
        self.note(written.is_ok());
    }

    /// A text string.
    #[inline(never)]
    pub fn text(&mut self, text: &str) {
        let written: Written = self.encoder.str(text).map(|_| ());
        self.note(written.is_ok());
    }

    /// How many bytes have been written so far.
    pub fn position(&self) -> usize {
        self.encoder.writer().position()
    }

    /// How many bytes were written; `None` if the buffer was too small for them.
    pub fn finish(self) -> Option<usize> {
        self.is_complete.then(|| self.position())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(buffer: &mut [u8]) -> Option<usize> {
        let mut cbor = Writer::new(buffer);
        cbor.tag(18);
        cbor.array(3);
        cbor.map(1);
        cbor.key(-70001);
        cbor.unsigned(300);
        cbor.bytes(b"ab");
        cbor.bytes_head(4);
        cbor.text("cde");
        cbor.finish()
    }

    #[test]
    fn items_have_their_shortest_encodings() {
        let mut buffer = [0; 40];
        let length = write(&mut buffer);
        assert_eq!(
            length.and_then(|length| buffer.get(..length)),
            Some(&b"\xd2\x83\xa1\x3a\x00\x01\x11\x70\x19\x01\x2c\x42ab\x44\x63cde"[..])
        );
    }

    #[test]
    fn what_does_not_fit_is_found_out_at_the_end() {
        let mut buffer = [0; 40];
        let length = write(&mut buffer).unwrap_or(0);
        for shorter in 0..length {
            assert_eq!(write(&mut buffer[..shorter]), None, "{shorter} bytes");
        }
        assert_eq!(write(&mut buffer[..length]), Some(length));
    }
}
