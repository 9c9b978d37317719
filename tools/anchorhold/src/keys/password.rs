//! The password that a private key file may be encrypted under.

use std::path::Path;

use zeroize::Zeroizing;

use crate::error::{Class, Error};
use crate::files;

/// A password, wiped when dropped; never printed.
pub struct Password(Zeroizing<Vec<u8>>);

impl Password {
    /// The first line of the file at `path`.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let mut bytes = Zeroizing::new(files::read(path, super::FILE_LIMIT)?);
        let end = bytes
            .iter()
            .position(|byte| matches!(byte, b'\n' | b'\r'))
            .unwrap_or(bytes.len());
        bytes.truncate(end);
        if bytes.is_empty() {
            return Err(Error::new(
                Class::Key,
                format!(
                    "{}: the first line is empty; write the password there",
                    path.display()
                ),
            ));
        }
        Ok(Self(bytes))
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}
