//! Sources of entropy: bits that nobody can guess.

use crate::errorcode::ErrorCode;

/// Whether a client wants more.
#[derive(Debug, Eq, PartialEq)]
pub enum Continue {
    /// Call again when there is more.
    More,
    /// Enough.
    Done,
}

/// A source of 32-bit words of entropy.
pub trait Entropy32<'a> {
    /// Starts to gather. The client is called once there is something, never
    /// from within this call. `OFF`: no power; `BUSY`: gathering already.
    fn get(&self) -> Result<(), ErrorCode>;

    /// Stops gathering. `FAIL`: too late, the callback will come.
    fn cancel(&self) -> Result<(), ErrorCode>;

    /// Names who gets the entropy.
    fn set_client(&'a self, client: &'a dyn Client32);
}

/// Takes entropy.
pub trait Client32 {
    /// Takes as many words from `entropy` as it wants, or learns of `error`.
    /// If the iterator runs dry first, the answer [`Continue::More`] starts
    /// another round.
    fn entropy_available(
        &self,
        entropy: &mut dyn Iterator<Item = u32>,
        error: Result<(), ErrorCode>,
    ) -> Continue;
}
