//! How much flash the engine's code takes in an image: the lengths of its functions,
//! by the symbol table.

/// What the names of the engine's functions contain.
const CRATE: &str = "anchorhold_engine";
/// Lengths of a section header and of a symbol in a 32-bit ELF file.
const SECTION: usize = 40;
const SYMBOL: usize = 16;
/// The section type of a symbol table.
const SYMBOL_TABLE: u32 = 2;
/// The symbol type of a function.
const FUNCTION: u8 = 2;

/// Bytes of the engine's functions in a 32-bit little-endian ELF file; nothing if
/// that is not what `elf` is.
pub fn engine_bytes(elf: &[u8]) -> Option<u32> {
    let sections = word(elf, 32)? as usize;
    let count = half(elf, 48)? as usize;
    let section = |index: usize| sections + index * SECTION;
    let table = (0..count)
        .map(section)
        .find(|at| word(elf, at + 4) == Some(SYMBOL_TABLE))?;
    let symbols = contents(elf, table)?;
    let names = contents(elf, section(word(elf, table + 24)? as usize))?;
    let mut bytes = 0;
    for symbol in symbols.chunks_exact(SYMBOL) {
        let name = names.get(word(symbol, 0)? as usize..)?;
        let name = name.split(|byte| *byte == 0).next()?;
        let is_engine = String::from_utf8_lossy(name).contains(CRATE);
        if is_engine && symbol[12] & 15 == FUNCTION {
            bytes += word(symbol, 8)?;
        }
    }
    Some(bytes)
}

/// The bytes of the section whose header is at `at`.
fn contents(elf: &[u8], at: usize) -> Option<&[u8]> {
    let start = word(elf, at + 16)? as usize;
    elf.get(start..)?.get(..word(elf, at + 20)? as usize)
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*bytes))
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_le_bytes(*bytes))
}
