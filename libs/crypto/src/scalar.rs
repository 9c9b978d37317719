//! A P-256 private scalar, shared by the signing key and the HPKE recipient key.

use crate::error::Error;
use crate::es256::PublicKey;
use crate::kdf::{self, Purpose};
use crate::secret::Secret;
use p256::elliptic_curve::bigint::{NonZero, U256, U384};
use p256::elliptic_curve::sec1::ToSec1Point;
use p256::elliptic_curve::{Curve, PrimeField};
use p256::{FieldBytes, NistP256, NonZeroScalar};
use zeroize::Zeroize;

/// Bytes of key material a scalar is made of: 128 more than the order's 256 bits.
const MATERIAL_LEN: usize = 48;

/// A scalar in `1..n`, wiped when dropped.
pub(crate) struct PrivateScalar(NonZeroScalar);

impl PrivateScalar {
    /// Derives the scalar for `purpose` by the extra-bits method (FIPS 186-5 A.2.1).
    pub(crate) fn derive(huk: &Secret<32>, purpose: Purpose) -> Result<Self, Error> {
        let mut material = Secret::<MATERIAL_LEN>::zeroed();
        kdf::derive(huk, purpose, material.expose_mut());
        Self::from_bytes(&extra_bits(&material))
    }

    /// Reads a big-endian scalar.
    pub(crate) fn from_bytes(bytes: &Secret<32>) -> Result<Self, Error> {
        Option::from(NonZeroScalar::from_repr(FieldBytes::from(*bytes.expose())))
            .map(PrivateScalar)
            .ok_or(Error::InvalidKey)
    }

    pub(crate) fn as_scalar(&self) -> &NonZeroScalar {
        &self.0
    }

    /// The scalar, big-endian.
    pub(crate) fn to_bytes(&self) -> Secret<32> {
        Secret::new(self.0.to_repr().into())
    }

    /// The point that belongs to the scalar: one multiplication of the base point.
    pub(crate) fn public_key(&self) -> PublicKey {
        let point = p256::PublicKey::from_secret_scalar(&self.0).to_sec1_point(false);
        PublicKey::from_point(&point)
    }
}

impl Drop for PrivateScalar {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// `(material mod (n - 1)) + 1`, in constant time.
fn extra_bits(material: &Secret<MATERIAL_LEN>) -> Secret<32> {
    let order = NistP256::ORDER.get();
    // Not zero, because the order of P-256 is a large prime.
    let below_order = NonZero::new(order.wrapping_sub(&U256::ONE)).unwrap_or(NonZero::MAX);
    let mut wide = U384::from_be_slice(material.expose());
    let mut reduced = wide.rem(&below_order).wrapping_add(&U256::ONE);
    let scalar = Secret::new(reduced.to_be_bytes().into());
    wide.zeroize();
    reduced.zeroize();
    scalar
}
