//! Where in flash and RAM a process is linked to run.

use std::fmt;

use crate::{Platform, COMMON_SCRIPT};

const PLATFORM: &str = "LIBTOCK_PLATFORM";
const FLASH: &str = "LIBTOCK_LINKER_FLASH";
const FLASH_LENGTH: &str = "LIBTOCK_LINKER_FLASH_LENGTH";
const RAM: &str = "LIBTOCK_LINKER_RAM";
const RAM_LENGTH: &str = "LIBTOCK_LINKER_RAM_LENGTH";
const HEADER_SIZE: &str = "LIBTOCK_TBF_HEADER_SIZE";

/// All variables that a layout depends on.
pub(crate) const VARIABLES: [&str; 6] =
    [PLATFORM, FLASH, FLASH_LENGTH, RAM, RAM_LENGTH, HEADER_SIZE];

/// A place in flash and RAM. Values are in the linker's notation (`0x1000`,
/// `62K`), which checks them.
#[derive(Debug, PartialEq, Eq)]
pub struct Layout {
    flash_start: String,
    flash_length: String,
    ram_start: String,
    ram_length: String,
    header_size: String,
}

/// Why the environment names no place.
#[derive(Debug, PartialEq, Eq)]
pub enum LayoutError {
    /// Neither a platform nor both addresses were given, or a platform and an
    /// address.
    Ambiguous,
    /// There is no platform of this name.
    UnknownPlatform(String),
}

impl fmt::Display for LayoutError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ambiguous => write!(
                formatter,
                "set either {PLATFORM}, or both {FLASH} and {RAM}, to say where the process runs"
            ),
            Self::UnknownPlatform(name) => write!(
                formatter,
                "{PLATFORM} is {name}, which is none of: {}",
                Platform::names().collect::<Vec<_>>().join(", ")
            ),
        }
    }
}

impl Layout {
    /// The layout that the variables ask for; `variable` looks one up.
    ///
    /// # Errors
    /// See [`LayoutError`].
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, LayoutError> {
        let or = |name, default: &str| variable(name).unwrap_or_else(|| default.into());
        let header_size = or(HEADER_SIZE, "0x80");
        match (variable(PLATFORM), variable(FLASH), variable(RAM)) {
            (None, Some(flash_start), Some(ram_start)) => Ok(Self {
                flash_start,
                flash_length: or(FLASH_LENGTH, "0xD0000"),
                ram_start,
                ram_length: or(RAM_LENGTH, "46K"),
                header_size,
            }),
            (Some(name), None, None) => {
                let platform = Platform::named(&name).ok_or(LayoutError::UnknownPlatform(name))?;
                Ok(Self {
                    flash_start: platform.flash_start.into(),
                    flash_length: platform.flash_length.into(),
                    ram_start: platform.ram_start.into(),
                    ram_length: platform.ram_length.into(),
                    header_size,
                })
            }
            _ => Err(LayoutError::Ambiguous),
        }
    }

    /// The linker script for this layout: its values, and the common script
    /// that uses them.
    pub fn script(&self) -> String {
        format!(
            "FLASH_START = {};\nFLASH_LENGTH = {};\nRAM_START = {};\nRAM_LENGTH = {};\n\
             TBF_HEADER_SIZE = {};\nINCLUDE {COMMON_SCRIPT}\n",
            self.flash_start, self.flash_length, self.ram_start, self.ram_length, self.header_size
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(variables: &[(&str, &str)]) -> Result<Layout, LayoutError> {
        Layout::from_variables(|wanted| {
            variables
                .iter()
                .find(|(name, _)| *name == wanted)
                .map(|(_, value)| (*value).into())
        })
    }

    #[test]
    fn a_platform_is_a_place() {
        let script = layout(&[(PLATFORM, "opentitan")]).unwrap().script();
        assert!(script.contains("FLASH_START = 0x20030000;"));
        assert!(script.contains("TBF_HEADER_SIZE = 0x80;"));
    }

    #[test]
    fn addresses_are_a_place() {
        let script = layout(&[(FLASH, "0x1000"), (RAM, "0x2000"), (RAM_LENGTH, "3K")])
            .unwrap()
            .script();
        assert!(script.contains("FLASH_LENGTH = 0xD0000;"));
        assert!(script.contains("RAM_LENGTH = 3K;"));
    }

    #[test]
    fn anything_else_is_refused() {
        assert_eq!(layout(&[]), Err(LayoutError::Ambiguous));
        assert_eq!(layout(&[(RAM, "0x2000")]), Err(LayoutError::Ambiguous));
        assert_eq!(
            layout(&[(PLATFORM, "opentitan"), (RAM, "0x2000")]),
            Err(LayoutError::Ambiguous)
        );
        assert_eq!(
            layout(&[(PLATFORM, "toaster")]),
            Err(LayoutError::UnknownPlatform("toaster".into()))
        );
    }
}
