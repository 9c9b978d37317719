//! How much flash the engine's code takes in an image: the lengths of its functions,
//! by the symbol table, and all constants that the image has. Whose these are it does
//! not say.

/// What the names of the engine's functions contain.
const CRATE: &str = "anchorhold_engine";
/// Lengths of a section header and of a symbol in a 32-bit ELF file.
const SECTION: usize = 40;
const SYMBOL: usize = 16;
/// The section type of a symbol table.
const SYMBOL_TABLE: u32 = 2;
/// The section in which the linker puts functions and constants.
const TEXT: &[u8] = b".text";
/// The symbol type of a function.
const FUNCTION: u8 = 2;

/// Modules of operators, and of what these alone use, that no reference model has, under
/// `operators` or `format`: theirs are Conv2D, DepthwiseConv2D, FullyConnected,
/// AveragePool2D, Add, Reshape and Softmax, without gaps in any kernel.
const NOT_IN_REFERENCE_MODELS: [&str; 12] = [
    "constant",
    "depthwise_dilated",
    "dilation",
    "int16",
    "max_pool",
    "mean",
    "mul",
    "others",
    "place",
    "rescale",
    "strided_copy",
    "table",
];

/// Bytes of the engine's functions and of the image's constants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EngineBytes {
    /// All of them.
    pub all: u32,
    /// Those that the reference models need.
    pub reference_models: u32,
}

/// Bytes of the engine's functions in a 32-bit little-endian ELF file; nothing if
/// that is not what `elf` is.
pub fn engine_bytes(elf: &[u8]) -> Option<EngineBytes> {
    let sections = word(elf, 32)? as usize;
    let count = half(elf, 48)? as usize;
    let section = |index: usize| sections + index * SECTION;
    let table = (0..count)
        .map(section)
        .find(|at| word(elf, at + 4) == Some(SYMBOL_TABLE))?;
    let symbols = contents(elf, table)?;
    let section_names = section(half(elf, 50)?.into());
    let section_names = contents(elf, section_names)?;
    let text = (0..count).map(section).find(|at| {
        let name = word(elf, *at).and_then(|name| section_names.get(name as usize..));
        name.and_then(|name| name.split(|byte| *byte == 0).next()) == Some(TEXT)
    })?;
    let text = word(elf, text + 12)?..word(elf, text + 12)?.checked_add(word(elf, text + 20)?)?;
    let mut constants = text.end - text.start;
    let names = contents(elf, section(word(elf, table + 24)? as usize))?;
    let mut bytes = EngineBytes::default();
    for symbol in symbols.chunks_exact(SYMBOL) {
        let name = names.get(word(symbol, 0)? as usize..)?;
        let name = String::from_utf8_lossy(name.split(|byte| *byte == 0).next()?);
        let length = word(symbol, 8)?;
        if symbol[12] & 15 != FUNCTION {
            continue;
        }
        if text.contains(&word(symbol, 4)?) {
            constants = constants.saturating_sub(length);
        }
        if !name.contains(CRATE) {
            continue;
        }
        bytes.all += length;
        if !NOT_IN_REFERENCE_MODELS.iter().any(|one| is_of(&name, one)) {
            bytes.reference_models += length;
        }
    }
    bytes.all += constants;
    bytes.reference_models += constants;
    Some(bytes)
}

/// Whether a function of that mangled name is in such a module of the operators or of
/// the format.
fn is_of(name: &str, module: &str) -> bool {
    ["9operators", "6format"]
        .iter()
        .any(|parent| name.contains(&format!("{parent}{}{module}", module.len())))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_told_apart_by_their_whole_names() {
        let name = |module: &str| format!("_ZN17anchorhold_engine9operators{module}3run17h0E");
        assert!(is_of(&name("3mul"), "mul"));
        assert!(is_of(&name("8max_pool"), "max_pool"));
        assert!(!is_of(&name("12average_pool"), "max_pool"));
        assert!(!is_of(&name("15fully_connected"), "mul"));
        assert!(is_of(&name("5int1611convolution"), "int16"));
        let parse = "_ZN17anchorhold_engine6format5int165parse17h0E";
        assert!(is_of(parse, "int16"));
    }
}
