//! Reads deterministic CBOR item by item, in the order that a format prescribes.

use super::{check_deterministic, head, major, string, Malformed};

/// A cursor over bytes that passed [`check_deterministic`].
///
/// Map keys in deterministic CBOR have one order, so a format's reader asks for them
/// in turn instead of searching. Every refusal names the offset of the offending item.
pub struct Reader<'a> {
    bytes: &'a [u8],
    next: usize,
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
            bytes,
            next: 0,
            last: 0,
        })
    }

    /// The refusal of the item read last, for values that a format does not allow.
    pub fn refuse(&self) -> Malformed {
        Malformed { at: self.last }
    }

    /// Offset of the next item.
    pub fn position(&self) -> usize {
        self.next
    }

    /// Reads a map's head: the number of its pairs.
    ///
    /// # Errors
    /// [`Malformed`] when the next item is not a map. So it is, with their own
    /// types, for the functions below.
    pub fn map(&mut self) -> Result<u64, Malformed> {
        self.head(major::MAP)
    }

    /// Reads the head of a map of exactly `pairs` pairs.
    pub fn map_of(&mut self, pairs: u64) -> Result<(), Malformed> {
        let found = self.map()?;
        self.require(found == pairs)
    }

    /// Reads an array's head: the number of its items.
    pub fn array(&mut self) -> Result<u64, Malformed> {
        self.head(major::ARRAY)
    }

    /// Reads the head of an array of exactly `items` items.
    pub fn array_of(&mut self, items: u64) -> Result<(), Malformed> {
        let found = self.array()?;
        self.require(found == items)
    }

    /// Reads tag number `tag`.
    pub fn tag(&mut self, tag: u64) -> Result<(), Malformed> {
        let found = self.head(major::TAG)?;
        self.require(found == tag)
    }

    /// Reads the map key `key`.
    pub fn key(&mut self, key: i64) -> Result<(), Malformed> {
        let found = self.signed::<i64>()?;
        self.require(found == key)
    }

    /// Reads the map key `key` if it comes next, and says whether it did.
    pub fn optional_key(&mut self, key: i64) -> bool {
        let (next, last) = (self.next, self.last);
        let found = self.key(key).is_ok();
        if !found {
            (self.next, self.last) = (next, last);
        }
        found
    }

    /// Reads an unsigned integer that fits `T`.
    pub fn unsigned<T: TryFrom<u64>>(&mut self) -> Result<T, Malformed> {
        let value = self.head(major::UNSIGNED)?;
        T::try_from(value).map_err(|_| self.refuse())
    }

    /// Reads an integer that fits `T`.
    pub fn signed<T: TryFrom<i64>>(&mut self) -> Result<T, Malformed> {
        let (kind, argument) = self.any_head()?;
        let value = match kind {
            major::UNSIGNED => i64::try_from(argument).ok(),
            // An argument of n stands for -1 - n, which is !n in two's complement.
            major::NEGATIVE => i64::try_from(argument).ok().map(|argument| !argument),
            _ => None,
        };
        value
            .and_then(|value| T::try_from(value).ok())
            .ok_or(self.refuse())
    }

    /// Reads a byte string.
    pub fn bytes(&mut self) -> Result<&'a [u8], Malformed> {
        let length = self.head(major::BYTES)?;
        self.content(length)
    }

    /// Reads a byte string of exactly `N` bytes.
    pub fn bytes_of<const N: usize>(&mut self) -> Result<&'a [u8; N], Malformed> {
        self.bytes()?.try_into().map_err(|_| self.refuse())
    }

    /// Reads a text string of at most `longest` bytes.
    pub fn text(&mut self, longest: usize) -> Result<&'a str, Malformed> {
        let length = self.head(major::TEXT)?;
        let content = self.content(length)?;
        core::str::from_utf8(content)
            .ok()
            .filter(|text| text.len() <= longest)
            .ok_or(self.refuse())
    }

    /// Reads the head of an item of this major type.
    fn head(&mut self, expected: u8) -> Result<u64, Malformed> {
        let (kind, argument) = self.any_head()?;
        self.require(kind == expected)?;
        Ok(argument)
    }

    fn any_head(&mut self) -> Result<(u8, u64), Malformed> {
        self.last = self.next;
        let (kind, argument, next) = head(self.bytes, self.next)?;
        self.next = next;
        Ok((kind, argument))
    }

    fn content(&mut self, length: u64) -> Result<&'a [u8], Malformed> {
        let (content, next) = string(self.bytes, self.last, length, self.next)?;
        self.next = next;
        Ok(content)
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

    #[test]
    fn integers_keep_to_their_type() {
        let signed = |bytes| Reader::new(bytes).ok().unwrap().signed::<i64>().ok();
        assert_eq!(signed(&[0x39, 0x7f, 0xff]), Some(-32768));
        let most = [0x1b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        assert_eq!(signed(&most), Some(i64::MAX));
        let least = [0x3b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        assert_eq!(signed(&least), Some(i64::MIN));
        let below = [0x3b, 0x80, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(signed(&below), None);
        let above = [0x1b, 0x80, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(signed(&above), None);
        assert_eq!(
            Reader::new(&above).ok().unwrap().unsigned::<u64>(),
            Ok(1 << 63)
        );
        assert!(Reader::new(&[0x20])
            .ok()
            .unwrap()
            .unsigned::<u64>()
            .is_err());
    }
}
