//! Random bytes from the operating system.

use anchorhold_crypto::Secret;

use crate::error::{Class, Error};

/// `N` random bytes.
pub fn secret<const N: usize>() -> Result<Secret<N>, Error> {
    let mut bytes = Secret::zeroed();
    getrandom::fill(bytes.expose_mut()).map_err(|error| {
        Error::new(
            Class::Environment,
            format!("the system gives no random numbers: {error}"),
        )
    })?;
    Ok(bytes)
}
