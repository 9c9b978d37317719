//! WAV files of sound as a microphone hears it.

use anchorhold_policy::MICROPHONE_HZ;

/// First bytes of the file; the format's name follows its length.
pub const MAGIC: &[u8; 4] = b"RIFF";
const FORMAT_NAME: &[u8; 4] = b"WAVE";
/// Bytes of a chunk before its content: name and length.
const CHUNK_HEADER: usize = 8;
/// The encoding without compression.
const PCM: u16 = 1;

/// The samples in `file`: uncompressed 16-bit numbers of one channel at the microphone's
/// rate.
///
/// # Errors
/// What another kind of file it is, and how to make it this one.
pub fn parse(file: &[u8]) -> Result<&[u8], String> {
    let content = file
        .strip_prefix(MAGIC)
        .and_then(|rest| rest.get(4..)?.strip_prefix(FORMAT_NAME))
        .ok_or("not a WAV file: no WAVE after RIFF")?;
    let format = chunk(content, b"fmt ")?;
    let format = format
        .first_chunk()
        .ok_or("its `fmt ` chunk is cut short; 16 bytes are needed")?;
    check_format(format)?;
    let samples = chunk(content, b"data")?;
    if !samples.len().is_multiple_of(2) {
        return Err("its last sample is cut short; a sample is 2 bytes".into());
    }
    Ok(samples)
}

/// The content of the first chunk of this name.
fn chunk<'a>(mut content: &'a [u8], name: &[u8; 4]) -> Result<&'a [u8], String> {
    let shown = String::from_utf8_lossy(name);
    while let Some((header, rest)) = content.split_first_chunk::<CHUNK_HEADER>() {
        let [found @ .., a, b, c, d] = header;
        let length = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
        if found == name {
            return rest.get(..length).ok_or_else(|| {
                format!("its `{shown}` chunk is cut short: {length} bytes were to come")
            });
        }
        // Chunks begin at even offsets.
        content = rest.get(length.next_multiple_of(2)..).unwrap_or_default();
    }
    Err(format!("a WAV file without a `{shown}` chunk"))
}

fn check_format(format: &[u8; 16]) -> Result<(), String> {
    let short = |at: usize| u16::from_le_bytes([format[at], format[at + 1]]);
    let (encoding, channels, bits) = (short(0), short(2), short(14));
    let rate = u32::from_le_bytes([format[4], format[5], format[6], format[7]]);
    let wrong = if encoding != PCM {
        format!("encoding {encoding} instead of 1, uncompressed")
    } else if channels != 1 {
        format!("{channels} channels instead of 1")
    } else if rate != MICROPHONE_HZ {
        format!("{rate} samples a second instead of {MICROPHONE_HZ}")
    } else if bits != 16 {
        format!("{bits} bits a sample instead of 16")
    } else {
        return Ok(());
    };
    Err(format!(
        "{wrong}; `sox FILE -r {MICROPHONE_HZ} -c 1 -b 16 -e signed OUT.wav` converts it"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with a chunk that nobody needs before the ones that matter.
    fn file(format: [u16; 8], samples: &[u8]) -> Vec<u8> {
        let mut file = b"RIFF\0\0\0\0WAVE".to_vec();
        let format: Vec<u8> = format.iter().flat_map(|word| word.to_le_bytes()).collect();
        for (name, content) in [
            (b"LIST", &b"odd"[..]),
            (b"fmt ", &format),
            (b"data", samples),
        ] {
            file.extend(name);
            file.extend((content.len() as u32).to_le_bytes());
            file.extend(content);
            file.resize(file.len().next_multiple_of(2), 0);
        }
        file
    }

    const FORMAT: [u16; 8] = [1, 1, 16_000, 0, 32_000, 0, 2, 16];

    #[test]
    fn samples_are_found() {
        assert_eq!(parse(&file(FORMAT, &[1, 2, 3, 4])).unwrap(), [1, 2, 3, 4]);
    }

    #[test]
    fn another_format_is_named_and_what_converts_it() {
        for (at, value, expected) in [
            (0, 3, "encoding 3"),
            (1, 2, "2 channels"),
            (2, 44_100, "44100 samples a second instead of 16000"),
            (7, 8, "8 bits"),
        ] {
            let mut format = FORMAT;
            format[at] = value;
            let error = parse(&file(format, &[0; 4])).unwrap_err();
            assert!(error.contains(expected), "{error}");
            assert!(error.contains("sox"), "{error}");
        }
    }

    #[test]
    fn files_cut_anywhere_are_refused() {
        let whole = file(FORMAT, &[1, 2, 3, 4]);
        for length in 0..whole.len() {
            assert!(parse(&whole[..length]).is_err(), "{length} bytes");
        }
        let error = parse(&file(FORMAT, &[1, 2, 3])).unwrap_err();
        assert!(error.contains("last sample"), "{error}");
    }
}
