//! The Tock kernel interfaces that Anchorhold uses.
