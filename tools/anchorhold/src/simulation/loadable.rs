//! A memory image as the smallest ELF file.
//!
//! QEMU's loader takes no plain file that is longer than the board's RAM, and flash
//! is; it takes an ELF file of any length.

/// `Elf32_Ehdr` and one `Elf32_Phdr` (System V ABI, chapters 4 and 5).
const HEADERS: u32 = 52 + 32;

/// `image`, to be loaded at `address`.
pub fn elf(image: &[u8], address: u32) -> Vec<u8> {
    let length = u32::try_from(image.len()).unwrap_or(u32::MAX);
    // Class 32, little-endian, version 1.
    let mut file = b"\x7fELF\x01\x01\x01".to_vec();
    file.resize(16, 0);
    // Executable, for no processor in particular: it is not only code.
    for half in [2u16, 0] {
        file.extend_from_slice(&half.to_le_bytes());
    }
    // Version 1, no entry point, program header behind this one, no sections, no flags.
    for word in [1u32, 0, 52, 0, 0] {
        file.extend_from_slice(&word.to_le_bytes());
    }
    // Size of this header, size and number of program headers, no sections.
    for half in [52u16, 32, 1, 0, 0, 0] {
        file.extend_from_slice(&half.to_le_bytes());
    }
    // Loadable, file offset, virtual and physical address, sizes, read and execute, alignment.
    for word in [1, HEADERS, address, address, length, length, 5, 4] {
        file.extend_from_slice(&word.to_le_bytes());
    }
    file.extend_from_slice(image);
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_image_follows_the_headers() {
        let file = elf(&[1, 2, 3], 0x2000_0000);
        assert_eq!(file.len(), HEADERS as usize + 3);
        assert_eq!(file[HEADERS as usize..], [1, 2, 3]);
        assert_eq!(file[64..68], [0, 0, 0, 0x20]);
        assert_eq!(file[68..72], [3, 0, 0, 0]);
    }
}
