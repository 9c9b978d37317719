//! Reading with a limit, and writing without ever overwriting.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anchorhold_crypto::digest::sha256;

use crate::error::{Class, Error};
use crate::hex;

/// Who may read a file that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody (mode 0644, less the umask).
    Public,
    /// The owner alone (mode 0600).
    Private,
}

impl Access {
    fn mode(self) -> u32 {
        match self {
            Access::Public => 0o644,
            Access::Private => 0o600,
        }
    }
}

/// The whole of the file at `path`, at most `limit` bytes.
pub fn read(path: &Path, limit: usize) -> Result<Vec<u8>, Error> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let mut bytes = Vec::new();
    // One byte beyond the limit tells "too long" from "just fits".
    file.take(limit as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(path, &error))?;
    if bytes.len() > limit {
        return Err(Error::input(
            path,
            format_args!("longer than {limit} bytes, which is the limit for such a file"),
        ));
    }
    Ok(bytes)
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    match error.kind() {
        ErrorKind::NotFound => Error::input(path, "no such file; check its name and directory"),
        ErrorKind::IsADirectory => Error::input(path, "a directory; name a file in it"),
        ErrorKind::PermissionDenied => {
            Error::input(path, "you may not read it; ask its owner, or use chmod")
        }
        _ => Error::input(path, format_args!("cannot be read: {error}")),
    }
}

/// The file at `path` as UTF-8 text, at most `limit` bytes.
pub fn read_text(path: &Path, limit: usize) -> Result<String, Error> {
    String::from_utf8(read(path, limit)?)
        .map_err(|_| Error::input(path, "not UTF-8 text; save it as UTF-8"))
}

/// The SHA-256 of the file at `path`, at most `limit` bytes, as sha256sum prints it.
pub fn digest_line(path: &Path, limit: usize) -> Result<String, Error> {
    let digest = sha256(&read(path, limit)?);
    Ok(format!("{}  {}", hex::encode(&digest), path.display()))
}

/// Refuses unless a file is at `path`: for programs that take a name which is no file for
/// something else, as tockloader takes it for an address on the network.
pub fn must_be_there(path: &Path, fix: &str) -> Result<(), Error> {
    if path.is_file() {
        return Ok(());
    }
    Err(Error::input(path, format_args!("no such file; {fix}")))
}

/// Refuses if a file is at `path`: for commands that write several files, or none.
pub fn must_be_absent(path: &Path) -> Result<(), Error> {
    match path.symlink_metadata() {
        Ok(_) => Err(exists(path)),
        Err(_) => Ok(()),
    }
}

fn exists(path: &Path) -> Error {
    Error::new(
        Class::Usage,
        format!(
            "{}: exists and is not overwritten; remove it or name another file",
            path.display()
        ),
    )
}

/// Writes a file that must not exist yet.
pub fn write_new(path: &Path, bytes: &[u8], access: Access) -> Result<(), Error> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(access.mode())
        .open(path)
        .map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => exists(path),
            ErrorKind::NotFound => {
                Error::environment(path, "its directory does not exist; make that first")
            }
            _ => Error::environment(path, format_args!("cannot be created: {error}")),
        })?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(|error| Error::environment(path, format_args!("cannot be written: {error}")))
}

/// Writes a file, in place of an older one: output that can be made again.
pub fn write(path: &Path, bytes: &[u8], access: Access) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::environment(
            path,
            format_args!("cannot be replaced: {error}"),
        )),
        _ => write_new(path, bytes, access),
    }
}

/// Makes the directory at `path`, and its parents, if they are missing.
pub fn create_directory(path: &Path) -> Result<(), Error> {
    fs::create_dir_all(path)
        .map_err(|error| Error::environment(path, format_args!("cannot be created: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn an_existing_file_stays() {
        let scratch = Scratch::new("files-existing");
        let path = scratch.path("key");
        write_new(&path, b"first", Access::Private).unwrap();
        let error = write_new(&path, b"second", Access::Private).unwrap_err();
        assert_eq!(error.class(), Class::Usage);
        assert_eq!(read(&path, 10).unwrap(), b"first");
    }

    #[test]
    fn what_is_no_file_is_named_with_a_fix() {
        let scratch = Scratch::new("files-unreadable");
        for (path, what) in [
            (
                scratch.path("none"),
                "no such file; check its name and directory",
            ),
            (scratch.path("."), "a directory; name a file in it"),
        ] {
            let error = read(&path, 10).unwrap_err();
            assert_eq!(error, Error::input(&path, what));
        }
        let path = scratch.path("none/new");
        let error = write_new(&path, b"", Access::Public).unwrap_err();
        let what = "its directory does not exist; make that first";
        assert_eq!(error, Error::environment(&path, what));
    }

    #[test]
    fn a_private_file_is_the_owners_alone() {
        let scratch = Scratch::new("files-private");
        let path = scratch.path("key");
        write_new(&path, b"secret", Access::Private).unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_file_over_the_limit_is_refused() {
        let scratch = Scratch::new("files-limit");
        let path = scratch.path("model");
        write(&path, b"12345", Access::Public).unwrap();
        assert_eq!(read(&path, 5).unwrap(), b"12345");
        assert_eq!(read(&path, 4).unwrap_err().class(), Class::Input);
    }
}
