//! System call driver numbers of our drivers, from the range that Tock leaves to
//! out-of-tree drivers.

/// Evidence: asking for answers, and delivering them (`docs/syscalls/A0001_evidence.md`).
pub const EVIDENCE: usize = 0xA0001;
/// Input windows for the inference process (`docs/syscalls/A0002_sensor.md`).
pub const SENSOR: usize = 0xA0002;
/// Tiles of the sealed model for the inference process (`docs/syscalls/A0003_vault.md`).
pub const VAULT: usize = 0xA0003;
