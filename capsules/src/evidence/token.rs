//! Building and signing tokens. Every claim but the nonce is one that the kernel
//! knows for itself; there is no way to have other bytes signed.

use super::capsule::Evidence;
use super::requests::{Pending, RequestKind};
use crate::measurement::MAX_ENTRIES;
use crate::shield;
use anchorhold_crypto::es256::{SigningKey, KID_LEN};
use anchorhold_evidence::merkle::{self, MerkleTree};
use anchorhold_evidence::{
    batch, sign, Claims, Counter, Input, Measurement, Outcome, ResultStatus, MAX_TOKEN,
};
use kernel::hil::time::Alarm;
use kernel::{ErrorCode, ProcessId};

/// Version of the kernel and its capsules, as evidence states it.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Longest token with measurements, each of which takes at most 74 bytes.
const MAX_ATTESTATION: usize = MAX_TOKEN + 74 * MAX_ENTRIES;

/// Signs something with the key of this identifier, and says how long it is.
type Sign<'s> =
    dyn FnMut(&[u8; KID_LEN], &SigningKey) -> Result<usize, anchorhold_crypto::Error> + 's;

impl<'a, A: Alarm<'a>> Evidence<'a, A> {
    /// Answers a request with a signed token.
    pub(super) fn answer(
        &self,
        process: ProcessId,
        pending: &Pending,
        counter: Counter,
        input: Option<Input>,
        outcome: Outcome,
    ) {
        let mut token = [0; MAX_TOKEN];
        let claims = self.claims(pending, counter, input, Some(outcome));
        if pending.kind == RequestKind::Claims {
            let length = claims.and_then(|claims| {
                batch::write_claims(&claims, &mut token).map_err(|_| ErrorCode::FAIL)
            });
            let leaf = merkle::leaf(token.get(..length.unwrap_or(0)).unwrap_or(&[]));
            // The batch has no claims but those that the process can show.
            if self.send(process, pending, &token, length, outcome.status) {
                let _ = self.apps.enter(process, |app, _| app.batch.push(leaf));
            }
            return;
        }
        let length = claims.and_then(|claims| self.sign(&claims, &[], &mut token));
        self.send(process, pending, &token, length, outcome.status);
    }

    /// Signs the claims that a process has collected. It begins a new batch.
    pub(super) fn sign_batch(&self, process: ProcessId, pending: &Pending) {
        let mut token = [0; MAX_TOKEN];
        let tree = self.apps.enter(process, |app, _| app.batch);
        let length = tree.map_err(ErrorCode::from).and_then(|tree| {
            self.with_key(&mut |kid, key| batch::sign_root(&tree, kid, key, &mut token))
        });
        if self.send(process, pending, &token, length, ResultStatus::Answered) {
            let _ = self
                .apps
                .enter(process, |app, _| app.batch = MerkleTree::default());
        }
    }

    /// Answers a request with the measurements of this boot.
    #[inline(never)] // or every other step would have this one's buffers on its stack
    pub(super) fn attest(&self, process: ProcessId, pending: &Pending, counter: Counter) {
        let entries = self.services.measurement.entries();
        let mut measurements = [Measurement {
            name: "",
            digest: [0; 32],
        }; MAX_ENTRIES];
        let mut count = 0usize;
        for (place, entry) in measurements.iter_mut().zip(entries.iter().flatten()) {
            *place = *entry;
            count = count.saturating_add(1);
        }
        let measurements = measurements.get(..count).unwrap_or(&[]);
        let mut token = [0; MAX_ATTESTATION];
        let length = self
            .claims(pending, counter, None, None)
            .and_then(|claims| self.sign(&claims, measurements, &mut token));
        self.send(process, pending, &token, length, ResultStatus::Answered);
    }

    fn send(
        &self,
        process: ProcessId,
        pending: &Pending,
        token: &[u8],
        length: Result<usize, ErrorCode>,
        status: ResultStatus,
    ) -> bool {
        let result = length.and_then(|length| {
            let token = token.get(..length).ok_or(ErrorCode::SIZE)?;
            Ok((token, status as usize))
        });
        self.conclude(process, pending.serial, result)
    }

    fn claims<'n>(
        &self,
        pending: &'n Pending,
        counter: Counter,
        input: Option<Input>,
        outcome: Option<Outcome>,
    ) -> Result<Claims<'n>, ErrorCode> {
        let identity = self.services.keys.identity().ok_or(ErrorCode::OFF)?;
        Ok(Claims {
            nonce: pending.nonce(),
            ueid: identity.ueid,
            uptime_s: self.clock.seconds(),
            debug: self.services.debug,
            version: VERSION,
            model: self.services.model.claim(),
            input,
            outcome,
            requester: pending.short_id,
            counter,
            boot_measurement: self.services.measurement.total(),
            key_tier: identity.tier,
            self_test: self.self_test.get(),
        })
    }

    fn sign(
        &self,
        claims: &Claims,
        measurements: &[Measurement],
        out: &mut [u8],
    ) -> Result<usize, ErrorCode> {
        self.with_key(&mut |kid, key| sign(claims, measurements, kid, key, out))
    }

    /// Lets `sign` use the key that signs evidence.
    fn with_key(&self, sign: &mut Sign<'_>) -> Result<usize, ErrorCode> {
        let identity = self.services.keys.identity().ok_or(ErrorCode::OFF)?;
        shield::public_key(|shield| {
            let key = self.services.keys.evidence(shield)?;
            sign(&identity.evidence_kid, &key).map_err(|_| ErrorCode::FAIL)
        })
    }
}
