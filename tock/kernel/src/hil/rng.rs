//! Sources of random numbers: whatever produces them is not the client's concern.

use crate::errorcode::ErrorCode;

/// Whether a client wants more.
#[derive(Debug, Eq, PartialEq)]
pub enum Continue {
    /// Call again when there is more.
    More,
    /// Enough.
    Done,
}

/// A source of 32-bit random numbers.
pub trait Rng<'a> {
    /// Starts to produce. The client is called once there is something, never from
    /// within this call. `OFF`: no power; `BUSY`: producing already.
    fn get(&self) -> Result<(), ErrorCode>;

    /// Stops producing. `FAIL`: too late, the callback will come.
    fn cancel(&self) -> Result<(), ErrorCode>;

    /// Names who gets the numbers.
    fn set_client(&'a self, client: &'a dyn Client);
}

/// Takes random numbers.
pub trait Client {
    /// Takes as many numbers from `randomness` as it wants, or learns of `error`. If
    /// the iterator runs dry first, the answer [`Continue::More`] starts another round.
    fn randomness_available(
        &self,
        randomness: &mut dyn Iterator<Item = u32>,
        error: Result<(), ErrorCode>,
    ) -> Continue;
}
