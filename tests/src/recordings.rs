//! What the sensor sees.

use std::fs;

use anchorhold::simulation::recording::Recording;

use crate::artifacts::demo;

/// Samples of a window of the condition monitor.
pub const WINDOW: usize = 256;

/// The demonstration's recordings called `names`, one after the other.
#[track_caller]
pub fn demonstration(names: &[&str]) -> Recording {
    let paths: Vec<_> = names
        .iter()
        .map(|name| demo(&format!("recordings/{name}.csv")))
        .collect();
    match Recording::read(&paths) {
        Ok(recording) => recording,
        Err(error) => panic!("{error}"),
    }
}

/// The bytes of a recording as the device sees them: three little-endian `i16` a sample.
#[track_caller]
pub fn samples(recording: &Recording) -> Vec<u8> {
    recording.to_bytes().split_off(16)
}

/// A recording of int8 tensors, back to back.
#[track_caller]
pub fn tensors(tensors: &[Vec<u8>]) -> Recording {
    let mut file = b"AHSENSE1\x02".to_vec();
    file.resize(16, 0);
    file.extend(tensors.iter().flatten());
    let path = crate::made::once(
        &format!(
            "tensors-{}",
            anchorhold::hex::encode(&anchorhold_crypto::digest::sha256(&file)[..12])
        ),
        |path| fs::write(path, &file).expect("a recording"),
    );
    match Recording::read(&[path]) {
        Ok(recording) => recording,
        Err(error) => panic!("{error}"),
    }
}
