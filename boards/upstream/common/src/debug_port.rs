//! Whether a board can keep its debug port closed.

use anchorhold_evidence::DebugStatus;

/// The state of the debug port on an nRF52840 whose INFO.VARIANT reads `variant`, if
/// software forces the protection before anything lifts it.
///
/// The register holds four ASCII characters, the third of them the revision's letter.
/// From revision F on the port is closed after reset, and software can force it to stay
/// so (Product Specification, "Access port protection"). Before, only UICR decided, and
/// upstream's start-up erases what UICR says. What is not known counts as open.
pub fn nrf52840(variant: u32) -> DebugStatus {
    match variant.to_be_bytes() {
        [b'A', b'A', b'F'..=b'Z', _] => DebugStatus::DisabledSinceBoot,
        _ => DebugStatus::Enabled,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_revisions_that_can_lock_the_port_say_so() {
        let status = |variant: &[u8; 4]| nrf52840(u32::from_be_bytes(*variant));
        assert_eq!(status(b"AAF0"), DebugStatus::DisabledSinceBoot);
        for variant in [
            b"AAC0",
            b"AAD1",
            b"AAE0",
            b"BAAA",
            b"CAAA",
            b"\xff\xff\xff\xff",
        ] {
            assert_eq!(status(variant), DebugStatus::Enabled);
        }
    }
}
