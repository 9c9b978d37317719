//! Which revisions of the chip can lock their debug port.

use anchorhold_evidence::DebugStatus;

/// The state of the debug port on a chip whose INFO.VARIANT reads `variant`, if
/// software forces the protection before anything lifts it.
///
/// The register holds four ASCII characters, the third of them the revision's letter.
/// From revision F on the port is closed after reset, and software can force it to stay
/// so (Product Specification, "Access port protection"). Before, only UICR decided, and
/// upstream's start-up erases what UICR says. What is not known counts as open.
pub fn status(variant: u32) -> DebugStatus {
    match variant.to_be_bytes() {
        [b'A', b'A', b'F'..=b'Z', _] => DebugStatus::DisabledSinceBoot,
        _ => DebugStatus::Enabled,
    }
}
