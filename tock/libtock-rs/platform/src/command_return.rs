//! What a command returned, and its conversion to a `Result`.

use crate::return_variant as variant;
use crate::{ErrorCode, ReturnVariant};

/// The return of the Command system call (TRD 104, 4.3).
///
/// Which variants a command returns is between the driver and its library, so
/// nothing about it is known until it is asked: with
/// [`to_result`](Self::to_result), or with the `is_` and `get_` methods.
#[must_use = "a command may have failed"]
#[derive(Clone, Copy, Debug)]
pub struct CommandReturn {
    variant: ReturnVariant,
    r1: u32,
    r2: u32,
    r3: u32,
}

/// A 64-bit number from the two registers that carry it, low word first.
fn join(low: u32, high: u32) -> u64 {
    u64::from(low) | u64::from(high) << 32
}

impl CommandReturn {
    /// A return with these registers.
    ///
    /// # Safety
    /// In a failure variant, `r1` must be the number of an [`ErrorCode`]. This
    /// implementation checks the number whenever it reads it; upstream's does
    /// not, and code written against either has to keep the promise.
    pub unsafe fn new(return_variant: ReturnVariant, r1: u32, r2: u32, r3: u32) -> Self {
        Self {
            variant: return_variant,
            r1,
            r2,
            r3,
        }
    }

    /// Which values this return carries.
    pub fn return_variant(&self) -> ReturnVariant {
        self.variant
    }

    /// The registers as the kernel left them.
    pub fn raw_values(&self) -> (ReturnVariant, u32, u32, u32) {
        (self.variant, self.r1, self.r2, self.r3)
    }

    fn error(&self) -> ErrorCode {
        ErrorCode::from_kernel(self.r1)
    }

    /// Whether this is a failure without data.
    pub fn is_failure(&self) -> bool {
        self.variant == variant::FAILURE
    }

    /// Whether this is a failure with a `u32`.
    pub fn is_failure_u32(&self) -> bool {
        self.variant == variant::FAILURE_U32
    }

    /// Whether this is a failure with two `u32`.
    pub fn is_failure_2_u32(&self) -> bool {
        self.variant == variant::FAILURE_2_U32
    }

    /// Whether this is a failure with a `u64`.
    pub fn is_failure_u64(&self) -> bool {
        self.variant == variant::FAILURE_U64
    }

    /// Whether this is a success without data.
    pub fn is_success(&self) -> bool {
        self.variant == variant::SUCCESS
    }

    /// Whether this is a success with a `u32`.
    pub fn is_success_u32(&self) -> bool {
        self.variant == variant::SUCCESS_U32
    }

    /// Whether this is a success with two `u32`.
    pub fn is_success_2_u32(&self) -> bool {
        self.variant == variant::SUCCESS_2_U32
    }

    /// Whether this is a success with a `u64`.
    pub fn is_success_u64(&self) -> bool {
        self.variant == variant::SUCCESS_U64
    }

    /// Whether this is a success with three `u32`.
    pub fn is_success_3_u32(&self) -> bool {
        self.variant == variant::SUCCESS_3_U32
    }

    /// Whether this is a success with a `u32` and a `u64`.
    pub fn is_success_u32_u64(&self) -> bool {
        self.variant == variant::SUCCESS_U32_U64
    }

    /// The error of a failure without data.
    pub fn get_failure(&self) -> Option<ErrorCode> {
        self.is_failure().then(|| self.error())
    }

    /// The error and value of a failure with a `u32`.
    pub fn get_failure_u32(&self) -> Option<(ErrorCode, u32)> {
        self.is_failure_u32().then(|| (self.error(), self.r2))
    }

    /// The error and values of a failure with two `u32`.
    pub fn get_failure_2_u32(&self) -> Option<(ErrorCode, u32, u32)> {
        self.is_failure_2_u32()
            .then(|| (self.error(), self.r2, self.r3))
    }

    /// The error and value of a failure with a `u64`.
    pub fn get_failure_u64(&self) -> Option<(ErrorCode, u64)> {
        self.is_failure_u64()
            .then(|| (self.error(), join(self.r2, self.r3)))
    }

    /// The value of a success with a `u32`.
    pub fn get_success_u32(&self) -> Option<u32> {
        self.is_success_u32().then_some(self.r1)
    }

    /// The values of a success with two `u32`.
    pub fn get_success_2_u32(&self) -> Option<(u32, u32)> {
        self.is_success_2_u32().then_some((self.r1, self.r2))
    }

    /// The value of a success with a `u64`.
    pub fn get_success_u64(&self) -> Option<u64> {
        self.is_success_u64().then(|| join(self.r1, self.r2))
    }

    /// The values of a success with three `u32`.
    pub fn get_success_3_u32(&self) -> Option<(u32, u32, u32)> {
        self.is_success_3_u32()
            .then_some((self.r1, self.r2, self.r3))
    }

    /// The values of a success with a `u32` and a `u64`.
    pub fn get_success_u32_u64(&self) -> Option<(u32, u64)> {
        self.is_success_u32_u64()
            .then(|| (self.r1, join(self.r2, self.r3)))
    }

    /// This return as a `Result`, when the command's variants are those of `T`
    /// and `E`.
    ///
    /// # Errors
    /// What the driver reported, or [`ErrorCode::BadRVal`] with zeroed data
    /// when the variant is neither `T`'s nor `E`'s.
    pub fn to_result<T, E>(self) -> Result<T, E>
    where
        T: SuccessData,
        E: FailureData,
    {
        if self.variant == T::RETURN_VARIANT {
            Ok(T::from_raw_values(self.r1, self.r2, self.r3))
        } else if self.variant == E::RETURN_VARIANT {
            Err(E::from_raw_values(self.error(), self.r2, self.r3))
        } else {
            Err(E::from_raw_values(ErrorCode::BadRVal, 0, 0))
        }
    }
}

/// Keeps the two traits below to the variants that TRD 104 has.
mod sealed {
    pub trait Sealed {}
}

/// The data of a success variant: `()`, `u32`, `u64` and tuples of them.
pub trait SuccessData: sealed::Sealed {
    /// The variant that carries this data.
    const RETURN_VARIANT: ReturnVariant;

    /// The data in these registers.
    fn from_raw_values(r1: u32, r2: u32, r3: u32) -> Self;
}

/// The data of a failure variant: [`ErrorCode`] alone, or first in a tuple.
pub trait FailureData: sealed::Sealed {
    /// The variant that carries this data.
    const RETURN_VARIANT: ReturnVariant;

    /// The data in these registers.
    fn from_raw_values(r1: ErrorCode, r2: u32, r3: u32) -> Self;
}

/// Implements one of the traits above for one type of data.
macro_rules! data {
    ($kind:ident ($first:ty) for $data:ty, $variant:ident, |$r1:pat_param, $r2:pat_param, $r3:pat_param| $value:expr) => {
        impl sealed::Sealed for $data {}
        impl $kind for $data {
            const RETURN_VARIANT: ReturnVariant = variant::$variant;

            fn from_raw_values($r1: $first, $r2: u32, $r3: u32) -> Self {
                $value
            }
        }
    };
}

data!(SuccessData(u32) for (), SUCCESS, |_, _, _| ());
data!(SuccessData(u32) for u32, SUCCESS_U32, |a, _, _| a);
data!(SuccessData(u32) for (u32, u32), SUCCESS_2_U32, |a, b, _| (a, b));
data!(SuccessData(u32) for u64, SUCCESS_U64, |a, b, _| join(a, b));
data!(SuccessData(u32) for (u32, u32, u32), SUCCESS_3_U32, |a, b, c| (a, b, c));
data!(SuccessData(u32) for (u32, u64), SUCCESS_U32_U64, |a, b, c| (a, join(b, c)));
data!(FailureData(ErrorCode) for ErrorCode, FAILURE, |e, _, _| e);
data!(FailureData(ErrorCode) for (ErrorCode, u32), FAILURE_U32, |e, a, _| (e, a));
data!(FailureData(ErrorCode) for (ErrorCode, u32, u32), FAILURE_2_U32, |e, a, b| (e, a, b));
data!(FailureData(ErrorCode) for (ErrorCode, u64), FAILURE_U64, |e, a, b| (e, join(a, b)));

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [ReturnVariant; 10] = [
        variant::FAILURE,
        variant::FAILURE_U32,
        variant::FAILURE_2_U32,
        variant::FAILURE_U64,
        variant::SUCCESS,
        variant::SUCCESS_U32,
        variant::SUCCESS_2_U32,
        variant::SUCCESS_U64,
        variant::SUCCESS_3_U32,
        variant::SUCCESS_U32_U64,
    ];

    fn with(variant: ReturnVariant) -> CommandReturn {
        // SAFETY: 6 is the number of `ErrorCode::Invalid`.
        unsafe { CommandReturn::new(variant, 6, 20, 30) }
    }

    /// For every variant, which questions are answered with a yes.
    #[test]
    fn each_variant_is_itself_alone() {
        for (index, variant) in ALL.into_iter().enumerate() {
            let value = with(variant);
            let answers = [
                (value.is_failure(), value.get_failure().is_some()),
                (value.is_failure_u32(), value.get_failure_u32().is_some()),
                (
                    value.is_failure_2_u32(),
                    value.get_failure_2_u32().is_some(),
                ),
                (value.is_failure_u64(), value.get_failure_u64().is_some()),
                (
                    value.is_success(),
                    value.to_result::<(), ErrorCode>().is_ok(),
                ),
                (value.is_success_u32(), value.get_success_u32().is_some()),
                (
                    value.is_success_2_u32(),
                    value.get_success_2_u32().is_some(),
                ),
                (value.is_success_u64(), value.get_success_u64().is_some()),
                (
                    value.is_success_3_u32(),
                    value.get_success_3_u32().is_some(),
                ),
                (
                    value.is_success_u32_u64(),
                    value.get_success_u32_u64().is_some(),
                ),
            ];
            for (question, (is, got)) in answers.into_iter().enumerate() {
                assert_eq!(is, question == index, "variant {index}, is {question}");
                assert_eq!(got, question == index, "variant {index}, get {question}");
            }
        }
    }

    #[test]
    fn data_is_in_the_registers_of_the_specification() {
        let wide = 20u64 | 30 << 32;
        assert_eq!(
            with(variant::FAILURE).get_failure(),
            Some(ErrorCode::Invalid)
        );
        assert_eq!(
            with(variant::FAILURE_U64).to_result::<(), _>(),
            Err((ErrorCode::Invalid, wide))
        );
        assert_eq!(
            with(variant::SUCCESS_U64).to_result::<_, ErrorCode>(),
            Ok(6u64 | 20 << 32)
        );
        assert_eq!(
            with(variant::SUCCESS_3_U32).get_success_3_u32(),
            Some((6, 20, 30))
        );
        assert_eq!(
            with(variant::SUCCESS_U32_U64).get_success_u32_u64(),
            Some((6, wide))
        );
    }

    #[test]
    fn an_unexpected_variant_is_a_bad_return_value() {
        let result = with(variant::SUCCESS_U32).to_result::<(), (ErrorCode, u32)>();
        assert_eq!(result, Err((ErrorCode::BadRVal, 0)));
        let result = with(99.into()).to_result::<u32, ErrorCode>();
        assert_eq!(result, Err(ErrorCode::BadRVal));
    }
}
