//! [`ProcessBinary`]: a TBF in flash that could become a process.

use core::fmt;

use tock_tbf::parse::{parse_tbf_header, parse_tbf_header_lengths};
use tock_tbf::types::{InitialTbfParseError, TbfHeader, TbfParseError};

use crate::process_checker::AcceptedCredential;
use crate::utilities::cells::OptionalCell;
use crate::{KERNEL_MAJOR_VERSION, KERNEL_MINOR_VERSION};

/// Why a TBF does not become a process.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ProcessBinaryError {
    /// There is no TBF: the end of the list.
    TbfHeaderNotFound,
    /// The header is malformed.
    TbfHeaderParseFailure(TbfParseError),
    /// The TBF is longer than the flash that is left: the end of the list.
    NotEnoughFlash,
    /// It needs another kernel, or does not say which.
    IncompatibleKernelVersion {
        /// Major and minor version that it needs.
        version: Option<(u16, u16)>,
    },
    /// It is not at the address that it was built for.
    IncorrectFlashAddress {
        /// Where its code is.
        actual_address: u32,
        /// Where its code must be.
        expected_address: u32,
    },
    /// It is switched off.
    NotEnabledProcess,
    /// There is nothing to run in it: padding or data.
    Padding,
}

impl From<TbfParseError> for ProcessBinaryError {
    fn from(error: TbfParseError) -> Self {
        Self::TbfHeaderParseFailure(error)
    }
}

impl fmt::Debug for ProcessBinaryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TbfHeaderNotFound => f.write_str("no TBF"),
            Self::TbfHeaderParseFailure(error) => error.fmt(f),
            Self::NotEnoughFlash => f.write_str("TBF reaches past the flash"),
            Self::IncompatibleKernelVersion {
                version: Some((major, minor)),
            } => write!(f, "needs kernel {major}.{minor}"),
            Self::IncompatibleKernelVersion { version: None } => {
                f.write_str("does not name a kernel version")
            }
            Self::IncorrectFlashAddress {
                actual_address,
                expected_address,
            } => write!(
                f,
                "is at {actual_address:#x}, built for {expected_address:#x}"
            ),
            Self::NotEnabledProcess => f.write_str("not enabled"),
            Self::Padding => f.write_str("nothing to run"),
        }
    }
}

/// A TBF in flash: an enabled application that this kernel can run.
pub struct ProcessBinary {
    /// The whole TBF.
    pub flash: &'static [u8],
    /// Its footers.
    pub footers: &'static [u8],
    /// Its header.
    pub header: TbfHeader<'static>,
    /// The credential by which it was accepted.
    pub credential: OptionalCell<AcceptedCredential>,
}

impl ProcessBinary {
    /// Looks at the start of `flash`. Returns what is there and the flash
    /// behind it; when nothing is there, that is `flash` itself.
    pub(crate) fn discover(
        flash: &'static [u8],
    ) -> (Result<ProcessBinary, ProcessBinaryError>, &'static [u8]) {
        let Some(start) = flash.first_chunk::<8>() else {
            return (Err(ProcessBinaryError::NotEnoughFlash), flash);
        };
        let (version, header_length, total_length) = match parse_tbf_header_lengths(start) {
            Ok(lengths) => lengths,
            // A header length of 0 makes the parser say what is wrong.
            Err(InitialTbfParseError::InvalidHeader(total)) => (2, 0, total),
            Err(InitialTbfParseError::UnableToParse) => {
                return (Err(ProcessBinaryError::TbfHeaderNotFound), flash);
            }
        };
        match flash.split_at_checked(total_length as usize) {
            Some((tbf, rest)) => (Self::create(tbf, header_length.into(), version), rest),
            None => (Err(ProcessBinaryError::NotEnoughFlash), flash),
        }
    }

    fn create(
        flash: &'static [u8],
        header_length: usize,
        version: u16,
    ) -> Result<Self, ProcessBinaryError> {
        let header_bytes = flash
            .get(..header_length)
            .ok_or(ProcessBinaryError::NotEnoughFlash)?;
        let header = parse_tbf_header(header_bytes, version)?;
        if !header.has_program() {
            return Err(ProcessBinaryError::Padding);
        }
        if !header.enabled() {
            return Err(ProcessBinaryError::NotEnabledProcess);
        }
        let version = header.get_kernel_version();
        if !version.is_some_and(|(major, minor)| {
            major == KERNEL_MAJOR_VERSION && minor <= KERNEL_MINOR_VERSION
        }) {
            return Err(ProcessBinaryError::IncompatibleKernelVersion { version });
        }
        if let Some(expected_address) = header.get_fixed_address_flash() {
            let protected = header.get_protected_size() as usize;
            let actual_address = flash.as_ptr().wrapping_add(protected).addr() as u32;
            if actual_address != expected_address {
                return Err(ProcessBinaryError::IncorrectFlashAddress {
                    actual_address,
                    expected_address,
                });
            }
        }
        let footers = flash
            .get(header.get_binary_end() as usize..)
            .ok_or(ProcessBinaryError::NotEnoughFlash)?;
        Ok(Self {
            flash,
            footers,
            header,
            credential: OptionalCell::empty(),
        })
    }

    /// The credential by which it was accepted.
    pub fn get_credential(&self) -> Option<AcceptedCredential> {
        self.credential.get()
    }

    /// What its credentials cover: everything before the footers.
    pub fn get_integrity_region_slice(&self) -> &'static [u8] {
        let end = self.flash.len() - self.footers.len();
        self.flash.get(..end).unwrap_or(&[])
    }

    /// Its name, fit for the log.
    pub(crate) fn name(&self) -> &'static str {
        printable_name(&self.header)
    }
}

/// Longer names are not shown: they would make lines too long for the log to keep whole.
const LONGEST_NAME: usize = 64;

/// The package name if it is short and visible ASCII. Anything else could pass itself
/// off as other lines of the log.
pub(crate) fn printable_name(header: &TbfHeader<'static>) -> &'static str {
    let name = header.get_package_name();
    name.filter(|name| is_printable(name))
        .unwrap_or("(unnamed)")
}

fn is_printable(name: &str) -> bool {
    (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::is_printable;

    #[test]
    fn names_leave_lines_of_the_log_short() {
        assert!(is_printable(&"n".repeat(64)));
        assert!(!is_printable(&"n".repeat(65)));
        assert!(!is_printable("") && !is_printable("two\nlines"));
    }
}
