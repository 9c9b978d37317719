//! Where this process was linked to, which the kernel is not asked for.

use libtock_hostile::read;

/// Start of the process's flash: of its header.
pub const FLASH_START: usize = hexadecimal(option_env!("LIBTOCK_LINKER_FLASH"));
/// Start of the process's RAM.
pub const RAM_START: usize = hexadecimal(option_env!("LIBTOCK_LINKER_RAM"));
/// Where the length of all of the process's flash is in its header.
const TOTAL_SIZE: usize = 4;

/// The first address behind the process's flash.
pub fn flash_end() -> usize {
    FLASH_START.wrapping_add(read(FLASH_START + TOTAL_SIZE) as usize)
}

/// The number in `0x…`.
const fn hexadecimal(text: Option<&str>) -> usize {
    let Some(text) = text else {
        panic!("LIBTOCK_LINKER_FLASH and LIBTOCK_LINKER_RAM say where the process is")
    };
    let digits = match text.as_bytes() {
        [b'0', b'x', digits @ ..] => digits,
        digits => digits,
    };
    let mut number = 0;
    let mut index = 0;
    while index < digits.len() {
        let digit = match digits[index] {
            digit @ b'0'..=b'9' => digit - b'0',
            digit @ b'a'..=b'f' => digit - b'a' + 10,
            digit @ b'A'..=b'F' => digit - b'A' + 10,
            _ => panic!("an address is a hexadecimal number"),
        };
        number = number * 16 + digit as usize;
        index += 1;
    }
    number
}
