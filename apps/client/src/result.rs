//! What became of a request, as the evidence driver's calls say it.

/// The outcome that Evidence states. The numbers are those of the system calls
/// and of the token's result claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResultStatus {
    /// The model has answered.
    Answered = 0,
    /// The input did not pass the checks of the model's manifest.
    InputRejected = 1,
    /// The inference process reported that it could not answer.
    InferenceFailed = 2,
    /// The inference process faulted or ended while it worked.
    InferenceRestarted = 3,
    /// The inference process took too long and was restarted.
    DeadlineExceeded = 4,
    /// A tile of the model did not authenticate.
    TileRefused = 5,
}

impl ResultStatus {
    /// The status with this number, if there is one.
    pub fn from_code(code: u32) -> Option<Self> {
        Some(match code {
            0 => Self::Answered,
            1 => Self::InputRejected,
            2 => Self::InferenceFailed,
            3 => Self::InferenceRestarted,
            4 => Self::DeadlineExceeded,
            5 => Self::TileRefused,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_convert_to_themselves() {
        for code in 0..10 {
            if let Some(status) = ResultStatus::from_code(code) {
                assert_eq!(status as u32, code);
            } else {
                assert!(code > 5);
            }
        }
    }
}
