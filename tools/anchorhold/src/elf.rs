//! The little of ELF that a firmware image needs: loadable segments, and how much
//! flash and RAM a program takes (System V ABI, chapters 4 and 5, 32-bit little-endian).

use std::ops::Range;

/// What is wrong with a file that should be an ELF file.
pub type Malformed = &'static str;

const CUT_SHORT: Malformed = "an ELF file that is cut short";
/// `p_type` of a segment that is loaded.
const LOADABLE: u32 = 1;
/// `sh_flags`: the section takes up memory while the program runs.
const ALLOCATED: u32 = 2;

/// A 32-bit little-endian ELF file.
pub struct Elf<'a> {
    bytes: &'a [u8],
}

/// A part of the file that is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment<'a> {
    /// Where it is loaded: the physical address.
    pub address: u32,
    /// What is loaded there.
    pub content: &'a [u8],
}

impl<'a> Elf<'a> {
    /// Checks what kind of file `bytes` is.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Malformed> {
        // Magic, 32-bit class, little-endian, version 1.
        if bytes.starts_with(b"\x7fELF\x01\x01\x01") {
            Ok(Self { bytes })
        } else {
            Err("not a 32-bit little-endian ELF file")
        }
    }

    /// The loaded segments that have content.
    pub fn segments(&self) -> Result<Vec<Segment<'a>>, Malformed> {
        let mut segments = Vec::new();
        for at in self.table(28, 42)? {
            let (kind, offset) = (self.word(at)?, self.word(at + 4)?);
            let (address, length) = (self.word(at + 12)?, self.word(at + 16)?);
            if kind == LOADABLE && length > 0 {
                let content = self.slice(offset as usize, length as usize)?;
                segments.push(Segment { address, content });
            }
        }
        Ok(segments)
    }

    /// The image of everything loaded from `origin` on, with erased flash in the gaps.
    pub fn image(&self, origin: u32, limit: usize) -> Result<Vec<u8>, Malformed> {
        let mut image = Vec::new();
        for segment in self.segments()? {
            let start = segment
                .address
                .checked_sub(origin)
                .ok_or("a program with a segment below the image's origin")?
                as usize;
            let end = start + segment.content.len();
            if end > limit {
                return Err("a program that ends beyond the room for it");
            }
            if end > image.len() {
                image.resize(end, 0xFF);
            }
            image[start..end].copy_from_slice(segment.content);
        }
        Ok(image)
    }

    /// Bytes of memory that sections within `addresses` take up, content or not.
    pub fn memory_within(&self, addresses: Range<u32>) -> Result<u32, Malformed> {
        let mut total = 0;
        for at in self.table(32, 46)? {
            let flags = self.word(at + 8)?;
            let (address, length) = (self.word(at + 12)?, self.word(at + 20)?);
            if flags & ALLOCATED != 0 && addresses.contains(&address) {
                total += length;
            }
        }
        Ok(total)
    }

    /// Offsets of the entries of a table whose file offset is the word at `offset_at`,
    /// and whose entry size and count are the halves at `size_at`.
    fn table(&self, offset_at: usize, size_at: usize) -> Result<Vec<usize>, Malformed> {
        let start = self.word(offset_at)? as usize;
        let size = usize::from(self.half(size_at)?);
        let count = usize::from(self.half(size_at + 2)?);
        Ok((0..count).map(|index| start + index * size).collect())
    }

    fn slice(&self, at: usize, length: usize) -> Result<&'a [u8], Malformed> {
        let end = at.checked_add(length).ok_or(CUT_SHORT)?;
        self.bytes.get(at..end).ok_or(CUT_SHORT)
    }

    fn word(&self, at: usize) -> Result<u32, Malformed> {
        let bytes = self.slice(at, 4)?.try_into().map_err(|_| CUT_SHORT)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn half(&self, at: usize) -> Result<u16, Malformed> {
        let bytes = self.slice(at, 2)?.try_into().map_err(|_| CUT_SHORT)?;
        Ok(u16::from_le_bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::loadable;

    #[test]
    fn an_image_starts_at_its_origin() {
        let file = loadable::elf(&[1, 2, 3], 0x2000_0402);
        let elf = Elf::parse(&file).unwrap();
        assert_eq!(elf.segments().unwrap()[0].address, 0x2000_0402);
        assert_eq!(elf.image(0x2000_0400, 100).unwrap(), [0xFF, 0xFF, 1, 2, 3]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let file = loadable::elf(&[1, 2, 3], 0x2000_0400);
        let elf = Elf::parse(&file).unwrap();
        assert!(elf.image(0x2000_0400, 2).is_err());
        assert!(elf.image(0x2000_0401, 100).is_err());
    }

    #[test]
    fn every_cut_is_noticed() {
        let file = loadable::elf(&[1, 2, 3], 0x2000_0400);
        for length in 0..file.len() {
            let image = Elf::parse(&file[..length]).and_then(|elf| elf.image(0x2000_0400, 100));
            assert!(image.is_err(), "{length}");
        }
    }
}
