//! The directory in which an emulated board runs, and what it leaves for others to check.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::recording::Recording;
use crate::error::{Class, Error};
use crate::files::{self, Access};
use crate::hex;
use crate::sealed::FILE_LIMIT;

/// The provisioned page; longer files are not one.
const PAGE_LIMIT: usize = 256;
/// Bytes of the device's storage.
const STORAGE_LENGTH: usize = 16 * 1024;
/// A device record is a few hundred bytes.
const RECORD_LIMIT: usize = 4096;

/// A run directory. The device's secret page is in it only while this value lives.
#[derive(Debug)]
pub struct RunDirectory {
    path: PathBuf,
}

impl RunDirectory {
    /// Prepares `path` to run the device that was provisioned into `device`, on
    /// `recording`. What the device stored in an earlier run stays in place.
    pub fn prepare(path: &Path, device: &Path, recording: &Recording) -> Result<Self, Error> {
        let page = files::read(&device.join("otp.bin"), PAGE_LIMIT)?;
        let record = files::read(&device.join("record.cose"), RECORD_LIMIT)?;
        files::create_directory(&path.join("evidence"))?;
        let copy = path.join("record.cose");
        match fs::read(&copy) {
            Ok(earlier) if earlier != record => {
                return Err(Error::new(
                    Class::Usage,
                    format!(
                        "{}: holds the state of another device; give another directory",
                        path.display()
                    ),
                ))
            }
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {
                files::write(&copy, &record, Access::Public)?;
            }
            Err(error) => return Err(Error::input(&copy, error)),
        }
        let storage = path.join("storage.bin");
        if !storage.exists() {
            files::write_new(&storage, &[0xFF; STORAGE_LENGTH], Access::Public)?;
        }
        files::write(
            &path.join("sensor.bin"),
            &recording.to_bytes(),
            Access::Public,
        )?;
        files::write(&path.join("otp.bin"), &page, Access::Private)?;
        Ok(Self {
            path: path.to_owned(),
        })
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Takes the secret page out of the directory. The board opens it at boot and needs
    /// its name no more; a run that is killed later leaves nothing behind.
    pub fn forget_secrets(&self) {
        // It may be gone already.
        let _ = fs::remove_file(self.path.join("otp.bin"));
    }

    /// The device record.
    pub fn record(&self) -> Result<Vec<u8>, Error> {
        files::read(&self.path.join("record.cose"), RECORD_LIMIT)
    }

    /// Lists what is installed in `tabs.sha256`, which sha256sum checks.
    pub fn list_tabs(&self, tabs: &[PathBuf]) -> Result<(), Error> {
        let mut list = String::new();
        for tab in tabs {
            list += &files::digest_line(tab, FILE_LIMIT)?;
            list.push('\n');
        }
        let path = self.path.join("tabs.sha256");
        files::write(&path, list.as_bytes(), Access::Public)
    }

    /// Replaces the sensor's data before the next boot.
    pub fn set_recording(&self, recording: &Recording) -> Result<(), Error> {
        files::write(
            &self.path.join("sensor.bin"),
            &recording.to_bytes(),
            Access::Public,
        )
    }

    /// Keeps a verified token and its nonce under the next free number, and returns
    /// the token's path.
    pub fn keep(&self, token: &[u8], nonce: &[u8]) -> Result<PathBuf, Error> {
        let directory = self.path.join("evidence");
        let path = (1u32..)
            .map(|number| directory.join(format!("{number:04}.cose")))
            .find(|path| !path.exists())
            .ok_or_else(|| Error::environment(&directory, "full"))?;
        let mut text = hex::encode(nonce);
        text.push('\n');
        files::write(
            &path.with_extension("nonce"),
            text.as_bytes(),
            Access::Public,
        )?;
        files::write_new(&path, token, Access::Public)?;
        Ok(path)
    }
}

impl Drop for RunDirectory {
    fn drop(&mut self) {
        // Others are given this directory; the device's secrets are not for them.
        self.forget_secrets();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    fn device(scratch: &Scratch, name: &str, record: &[u8]) -> PathBuf {
        let device = scratch.path(name);
        fs::create_dir_all(&device).unwrap();
        fs::write(device.join("otp.bin"), [7; 256]).unwrap();
        fs::write(device.join("record.cose"), record).unwrap();
        device
    }

    #[test]
    fn the_secret_page_leaves_with_the_run() {
        let scratch = Scratch::new("run-secret");
        let device = device(&scratch, "device", b"record");
        let path = scratch.path("run");
        let run = RunDirectory::prepare(&path, &device, &Recording::from_samples(&[])).unwrap();
        assert!(path.join("otp.bin").exists());
        assert_eq!(run.record().unwrap(), b"record");
        drop(run);
        assert!(!path.join("otp.bin").exists());
        assert!(path.join("sensor.bin").exists());
    }

    #[test]
    fn another_devices_state_is_not_taken_over() {
        let scratch = Scratch::new("run-other");
        let (one, two) = (device(&scratch, "1", b"one"), device(&scratch, "2", b"two"));
        let recording = Recording::from_samples(&[]);
        let path = scratch.path("run");
        drop(RunDirectory::prepare(&path, &one, &recording).unwrap());
        assert_eq!(fs::read(path.join("storage.bin")).unwrap(), [0xFF; 16384]);
        fs::write(path.join("storage.bin"), b"stored").unwrap();
        drop(RunDirectory::prepare(&path, &one, &recording).unwrap());
        assert_eq!(fs::read(path.join("storage.bin")).unwrap(), b"stored");
        let error = RunDirectory::prepare(&path, &two, &recording).unwrap_err();
        assert_eq!(error.class(), Class::Usage);
    }

    #[test]
    fn tokens_are_numbered_on() {
        let scratch = Scratch::new("run-tokens");
        let device = device(&scratch, "device", b"record");
        let path = scratch.path("run");
        let run = RunDirectory::prepare(&path, &device, &Recording::from_samples(&[])).unwrap();
        run.keep(b"first", &[1]).unwrap();
        let second = run.keep(b"second", &[2]).unwrap();
        assert!(second.ends_with("evidence/0002.cose"));
        assert_eq!(fs::read(path.join("evidence/0001.nonce")).unwrap(), b"01\n");
    }
}
