//! A ticket: the content key of a package, wrapped for one device.

use crate::refusal::Refusal;
use anchorhold_crypto::es256::KID_LEN;
use anchorhold_crypto::hpke::{self, RecipientKey, ENC_LEN, WRAPPED_LEN};
use anchorhold_crypto::Secret;

/// Length of a ticket, in bytes: kid, encapsulated key, wrapped content key.
pub const TICKET_LEN: usize = KID_LEN + ENC_LEN + WRAPPED_LEN;

/// HPKE `info` of every ticket.
pub(crate) const INFO: &[u8] = b"anchorhold ticket v1";

/// A view of one ticket. It opens only for the device that it was made for, and only
/// with the manifest that it was made for.
#[derive(Clone, Copy)]
pub struct Ticket<'a> {
    kid: &'a [u8],
    enc: &'a [u8],
    wrapped: &'a [u8],
}

impl<'a> Ticket<'a> {
    pub(crate) fn new(bytes: &'a [u8; TICKET_LEN]) -> Self {
        let (kid, rest) = bytes.split_at(KID_LEN);
        let (enc, wrapped) = rest.split_at(ENC_LEN);
        Ticket { kid, enc, wrapped }
    }

    /// Identifies the device's unseal key.
    pub fn kid(&self) -> &'a [u8] {
        self.kid
    }

    /// Recovers the content key.
    ///
    /// # Errors
    /// [`Refusal::BadTicket`] when the ticket was damaged, made for another device under
    /// this device's kid, or made for another manifest.
    pub(crate) fn unwrap(
        &self,
        device: &RecipientKey,
        manifest_digest: &[u8; 32],
    ) -> Result<Secret<32>, Refusal> {
        hpke::unwrap(device, INFO, manifest_digest, self.enc, self.wrapped)
            .map_err(|_| Refusal::BadTicket)
    }
}
