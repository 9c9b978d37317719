//! Random numbers from the host's `/dev/urandom`.

use crate::file::{File, Mode};
use kernel::deferred_call::{DeferredCall, DeferredCallClient};
use kernel::hil::entropy::{Client32, Continue, Entropy32};
use kernel::utilities::cells::OptionalCell;
use kernel::ErrorCode;

/// Words fetched at a time.
const WORDS: usize = 8;

/// The host as a source of entropy.
pub struct Entropy<'a> {
    file: Option<File>,
    soon: DeferredCall,
    wanted: core::cell::Cell<bool>,
    client: OptionalCell<&'a dyn Client32>,
}

impl Entropy<'_> {
    /// Opens the source; without it every request returns `NODEVICE`.
    pub fn new() -> Self {
        Entropy {
            file: File::open(c"/dev/urandom", Mode::Read).ok(),
            soon: DeferredCall::new(),
            wanted: core::cell::Cell::new(false),
            client: OptionalCell::empty(),
        }
    }

    fn fetch(&self) -> Result<[u32; WORDS], ErrorCode> {
        let mut bytes = [0; WORDS * 4];
        let file = self.file.ok_or(ErrorCode::NODEVICE)?;
        if file.read(&mut bytes)? != bytes.len() {
            return Err(ErrorCode::FAIL);
        }
        let mut words = [0; WORDS];
        for (word, chunk) in words.iter_mut().zip(bytes.chunks_exact(4)) {
            *word = chunk
                .iter()
                .fold(0, |value, byte| (value << 8) | u32::from(*byte));
        }
        Ok(words)
    }
}

impl Default for Entropy<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'a> Entropy32<'a> for Entropy<'a> {
    fn get(&self) -> Result<(), ErrorCode> {
        if self.file.is_none() {
            return Err(ErrorCode::NODEVICE);
        }
        self.wanted.set(true);
        self.soon.set();
        Ok(())
    }

    fn cancel(&self) -> Result<(), ErrorCode> {
        self.wanted.set(false);
        Ok(())
    }

    fn set_client(&'a self, client: &'a dyn Client32) {
        self.client.set(client);
    }
}

impl DeferredCallClient for Entropy<'_> {
    fn handle_deferred_call(&self) {
        if !self.wanted.take() {
            return;
        }
        let (words, result) = match self.fetch() {
            Ok(words) => (words, Ok(())),
            Err(error) => ([0; WORDS], Err(error)),
        };
        // No words at all on failure, so that none can be taken for random.
        let count = if result.is_ok() { WORDS } else { 0 };
        let more = self
            .client
            .map(|client| client.entropy_available(&mut words.into_iter().take(count), result));
        if more == Some(Continue::More) && result.is_ok() {
            self.wanted.set(true);
            self.soon.set();
        }
    }

    fn register(&'static self) {
        self.soon.register(self);
    }
}
