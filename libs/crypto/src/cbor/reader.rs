//! Reads deterministic CBOR item by item, in the order that a format prescribes.

use super::{check_deterministic, Malformed};
use minicbor::Decoder;

/// A cursor over bytes that passed [`check_deterministic`].
///
/// Map keys in deterministic CBOR have one order, so a format's reader asks for them
/// in turn instead of searching. Every refusal names the offset of the offending item.
pub struct Reader<'a> {
    cbor: Decoder<'a>,
    last: usize,
}

impl<'a> Reader<'a> {
    /// Checks that `bytes` are one deterministic item, and starts in front of it.
    ///
    /// # Errors
    /// [`Malformed`], as from [`check_deterministic`].
    pub fn new(bytes: &'a [u8]) -> Result<Self, Malformed> {
        check_deterministic(bytes)?;
        Ok(Reader {
            cbor: Decoder::new(bytes),
            last: 0,
        })
    }

    /// The refusal of the item read last, for values that a format does not allow.
    pub fn refuse(&self) -> Malformed {
        Malformed { at: self.last }
    }

    /// Offset of the next item.
    pub fn position(&self) -> usize {
        self.cbor.position()
    }

    /// Reads a map's head: the number of its pairs.
    ///
    /// # Errors
    /// [`Malformed`] when the next item is not a map. So it is, with their own
    /// types, for the functions below.
    pub fn map(&mut self) -> Result<u64, Malformed> {
        self.next(|cbor| cbor.map().ok().flatten())
    }

    /// Reads the head of a map of exactly `pairs` pairs.
    pub fn map_of(&mut self, pairs: u64) -> Result<(), Malformed> {
        let found = self.map()?;
        self.require(found == pairs)
    }

    /// Reads an array's head: the number of its items.
    pub fn array(&mut self) -> Result<u64, Malformed> {
        self.next(|cbor| cbor.array().ok().flatten())
    }

    /// Reads the head of an array of exactly `items` items.
    pub fn array_of(&mut self, items: u64) -> Result<(), Malformed> {
        let found = self.array()?;
        self.require(found == items)
    }

    /// Reads tag number `tag`.
    pub fn tag(&mut self, tag: u64) -> Result<(), Malformed> {
        let found = self.next(|cbor| cbor.tag().ok())?;
        self.require(found.as_u64() == tag)
    }

    /// Reads the map key `key`.
    pub fn key(&mut self, key: i64) -> Result<(), Malformed> {
        let found = self.signed::<i64>()?;
        self.require(found == key)
    }

    /// Reads the map key `key` if it comes next, and says whether it did.
    pub fn optional_key(&mut self, key: i64) -> bool {
        let found = self.cbor.probe().i64();
        found.is_ok_and(|found| found == key) && self.key(key).is_ok()
    }

    /// Reads an unsigned integer that fits `T`.
    pub fn unsigned<T: TryFrom<u64>>(&mut self) -> Result<T, Malformed> {
        self.next(|cbor| T::try_from(cbor.u64().ok()?).ok())
    }

    /// Reads an integer that fits `T`.
    pub fn signed<T: TryFrom<i64>>(&mut self) -> Result<T, Malformed> {
        self.next(|cbor| T::try_from(cbor.i64().ok()?).ok())
    }

    /// Reads a byte string.
    pub fn bytes(&mut self) -> Result<&'a [u8], Malformed> {
        self.next(|cbor| cbor.bytes().ok())
    }

    /// Reads a byte string of exactly `N` bytes.
    pub fn bytes_of<const N: usize>(&mut self) -> Result<&'a [u8; N], Malformed> {
        self.next(|cbor| cbor.bytes().ok()?.try_into().ok())
    }

    /// Reads a text string of at most `longest` bytes.
    pub fn text(&mut self, longest: usize) -> Result<&'a str, Malformed> {
        self.next(|cbor| cbor.str().ok().filter(|text| text.len() <= longest))
    }

    fn next<T>(
        &mut self,
        read: impl FnOnce(&mut Decoder<'a>) -> Option<T>,
    ) -> Result<T, Malformed> {
        self.last = self.cbor.position();
        read(&mut self.cbor).ok_or(Malformed { at: self.last })
    }

    fn require(&self, is_right: bool) -> Result<(), Malformed> {
        if is_right {
            Ok(())
        } else {
            Err(self.refuse())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_in_order() {
        // {1: -3, 2: h'0102', 5: "ab"}
        let bytes = b"\xa3\x01\x22\x02\x42\x01\x02\x05\x62ab";
        let mut reader = Reader::new(bytes).ok().unwrap();
        assert_eq!(reader.map_of(3), Ok(()));
        assert_eq!(reader.key(1), Ok(()));
        assert_eq!(reader.signed::<i8>(), Ok(-3));
        assert!(!reader.optional_key(3));
        assert!(reader.optional_key(2));
        assert_eq!(reader.bytes_of::<2>(), Ok(&[1, 2]));
        assert_eq!(reader.key(5), Ok(()));
        assert_eq!(reader.text(2), Ok("ab"));
        assert_eq!(reader.position(), bytes.len());
        assert!(!reader.optional_key(6));
    }

    #[test]
    fn refusals_name_the_item() {
        let bytes = b"\x83\x19\x01\x00\x42\x01\x02\x62ab";
        let read = |steps: fn(&mut Reader) -> Malformed| {
            let mut reader = Reader::new(bytes).ok().unwrap();
            reader.array().unwrap();
            steps(&mut reader).at
        };
        assert_eq!(read(|reader| reader.unsigned::<u8>().unwrap_err()), 1);
        assert_eq!(read(|reader| reader.key(255).unwrap_err()), 1);
        assert_eq!(read(|reader| reader.map().unwrap_err()), 1);
        assert_eq!(
            read(|reader| {
                reader.unsigned::<u16>().unwrap();
                reader.bytes_of::<3>().unwrap_err()
            }),
            4
        );
        assert_eq!(
            read(|reader| {
                reader.unsigned::<u16>().unwrap();
                reader.bytes().unwrap();
                reader.text(1).unwrap_err()
            }),
            7
        );
    }
}
