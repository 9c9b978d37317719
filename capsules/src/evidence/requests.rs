//! Requests: taking them in, admitting them by the owner's policy, and telling their
//! processes how they ended.

use super::capsule::{ro_allow, rw_allow, upcall, Evidence};
use super::startup::Phase;
use anchorhold_evidence::{MAX_NONCE, MAX_TOKEN, MIN_NONCE};
use kernel::grant::GrantKernelData;
use kernel::hil::time::Alarm;
use kernel::process::ShortId;
use kernel::processbuffer::{ReadableProcessBuffer, WriteableProcessBuffer};
use kernel::{ErrorCode, ProcessId};

/// What a process asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RequestKind {
    /// An inference.
    Answer,
    /// The measurements of this boot.
    Attestation,
    /// An inference whose claims are signed later, with others.
    Claims,
    /// The signature over all claims that wait for one.
    BatchSignature,
}

impl RequestKind {
    /// Whether it takes an inference.
    pub fn is_answer(self) -> bool {
        matches!(self, RequestKind::Answer | RequestKind::Claims)
    }
}

/// A request that is not over. What it depends on was copied when it was made, so
/// that the process cannot change it later.
#[derive(Clone, Copy)]
pub(super) struct Pending {
    /// Tells the requests of a process apart.
    pub serial: u32,
    pub kind: RequestKind,
    /// Identity of the application; 0 = none.
    pub short_id: u32,
    nonce: [u8; MAX_NONCE],
    nonce_length: usize,
}

impl Pending {
    /// The caller's nonce.
    pub fn nonce(&self) -> &[u8] {
        self.nonce.get(..self.nonce_length).unwrap_or(&[])
    }
}

impl<'a, A: Alarm<'a>> Evidence<'a, A> {
    /// Takes a request in.
    ///
    /// # Errors
    /// See `docs/syscalls/A0001_evidence.md`.
    pub(super) fn request(&self, process: ProcessId, kind: RequestKind) -> Result<(), ErrorCode> {
        if self.phase.get() == Phase::Off {
            return Err(ErrorCode::OFF);
        }
        let short_id = match process.short_app_id() {
            ShortId::Fixed(id) => id.get(),
            ShortId::LocallyUnique => 0,
        };
        self.send_away_the_gone();
        let waiting = self.answers_waiting();
        let is_full = self.queue.is_full();
        self.apps.enter(process, |app, kernel| {
            if app.pending.is_some() {
                return Err(ErrorCode::ALREADY);
            }
            if is_full {
                return Err(ErrorCode::BUSY);
            }
            match kind {
                RequestKind::Claims if app.batch.is_full() => return Err(ErrorCode::NOMEM),
                RequestKind::BatchSignature if app.batch.size() == 0 => {
                    return Err(ErrorCode::INVAL)
                }
                _ => (),
            }
            let pending = self.read_request(kernel, kind, short_id)?;
            // Before the model is known, the decision waits until it is.
            if self.phase.get() == Phase::Ready {
                self.admit(kind, short_id, waiting)?;
            }
            app.pending = Some(pending);
            Ok(())
        })??;
        self.queue.push(process).map_err(|_| ErrorCode::BUSY)?;
        self.deferred_call.set();
        Ok(())
    }

    /// Withdraws the request of a process. An inference that is under way for it goes
    /// on, and its answer is dropped.
    ///
    /// # Errors
    /// `INVAL` when there is none.
    pub(super) fn cancel(&self, process: ProcessId) -> Result<(), ErrorCode> {
        let pending = self
            .apps
            .enter(process, |app, _| app.pending.take().is_some())?;
        self.queue.retain(|other| other != process);
        if pending {
            Ok(())
        } else {
            Err(ErrorCode::INVAL)
        }
    }

    /// Whether the owner's policy lets this application have an answer, when `others`
    /// were admitted but not counted yet.
    pub(super) fn admit(
        &self,
        kind: RequestKind,
        short_id: u32,
        others: u32,
    ) -> Result<(), ErrorCode> {
        if !kind.is_answer() {
            return Ok(());
        }
        let policy = self.services.model.policy().ok_or(ErrorCode::NODEVICE)?;
        let identity = Some(short_id).filter(|&id| id != 0);
        if !policy.allowed_apps.permits(identity) {
            return Err(ErrorCode::NOSUPPORT);
        }
        self.budget.map_or(Err(ErrorCode::NODEVICE), |budget| {
            budget
                .covers(others.saturating_add(1))
                .map_err(|_| ErrorCode::RESERVE)
        })
    }

    /// The request of a process, if it is not over.
    pub(super) fn pending(&self, process: ProcessId) -> Option<Pending> {
        self.apps.enter(process, |app, _| app.pending).ok()?
    }

    /// Ends the request with this serial number: gives its process the token, or the
    /// error why there is none. A request that was withdrawn is over already. Says
    /// whether the process has a token now.
    pub(super) fn conclude(
        &self,
        process: ProcessId,
        serial: u32,
        result: Result<(&[u8], usize), ErrorCode>,
    ) -> bool {
        let delivered = self.apps.enter(process, |app, kernel| {
            if app.pending.is_none_or(|pending| pending.serial != serial) {
                return false;
            }
            app.pending = None;
            let delivered = result.and_then(|(token, status)| {
                write_token(kernel, token)?;
                Ok((0, token.len(), status))
            });
            let arguments = delivered.unwrap_or_else(|error| (error as usize, 0, 0));
            // A process whose upcall queue is full loses its own answer only.
            let _ = kernel.schedule_upcall(upcall::TOKEN, arguments);
            delivered.is_ok()
        });
        delivered.unwrap_or(false)
    }

    fn read_request(
        &self,
        kernel: &GrantKernelData,
        kind: RequestKind,
        short_id: u32,
    ) -> Result<Pending, ErrorCode> {
        let room = kernel
            .get_readwrite_processbuffer(rw_allow::TOKEN)
            .map_or(0, |buffer| buffer.len());
        if room < MAX_TOKEN {
            return Err(ErrorCode::SIZE);
        }
        let serial = self.serial.get().wrapping_add(1);
        self.serial.set(serial);
        let mut pending = Pending {
            serial,
            kind,
            short_id,
            nonce: [0; MAX_NONCE],
            nonce_length: 0,
        };
        // Claims have their nonces; the signature over many has none.
        if kind == RequestKind::BatchSignature {
            return Ok(pending);
        }
        pending.nonce_length = kernel
            .get_readonly_processbuffer(ro_allow::NONCE)
            .and_then(|buffer| {
                buffer.enter(|bytes| {
                    let place = pending
                        .nonce
                        .get_mut(..bytes.len())
                        .filter(|place| place.len() >= MIN_NONCE)
                        .ok_or(ErrorCode::SIZE)?;
                    bytes.copy_to_slice_or_err(place)?;
                    Ok(bytes.len())
                })
            })
            .unwrap_or(Err(ErrorCode::SIZE))?;
        Ok(pending)
    }

    /// Processes that died, restarted or withdrew leave the queue.
    pub(super) fn send_away_the_gone(&self) {
        self.queue.retain(|process| self.pending(process).is_some());
    }

    fn answers_waiting(&self) -> u32 {
        self.queue
            .iter()
            .filter_map(|process| self.pending(process))
            .filter(|pending| pending.kind.is_answer())
            .count() as u32
    }
}

fn write_token(kernel: &GrantKernelData, token: &[u8]) -> Result<(), ErrorCode> {
    kernel
        .get_readwrite_processbuffer(rw_allow::TOKEN)
        .and_then(|buffer| {
            buffer.mut_enter(|room| {
                room.get(..token.len())
                    .ok_or(ErrorCode::SIZE)?
                    .copy_from_slice_or_err(token)
            })
        })
        .unwrap_or(Err(ErrorCode::SIZE))
}
