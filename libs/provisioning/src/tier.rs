//! How well a device's keys are protected.

/// The protection of a device's HUK, as its OEM states it; evidence carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyTier {
    /// Keys for development, which anyone may know. Relying parties refuse them
    /// unless they are told otherwise.
    Development = 1,
    /// Keys in flash that a debugger cannot read (nRF52 with APPROTECT).
    FlashLocked = 2,
    /// Keys behind a hardware key manager (OpenTitan).
    KeyManager = 3,
}

impl KeyTier {
    /// The tier with this code, if there is one.
    pub fn from_code(code: u8) -> Option<KeyTier> {
        match code {
            1 => Some(KeyTier::Development),
            2 => Some(KeyTier::FlashLocked),
            3 => Some(KeyTier::KeyManager),
            _ => None,
        }
    }

    /// The code in the page, in the device record and in evidence.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The tier's name, as people see it.
    pub fn name(self) -> &'static str {
        match self {
            KeyTier::Development => "development",
            KeyTier::FlashLocked => "flash-locked",
            KeyTier::KeyManager => "keymgr",
        }
    }
}
