//! Recordings that the emulated board replays: CSV files of motion, WAV files of sound,
//! and the file that the board's replay driver reads.

use std::path::{Path, PathBuf};

use crate::error::{Class, Error};
use crate::files;
use crate::simulation::wav;

/// First bytes of a replay file.
const MAGIC: &[u8; 8] = b"AHSENSE1";
/// Bytes before the data: magic, kind, seven zeros.
const HEADER_LENGTH: usize = 16;
/// First line of a CSV recording: three axes, integers, thousandths of g.
const CSV_HEADER: &str = "x_mg,y_mg,z_mg";
/// Longest recording that is read.
const FILE_LIMIT: usize = 64 * 1024 * 1024;

/// What a replay file holds; the numbers are those of its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Samples of three little-endian `i16`, in milli-g.
    Accelerometer = 1,
    /// Int8 tensors, back to back.
    Tensor = 2,
    /// Little-endian `i16` samples of a microphone.
    Sound = 3,
}

/// Samples to replay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    kind: Kind,
    data: Vec<u8>,
}

impl Recording {
    /// Reads CSV, WAV or replay files and joins them in order.
    pub fn read(paths: &[PathBuf]) -> Result<Self, Error> {
        let mut joined: Option<Self> = None;
        for path in paths {
            let next = Self::read_one(path)?;
            match &mut joined {
                None => joined = Some(next),
                Some(so_far) if so_far.kind == next.kind => so_far.data.extend(next.data),
                Some(_) => {
                    return Err(Error::input(
                        path,
                        "another kind than the recordings before it; replay one kind at a time",
                    ))
                }
            }
        }
        joined.ok_or_else(|| Error::new(Class::Usage, "no recording; give one with --sensor"))
    }

    /// The bytes of the board's `sensor.bin`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_LENGTH + self.data.len());
        bytes.extend_from_slice(MAGIC);
        bytes.push(self.kind as u8);
        bytes.resize(HEADER_LENGTH, 0);
        bytes.extend_from_slice(&self.data);
        bytes
    }

    /// Three axes of acceleration as the board's driver takes them, in milli-g.
    pub fn from_samples(samples: &[[i16; 3]]) -> Self {
        Self {
            kind: Kind::Accelerometer,
            data: samples
                .iter()
                .flatten()
                .flat_map(|value| value.to_le_bytes())
                .collect(),
        }
    }

    /// The bytes of whole tensors, one after the other.
    pub fn from_tensors(tensors: &[u8]) -> Self {
        Self {
            kind: Kind::Tensor,
            data: tensors.to_vec(),
        }
    }

    /// What a microphone hears, as the board's driver takes it.
    pub fn from_sound(samples: &[i16]) -> Self {
        Self {
            kind: Kind::Sound,
            data: samples
                .iter()
                .flat_map(|sample| sample.to_le_bytes())
                .collect(),
        }
    }

    fn read_one(path: &Path) -> Result<Self, Error> {
        let bytes = files::read(path, FILE_LIMIT)?;
        if bytes.starts_with(MAGIC) {
            return Self::parse_replay(&bytes).map_err(|what| Error::input(path, what));
        }
        if bytes.starts_with(wav::MAGIC) {
            let samples = wav::parse(&bytes).map_err(|what| Error::input(path, what))?;
            return Ok(Self {
                kind: Kind::Sound,
                data: samples.to_vec(),
            });
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| {
            Error::input(
                path,
                "neither a replay file nor WAV nor CSV; the first line of CSV is x_mg,y_mg,z_mg",
            )
        })?;
        Self::parse_csv(text).map_err(|what| Error::input(path, what))
    }

    fn parse_replay(bytes: &[u8]) -> Result<Self, String> {
        let (header, data) = bytes
            .split_at_checked(HEADER_LENGTH)
            .ok_or("its header of 16 bytes is cut short")?;
        let kind = match header[8] {
            1 => Kind::Accelerometer,
            2 => Kind::Tensor,
            3 => Kind::Sound,
            other => return Err(format!("kind {other} is unknown; 1, 2 and 3 are known")),
        };
        let sample_bytes = match kind {
            Kind::Accelerometer => 6,
            Kind::Tensor => 1,
            Kind::Sound => 2,
        };
        if !data.len().is_multiple_of(sample_bytes) {
            return Err(format!(
                "its last sample is cut short; a sample is {sample_bytes} bytes"
            ));
        }
        Ok(Self {
            kind,
            data: data.to_vec(),
        })
    }

    fn parse_csv(text: &str) -> Result<Self, String> {
        let mut lines = text.lines().zip(1..);
        match lines.next() {
            Some((header, _)) if header.trim() == CSV_HEADER => {}
            _ => return Err(format!("line 1: the header line is {CSV_HEADER}")),
        }
        let samples = lines
            .filter(|(line, _)| !line.trim().is_empty())
            .map(|(line, number)| {
                parse_sample(line).map_err(|what| format!("line {number}: {what}"))
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self::from_samples(&samples))
    }
}

fn parse_sample(line: &str) -> Result<[i16; 3], String> {
    let mut sample = [0; 3];
    let mut fields = line.split(',');
    for value in &mut sample {
        let field = fields.next().ok_or("three values are needed")?.trim();
        *value = field.parse().map_err(|_| {
            format!("`{field}` is not a whole number of milli-g from -32768 to 32767")
        })?;
    }
    match fields.next() {
        None => Ok(sample),
        Some(_) => Err("more than three values".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn csv_becomes_samples() {
        let recording = Recording::parse_csv("x_mg,y_mg,z_mg\n1,-2,1000\n\n3, 4 ,5\n").unwrap();
        assert_eq!(
            recording,
            Recording::from_samples(&[[1, -2, 1000], [3, 4, 5]])
        );
        let bytes = recording.to_bytes();
        assert_eq!(&bytes[..9], b"AHSENSE1\x01");
        assert_eq!(bytes.len(), 16 + 12);
        assert_eq!(bytes[16..20], [1, 0, 0xFE, 0xFF]);
    }

    #[test]
    fn the_line_at_fault_is_named() {
        for (text, expected) in [
            ("a,b,c\n", "line 1"),
            ("", "line 1"),
            ("x_mg,y_mg,z_mg\n1,2\n", "line 2: three"),
            ("x_mg,y_mg,z_mg\n1,2,3,4\n", "line 2: more"),
            ("x_mg,y_mg,z_mg\n1,2,3\n1,2,40000\n", "line 3: `40000`"),
            ("x_mg,y_mg,z_mg\n0.1,2,3\n", "line 2: `0.1`"),
        ] {
            let error = Recording::parse_csv(text).unwrap_err();
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn replay_files_read_back() {
        let recording = Recording::from_samples(&[[1, 2, 3]]);
        let bytes = recording.to_bytes();
        assert_eq!(Recording::parse_replay(&bytes).unwrap(), recording);
        assert!(Recording::parse_replay(&bytes[..21]).is_err());
        assert!(Recording::parse_replay(&bytes[..9]).is_err());
        let sound = Recording::from_sound(&[1, -2]);
        let bytes = sound.to_bytes();
        assert_eq!(bytes[8..], [3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0xFE, 0xFF]);
        assert_eq!(Recording::parse_replay(&bytes).unwrap(), sound);
        assert!(Recording::parse_replay(&bytes[..19]).is_err());
    }

    #[test]
    fn recordings_join_in_order() {
        let scratch = Scratch::new("recordings");
        let (first, second) = (scratch.path("1.csv"), scratch.path("2.csv"));
        std::fs::write(&first, "x_mg,y_mg,z_mg\n1,1,1\n").unwrap();
        std::fs::write(&second, "x_mg,y_mg,z_mg\n2,2,2\n").unwrap();
        let joined = Recording::read(&[first, second]).unwrap();
        assert_eq!(joined, Recording::from_samples(&[[1; 3], [2; 3]]));
    }
}
