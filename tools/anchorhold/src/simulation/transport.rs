//! The conversation with the reader application: a nonce out, a signed token back.

use crate::hex;

/// What the reader application prints once it takes nonces.
pub const READY: &str = "reader: ready";

/// The line that asks for an answer to `nonce`.
pub fn request(nonce: &[u8]) -> String {
    format!("nonce {}", hex::encode(nonce))
}

/// The line that asks for claims that answer `nonce` and are signed later.
pub fn request_claims(nonce: &[u8]) -> String {
    format!("claims {}", hex::encode(nonce))
}

/// The line that asks for the signature over all claims.
pub const SIGN: &str = "sign";

/// What a line of the board's output means to a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// A token, not verified yet.
    Evidence(Vec<u8>),
    /// Claims, not signed yet.
    Claims(Vec<u8>),
    /// The signed root over the claims since the last one.
    Batch(Vec<u8>),
    /// The device gave no answer; the name of Tock's error code.
    Refused(String),
}

impl Reply {
    /// The reply that `line` is, if it is one.
    pub fn parse(line: &str) -> Option<Self> {
        let (word, rest) = line.split_once(' ')?;
        match word {
            "evidence" => hex::decode(rest).map(Reply::Evidence),
            "claims" => hex::decode(rest).map(Reply::Claims),
            "batch" => hex::decode(rest).map(Reply::Batch),
            "error" => Some(Reply::Refused(rest.to_owned())),
            _ => None,
        }
    }
}

/// Whether asking again later may help: the names are Tock's error codes
/// (docs/syscalls, evidence driver).
pub fn is_passing(refusal: &str) -> bool {
    matches!(refusal, "BUSY" | "ALREADY" | "RESERVE")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_are_told_from_other_lines() {
        assert_eq!(request(&[0xAB, 1]), "nonce ab01");
        assert_eq!(
            Reply::parse("evidence d284"),
            Some(Reply::Evidence(vec![0xD2, 0x84]))
        );
        assert_eq!(
            Reply::parse("error NODEVICE"),
            Some(Reply::Refused("NODEVICE".into()))
        );
        assert_eq!(request_claims(&[1]), "claims 01");
        assert_eq!(Reply::parse("claims a1"), Some(Reply::Claims(vec![0xA1])));
        assert_eq!(Reply::parse("batch d2"), Some(Reply::Batch(vec![0xD2])));
        assert_eq!(Reply::parse("evidence d2x4"), None);
        assert_eq!(Reply::parse("vault: accepted"), None);
    }

    #[test]
    fn a_spent_budget_passes_and_a_missing_model_does_not() {
        assert!(is_passing("RESERVE"));
        assert!(!is_passing("NODEVICE"));
    }
}
