//! A token, as the relying party who asked for it holds it.

use anchorhold_evidence::{Claims, Counter, Evidence, ReplayGuard, ResultStatus};

use crate::people::Device;

/// A token, the nonce that it answers, and the device that was asked.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The token.
    pub token: Vec<u8>,
    /// The nonce that was sent.
    pub nonce: Vec<u8>,
    device: Device,
}

impl Answer {
    /// A token that must verify.
    #[track_caller]
    pub fn new(token: Vec<u8>, nonce: Vec<u8>, device: &Device) -> Self {
        let answer = Self {
            token,
            nonce,
            device: device.clone(),
        };
        answer.evidence();
        answer
    }

    /// What the token says, verified.
    #[track_caller]
    pub fn evidence(&self) -> Evidence<'_> {
        match self.device.verify(&self.token, &self.nonce) {
            Ok(evidence) => evidence,
            Err(error) => panic!("{error}"),
        }
    }

    /// The claims, verified.
    #[track_caller]
    pub fn claims(&self) -> Claims<'_> {
        self.evidence().claims
    }

    /// The token's number.
    #[track_caller]
    pub fn counter(&self) -> Counter {
        self.claims().counter
    }

    /// How the request ended.
    #[track_caller]
    pub fn status(&self) -> ResultStatus {
        match self.claims().outcome {
            Some(outcome) => outcome.status,
            None => panic!("an attestation has no result"),
        }
    }

    /// The label that the model chose.
    #[track_caller]
    pub fn label(&self) -> u8 {
        match self.claims().outcome.and_then(|outcome| outcome.summary) {
            Some(summary) => summary.label,
            None => panic!("no label: the request ended in {:?}", self.status()),
        }
    }

    /// The bucket of the label's score.
    #[track_caller]
    pub fn score_bucket(&self) -> Option<u8> {
        self.claims()
            .outcome
            .and_then(|outcome| outcome.summary)
            .and_then(|summary| summary.score_bucket)
    }
}

/// Checks that the answers of one device, in the order in which they came, have
/// numbers that only grow, and takes the last one along for the next batch.
#[track_caller]
pub fn numbers_grow<'a>(guard: &mut ReplayGuard, answers: impl IntoIterator<Item = &'a Answer>) {
    for answer in answers {
        if let Err(error) = guard.accept(answer.counter()) {
            panic!("{:?}: {error}", answer.counter());
        }
    }
}
