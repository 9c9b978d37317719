//! What a token says.

use anchorhold_policy::{InputStatus, Summary};
use anchorhold_provisioning::KeyTier;

/// The claims of one token; measurements travel beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claims<'a> {
    /// The caller's nonce, 8 to 64 bytes. Nothing else in a token is the caller's.
    pub nonce: &'a [u8],
    /// The device's name: the type byte 0x01 and 16 bytes.
    pub ueid: [u8; 17],
    /// Seconds since boot.
    pub uptime_s: u32,
    /// Whether the board's debug port is closed.
    pub debug: DebugStatus,
    /// Version of the kernel and its capsules, at most 32 bytes.
    pub version: &'a str,
    /// The model that answered; `None` when none is accepted.
    pub model: Option<Model>,
    /// The window that was handed to the model; `None` when there was none.
    pub input: Option<Input>,
    /// The answer; `None` in a token that only attests.
    pub outcome: Option<Outcome>,
    /// ShortId of the application that asked; 0 = none.
    pub requester: u32,
    /// Never the same in two tokens of a device.
    pub counter: Counter,
    /// SHA-256 over what booted, as the board defines it.
    pub boot_measurement: [u8; 32],
    /// How the device's keys are protected.
    pub key_tier: KeyTier,
    /// Whether the model reproduced its golden vector.
    pub self_test: SelfTest,
}

/// Which model answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Model {
    /// The model's UUID, from its manifest.
    pub uuid: [u8; 16],
    /// The model's version, from its manifest.
    pub version: u64,
    /// SHA-256 of the manifest's COSE_Sign1.
    pub manifest_digest: [u8; 32],
}

/// Which samples were handed to the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Input {
    /// Where they came from.
    pub source: InputSource,
    /// HMAC-SHA256 over them under a key that only the device has.
    pub commitment: [u8; 32],
    /// Number of the first sample since boot.
    pub first_sample: u64,
    /// Samples in the window.
    pub samples: u32,
    /// The verdict of the manifest's input checks.
    pub status: InputStatus,
}

/// Where a window came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputSource {
    /// The kernel's accelerometer driver.
    Accelerometer = 1,
    /// A whole tensor injected for a test: not a measurement.
    InjectedTensor = 2,
    /// The manifest's golden input.
    Golden = 3,
    /// The kernel's microphone driver.
    Microphone = 4,
}

impl InputSource {
    /// The source with this code, if there is one.
    pub fn from_code(code: u8) -> Option<Self> {
        [
            Self::Accelerometer,
            Self::InjectedTensor,
            Self::Golden,
            Self::Microphone,
        ]
        .into_iter()
        .find(|source| *source as u8 == code)
    }
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Whether there is an answer, or why not.
    pub status: ResultStatus,
    /// The answer: present exactly when `status` is [`ResultStatus::Answered`].
    pub summary: Option<Summary>,
}

impl Outcome {
    /// Whether summary and status agree.
    pub fn is_consistent(&self) -> bool {
        (self.status == ResultStatus::Answered) == self.summary.is_some()
    }
}

/// Whether there is an answer, or why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResultStatus {
    /// The model answered.
    Answered = 0,
    /// The window failed the manifest's input checks.
    InputRejected = 1,
    /// The inference process reported a failure.
    InferenceFailed = 2,
    /// The inference process faulted or exited, and was restarted.
    InferenceRestarted = 3,
    /// The inference process did not answer in time, and was restarted.
    DeadlineExceeded = 4,
    /// A tile of the sealed model failed its tag check.
    TileRefused = 5,
}

impl ResultStatus {
    /// The status with this code, if there is one.
    pub fn from_code(code: u8) -> Option<Self> {
        [
            Self::Answered,
            Self::InputRejected,
            Self::InferenceFailed,
            Self::InferenceRestarted,
            Self::DeadlineExceeded,
            Self::TileRefused,
        ]
        .into_iter()
        .find(|status| *status as u8 == code)
    }
}

/// A counter that never repeats: `boot` grows with every reset, `sequence` with every token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counter {
    /// Number of this boot; also the registered boot count claim.
    pub boot: u32,
    /// Number of this token.
    pub sequence: u64,
}

/// State of the debug port (RFC 9711 section 4.2.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DebugStatus {
    /// Open.
    Enabled = 0,
    /// Closed now; it may have been open earlier in this boot.
    Disabled = 1,
    /// Closed since this boot began.
    DisabledSinceBoot = 2,
    /// Closed for good, but for the manufacturer.
    DisabledPermanently = 3,
    /// Closed for good and for everyone.
    DisabledFullyAndPermanently = 4,
}

impl DebugStatus {
    /// The state with this code, if there is one.
    pub fn from_code(code: u8) -> Option<Self> {
        [
            Self::Enabled,
            Self::Disabled,
            Self::DisabledSinceBoot,
            Self::DisabledPermanently,
            Self::DisabledFullyAndPermanently,
        ]
        .into_iter()
        .find(|status| *status as u8 == code)
    }
}

/// Whether the model reproduced the golden vector of its manifest on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelfTest {
    /// It has not run since boot.
    NotRun = 0,
    /// The output was the expected one.
    Passed = 1,
    /// The output differed, or there was none.
    Failed = 2,
}

impl SelfTest {
    /// The state with this code, if there is one.
    pub fn from_code(code: u8) -> Option<Self> {
        [Self::NotRun, Self::Passed, Self::Failed]
            .into_iter()
            .find(|state| *state as u8 == code)
    }
}
