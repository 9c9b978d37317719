//! Several answers under one signature, as a relying party gets them.

use anchorhold_evidence::{batch, merkle};

use super::{Client, Verified, NONCE_LENGTH, PAUSE};
use crate::error::{Class, Error};
use crate::random;
use crate::simulation::transport::{self, Reply};

/// Longest answer of a batch: claims, path and signed root.
const LONGEST: usize = 2048;

impl Client {
    /// Asks for `count` answers and one signature over all of them, 1 to
    /// [`merkle::MAX_LEAVES`]; each must verify.
    ///
    /// # Errors
    /// What the device refuses, or what does not verify.
    pub fn ask_together(&mut self, count: usize) -> Result<Vec<Verified>, Error> {
        let mut taken = Vec::new();
        for _ in 0..count {
            let nonce: [u8; NONCE_LENGTH] = *random::secret()?.expose();
            taken.push((self.claims(&nonce)?, nonce));
        }
        let root = self.signed_root()?;
        let leaves: Vec<_> = taken
            .iter()
            .map(|(claims, _)| merkle::leaf(claims))
            .collect();
        let mut answers = Vec::new();
        for (index, (claims, nonce)) in (0..).zip(taken) {
            let mut token = vec![0; LONGEST];
            let length = batch::write_answer(&claims, index, &leaves, &root, &mut token)
                .map_err(|error| Error::new(Class::Refused, error.to_string()))?;
            token.truncate(length);
            answers.push(Verified {
                answer: self.check(&token, &nonce)?,
                token,
                nonce,
            });
        }
        Ok(answers)
    }

    fn claims(&mut self, nonce: &[u8]) -> Result<Vec<u8>, Error> {
        loop {
            self.session.request_claims(nonce)?;
            loop {
                match self.session.reply()? {
                    // Anybody on the line can print claims; these at least are for us.
                    Reply::Claims(claims) if names(&claims, nonce) => return Ok(claims),
                    Reply::Refused(name) if transport::is_passing(&name) => break,
                    Reply::Refused(name) => return Err(self.no_answer(&name)),
                    _ => (),
                }
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn signed_root(&mut self) -> Result<Vec<u8>, Error> {
        loop {
            self.session.request_signature()?;
            loop {
                match self.session.reply()? {
                    Reply::Batch(root) => return Ok(root),
                    Reply::Refused(name) if transport::is_passing(&name) => break,
                    Reply::Refused(name) => return Err(self.no_answer(&name)),
                    _ => (),
                }
            }
            std::thread::sleep(PAUSE);
        }
    }
}

fn names(claims: &[u8], nonce: &[u8]) -> bool {
    claims.windows(nonce.len()).any(|window| window == nonce)
}
