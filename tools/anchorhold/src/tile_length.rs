//! How long the tiles of a sealed plan are, in bytes of plaintext.

use model_tbf::header::{TILE_LENGTHS, TILE_MULTIPLE};

/// The length for a plan of `plan_bytes` where nobody says otherwise: the most that a
/// device has room for, because each tile costs a system call and a tag, but a quarter of
/// the plan, so that there never is much of it in the clear.
pub fn usual(plan_bytes: u32) -> u32 {
    let quarter = plan_bytes / 4;
    let whole = quarter - quarter % TILE_MULTIPLE;
    whole.clamp(*TILE_LENGTHS.start(), *TILE_LENGTHS.end())
}

/// The length, if tiles may have it.
///
/// # Errors
/// What is wrong with it, and what is right.
pub fn check(bytes: u32) -> Result<u32, String> {
    if TILE_LENGTHS.contains(&bytes) && bytes.is_multiple_of(TILE_MULTIPLE) {
        return Ok(bytes);
    }
    Err(format!(
        "{bytes} is not a multiple of {TILE_MULTIPLE} from {} to {}; leave it out for the usual \
         length",
        TILE_LENGTHS.start(),
        TILE_LENGTHS.end()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_has_four_tiles_or_more() {
        for (plan, tile) in [
            (300, 256),
            (1_100, 256),
            (5_000, 1_216),
            (16_384, 4_096),
            (1_000_000, 4_096),
        ] {
            assert_eq!(usual(plan), tile);
            assert_eq!(check(tile), Ok(tile));
        }
    }

    #[test]
    fn other_lengths_are_named_with_the_limits() {
        for bytes in [0, 192, 1000, 4160] {
            let what = check(bytes).unwrap_err();
            assert_eq!(
                what,
                format!(
                    "{bytes} is not a multiple of 64 from 256 to 4096; leave it out for the \
                     usual length"
                )
            );
        }
    }
}
