//! Element types of activations.

/// What an activation's elements are, all two's complement; the discriminants are
/// those of headers and records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Element {
    /// One byte each.
    #[default]
    Int8 = 0,
    /// Two bytes each, the lower first.
    Int16 = 1,
}

impl Element {
    /// The type with this number, if there is one.
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Int8),
            1 => Some(Self::Int16),
            _ => None,
        }
    }

    /// Length of an element.
    pub const fn bytes(self) -> u32 {
        match self {
            Self::Int8 => 1,
            Self::Int16 => 2,
        }
    }

    /// Whether a tensor of so many bytes has whole elements.
    pub const fn fills(self, bytes: u32) -> bool {
        match self {
            Self::Int8 => true,
            Self::Int16 => bytes & 1 == 0,
        }
    }

    /// The type's least value.
    pub const fn least(self) -> i16 {
        match self {
            Self::Int8 => i8::MIN as i16,
            Self::Int16 => i16::MIN,
        }
    }

    /// The type's greatest value.
    pub const fn greatest(self) -> i16 {
        match self {
            Self::Int8 => i8::MAX as i16,
            Self::Int16 => i16::MAX,
        }
    }
}
