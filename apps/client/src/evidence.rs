//! The evidence driver, as an application uses it (driver 0xA0001).

use core::cell::Cell;
use core::marker::PhantomData;

use libtock_platform::{
    allow_ro, allow_rw, share, subscribe, AllowRo, AllowRw, DefaultConfig, ErrorCode, Subscribe,
    Syscalls,
};

use crate::upcall::wait;
use crate::ResultStatus;

/// Driver number, which the inference process's half shares.
pub(crate) const DRIVER: u32 = 0xA0001;

/// Command numbers.
mod command {
    pub const EXISTS: u32 = 0;
    pub const REQUEST: u32 = 1;
    pub const ATTEST: u32 = 3;
    pub const CLAIMS: u32 = 4;
    pub const SIGN_BATCH: u32 = 5;
}

/// Read-only buffer: the caller's nonce.
const NONCE: u32 = 0;
/// Read-write buffer: where the token goes.
const TOKEN: u32 = 0;
/// Upcall: the token is ready, or will not be.
const DONE: u32 = 0;

/// Shortest nonce, in bytes (RFC 9711, 4.1).
pub const MIN_NONCE: usize = 8;
/// Longest nonce, in bytes (RFC 9711, 4.1).
pub const MAX_NONCE: usize = 64;
/// Shortest token buffer that the driver accepts, in bytes. A token without
/// measurements fits.
pub const MIN_TOKEN_BUFFER: usize = 512;

/// The evidence driver: asks for answers of the model that a relying party can
/// verify.
pub struct Evidence<S: Syscalls, C: Config = DefaultConfig>(PhantomData<(S, C)>);

/// A signed answer. Also a failure to answer is one: `result` says which, and
/// so does the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer<'token> {
    /// The signed token, an EAT in COSE_Sign1.
    pub token: &'token [u8],
    /// What became of the request.
    pub result: ResultStatus,
}

impl<S: Syscalls, C: Config> Evidence<S, C> {
    /// Whether the process may use the driver.
    pub fn exists() -> bool {
        S::command(DRIVER, command::EXISTS, 0, 0).is_success()
    }

    /// Asks the model about the next window of the sensor, and waits for the
    /// signed answer. `nonce` is the relying party's, [`MIN_NONCE`] to
    /// [`MAX_NONCE`] bytes; `buffer` has [`MIN_TOKEN_BUFFER`] bytes or more.
    ///
    /// # Errors
    /// - `Already`: a request of this process is pending.
    /// - `Busy`: too many requests of other processes are.
    /// - `Size`: the nonce's or buffer's length is not acceptable.
    /// - `NoDevice`: no model was accepted, or the driver is not for this
    ///   process.
    /// - `Reserve`: the model owner's rate or licence is used up.
    /// - `NoSupport`: the model owner does not list this application.
    /// - Any that the driver reports later, such as `Fail` when it could not
    ///   sign.
    pub fn request<'token>(
        nonce: &[u8],
        buffer: &'token mut [u8],
    ) -> Result<Answer<'token>, ErrorCode> {
        Self::ask(command::REQUEST, nonce, buffer)
    }

    /// Asks for a token about the device itself, with the measurements of what
    /// it runs, and without an inference. Otherwise like
    /// [`request`](Self::request).
    ///
    /// # Errors
    /// Like [`request`](Self::request).
    pub fn attest<'token>(
        nonce: &[u8],
        buffer: &'token mut [u8],
    ) -> Result<Answer<'token>, ErrorCode> {
        Self::ask(command::ATTEST, nonce, buffer)
    }

    /// Asks like [`request`](Self::request), for claims that are signed later,
    /// together with others: by [`sign_batch`](Self::sign_batch). Until then
    /// nobody has reason to believe them.
    ///
    /// # Errors
    /// Like [`request`](Self::request), and `NoMem` when 64 claims wait for a
    /// signature.
    pub fn claims<'token>(
        nonce: &[u8],
        buffer: &'token mut [u8],
    ) -> Result<Answer<'token>, ErrorCode> {
        Self::ask(command::CLAIMS, nonce, buffer)
    }

    /// Has all claims signed that were asked for since the last time: the token is
    /// their signed Merkle root (`docs/formats/evidence.md`).
    ///
    /// # Errors
    /// Like [`attest`](Self::attest), and `Invalid` when there are no claims.
    pub fn sign_batch(buffer: &mut [u8]) -> Result<Answer<'_>, ErrorCode> {
        Self::ask(command::SIGN_BATCH, &[], buffer)
    }

    fn ask<'token>(
        command_id: u32,
        nonce: &[u8],
        buffer: &'token mut [u8],
    ) -> Result<Answer<'token>, ErrorCode> {
        let done: Cell<Option<(u32, u32, u32)>> = Cell::new(None);
        let (status, length, result) = share::scope::<
            (
                AllowRo<_, DRIVER, NONCE>,
                AllowRw<_, DRIVER, TOKEN>,
                Subscribe<_, DRIVER, DONE>,
            ),
            _,
            _,
        >(|handle| {
            let (allow_ro, allow_rw, subscribe) = handle.split();
            S::allow_ro::<C, DRIVER, NONCE>(allow_ro, nonce)?;
            S::allow_rw::<C, DRIVER, TOKEN>(allow_rw, buffer)?;
            S::subscribe::<_, _, C, DRIVER, DONE>(subscribe, &done)?;
            S::command(DRIVER, command_id, 0, 0).to_result::<(), ErrorCode>()?;
            Ok(wait::<S, _>(&done))
        })?;
        if status != 0 {
            return Err(status.try_into().unwrap_or(ErrorCode::Fail));
        }
        Ok(Answer {
            token: buffer.get(..length as usize).ok_or(ErrorCode::BadRVal)?,
            result: ResultStatus::from_code(result).ok_or(ErrorCode::BadRVal)?,
        })
    }
}

/// What to do about surprises in the driver's system calls.
pub trait Config: allow_ro::Config + allow_rw::Config + subscribe::Config {}

impl<T: allow_ro::Config + allow_rw::Config + subscribe::Config> Config for T {}
