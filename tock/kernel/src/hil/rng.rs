//! Random numbers, fit for keys and nonces.

use crate::errorcode::ErrorCode;

/// Whether a client wants more.
#[derive(Debug, Eq, PartialEq)]
pub enum Continue {
    /// Call again when there is more.
    More,
    /// Enough.
    Done,
}

/// A source of random 32-bit numbers.
pub trait Rng<'a> {
    /// Starts to make some. The client is called once there are any, never
    /// from within this call.
    fn get(&self) -> Result<(), ErrorCode>;

    /// Stops. `FAIL`: too late, the callback will come.
    fn cancel(&self) -> Result<(), ErrorCode>;

    /// Names who gets the numbers.
    fn set_client(&'a self, client: &'a dyn Client);
}

/// Takes random numbers.
pub trait Client {
    /// Takes as many numbers from `randomness` as it wants, or learns of
    /// `error`. If the iterator runs dry first, the answer [`Continue::More`]
    /// starts another round.
    fn randomness_available(
        &self,
        randomness: &mut dyn Iterator<Item = u32>,
        error: Result<(), ErrorCode>,
    ) -> Continue;
}
