//! Changes that need to know no more than where a number lies.

use tflite_writer::Random;

/// Numbers at the ends of what fields hold.
const EXTREMES: [u32; 16] = [
    0,
    1,
    2,
    3,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0x8000,
    0xffff,
    0x1_0000,
    0x7fff_fffc,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_fffe,
    0xffff_ffff,
];

/// Changes the little-endian number of `width` bytes (at most 4) at `at`: to an
/// extreme, to a neighbour, to a multiple or a part, in one bit, or altogether.
/// What lies outside is left out.
pub fn change_number(random: &mut Random, bytes: &mut [u8], at: usize, width: usize) {
    let Some(field) = bytes.get_mut(at..at + width) else {
        return;
    };
    let mut word = [0; 4];
    word[..width].copy_from_slice(field);
    let old = u32::from_le_bytes(word);
    let near = 1 + random.below(4) as u32;
    let new = match random.below(8) {
        0 | 1 => random.of(&EXTREMES),
        2 => old.wrapping_add(near),
        3 => old.wrapping_sub(near),
        4 => old.wrapping_mul(2),
        5 => old >> 1,
        6 => old ^ 1 << random.below(8 * width),
        _ => random.draw() as u32,
    };
    field.copy_from_slice(&new.to_le_bytes()[..width]);
}

/// Changes one to four bytes anywhere.
pub fn change_bytes(random: &mut Random, bytes: &mut [u8]) {
    for _ in 0..1 + random.below(4) {
        if bytes.is_empty() {
            return;
        }
        let at = random.below(bytes.len());
        bytes[at] = match random.below(3) {
            0 => bytes[at] ^ 1 << random.below(8),
            1 => bytes[random.below(bytes.len())],
            _ => random.draw() as u8,
        };
    }
}

/// Cuts the end off, or appends to it.
pub fn change_length(random: &mut Random, bytes: &mut Vec<u8>) {
    if random.once_in(2) {
        let most = bytes.len() + 1;
        // Mostly near the front, where everything is described.
        let within = random.of(&[most, most.min(64), most.min(1024)]);
        bytes.truncate(random.below(within));
    } else {
        let more = 1 + random.below(128);
        bytes.extend((0..more).map(|_| random.draw() as u8));
    }
}

/// Copies part of `other` over part of `bytes`.
pub fn splice(random: &mut Random, bytes: &mut [u8], other: &[u8]) {
    if bytes.is_empty() || other.is_empty() {
        return;
    }
    let (to, from) = (random.below(bytes.len()), random.below(other.len()));
    let most = (bytes.len() - to).min(other.len() - from).min(256);
    let length = 1 + random.below(most);
    bytes[to..to + length].copy_from_slice(&other[from..from + length]);
}
