//! What is measured, and what a change of it changes.

use crate::measurement::{BootMeasurement, MAX_ENTRIES};
use crate::rights::{commands, Application, Right, Rights};
use anchorhold_crypto::digest::{sha256, Sha256};

static TABLE: [Right; 1] = [Right {
    application: Application::AnyOther,
    driver: 1,
    commands: commands(&[0]),
}];
static RIGHTS: Rights = Rights::new(&TABLE);
static NO_RIGHTS: Rights = Rights::new(&[]);

/// TBF header entries (Tock's TBF document).
const PROGRAM: u16 = 9;
const PACKAGE_NAME: u16 = 3;
const ENABLED: u32 = 1;

/// A TBF of 256 bytes.
fn tbf(name: &str, flags: u32, program: bool) -> Vec<u8> {
    let mut header = vec![2, 0, 0, 0, 0, 1, 0, 0];
    header.extend_from_slice(&flags.to_le_bytes());
    header.extend_from_slice(&[0; 4]);
    let mut entry = |kind: u16, content: &[u8]| {
        header.extend_from_slice(&kind.to_le_bytes());
        header.extend_from_slice(&(content.len() as u16).to_le_bytes());
        header.extend_from_slice(content);
        header.resize(header.len().next_multiple_of(4), 0);
    };
    if program {
        // Entry point, trailer, RAM, end of the binary, version.
        let fields = [0u32, 0, 4096, 256, 1];
        entry(PROGRAM, &fields.map(u32::to_le_bytes).concat());
    }
    entry(PACKAGE_NAME, name.as_bytes());
    header[2] = header.len() as u8;
    let sum = header.chunks(4).fold(0, |sum, word| {
        sum ^ u32::from_le_bytes(word.try_into().unwrap())
    });
    header[12..16].copy_from_slice(&sum.to_le_bytes());
    header.resize(256, 0x13);
    header
}

fn measured(kernel: &[u8], rights: &'static Rights, tbfs: &[Vec<u8>]) -> BootMeasurement {
    let leak = |bytes: &[u8]| -> &'static [u8] { Box::leak(bytes.into()) };
    let (first, rest) = kernel.split_at(kernel.len().min(4));
    let kernel = [leak(first), leak(rest)];
    let measurement = BootMeasurement::new(kernel, rights, leak(&tbfs.concat()));
    measurement.measure();
    measurement
}

#[test]
fn kernel_rights_and_applications_are_listed() {
    let reader = tbf("reader", ENABLED, true);
    let model = tbf("model", 0, false);
    let measurement = measured(b"kernel", &RIGHTS, &[model, reader.clone()]);
    let entries: Vec<_> = measurement.entries().into_iter().flatten().collect();
    let names: Vec<_> = entries.iter().map(|entry| entry.name).collect();
    assert_eq!(names, ["kernel", "rights", "reader"]);
    assert_eq!(entries[0].digest, sha256(b"kernel"));
    assert_eq!(entries[1].digest, RIGHTS.digest());
    assert_eq!(entries[2].digest, sha256(&reader));

    // A verifier computes the total from the entries.
    let mut total = Sha256::new();
    for entry in entries {
        total.update(&[entry.name.len() as u8]);
        total.update(entry.name.as_bytes());
        total.update(&entry.digest);
    }
    assert_eq!(measurement.total(), total.finish());
}

#[test]
fn every_part_counts() {
    let app = tbf("app", ENABLED, true);
    let mut changed = app.clone();
    changed[255] ^= 1;
    let total = |kernel: &[u8], rights, tbfs: &[Vec<u8>]| measured(kernel, rights, tbfs).total();
    let (one, two) = ([app.clone()], [app.clone(), app]);
    let base = total(b"kernel", &RIGHTS, &one);
    assert_eq!(base, total(b"kernel", &RIGHTS, &one));
    assert_ne!(base, total(b"kernel!", &RIGHTS, &one));
    assert_ne!(base, total(b"kernel", &NO_RIGHTS, &one));
    assert_ne!(base, total(b"kernel", &RIGHTS, &[changed]));
    assert_ne!(base, total(b"kernel", &RIGHTS, &[]));
    assert_ne!(base, total(b"kernel", &RIGHTS, &two));
}

#[test]
fn more_applications_than_places_still_count() {
    let apps = vec![tbf("app", ENABLED, true); 9];
    let more = measured(b"kernel", &RIGHTS, &apps);
    let fewer = measured(b"kernel", &RIGHTS, &apps[..8]);
    assert_eq!(more.entries().iter().flatten().count(), MAX_ENTRIES);
    assert_eq!(more.entries(), fewer.entries());
    assert_ne!(more.total(), fewer.total());
}
