//! A P-256 private scalar, shared by the signing key and the HPKE recipient key.

use crate::error::Error;
use crate::es256::PublicKey;
use crate::kdf::{self, Purpose};
use crate::secret::Secret;
use p256::elliptic_curve::bigint::{NonZero, U256};
use p256::elliptic_curve::Curve;
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

    /// The point that belongs to the scalar: one multiplication of the base point.
    pub(crate) fn public_key(&self) -> PublicKey {
        let public = p256::PublicKey::from_secret_scalar(&self.0);
        PublicKey::from_point(public.as_affine())
    }

    /// The x coordinate of the point that both sides of an exchange can compute.
    pub(crate) fn diffie_hellman(&self, other: &PublicKey) -> Result<Secret<32>, Error> {
        let shared = p256::ecdh::diffie_hellman(self.as_scalar(), other.point()?);
        Ok(Secret::new((*shared.raw_secret_bytes()).into()))
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
    // A bit at a time: the crate's division of long numbers takes 2 KB of flash more.
    let mut reduced = U256::ZERO;
    for byte in material.expose() {
        for shift in (0..8).rev() {
            let bit = U256::from_u8((byte >> shift) & 1);
            reduced = reduced.double_mod(&below_order).add_mod(&bit, &below_order);
        }
    }
    let mut scalar = reduced.wrapping_add(&U256::ONE);
    let bytes = Secret::new(scalar.to_be_bytes().into());
    reduced.zeroize();
    scalar.zeroize();
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{hex, secret};
    use p256::elliptic_curve::PrimeField;

    #[test]
    fn extra_bits_reduce_modulo_one_less_than_the_order() {
        // Computed with arbitrary-precision integers: (material mod (n - 1)) + 1.
        for (material, scalar) in [
            (
                "030a11181f262d343b424950575e656c737a81888f969da4abb2b9c0c7ced5dce3eaf1f8ff060d141b222930373e454c",
                "a974972d28eb2192b1919211125931513ef0b02686f51b4a2eb54e4e2cf84e0d",
            ),
            (
                "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "431905529c0166ce652e96b7ccca0a9a679b73e29ad16947f01cf012fc632550",
            ),
            // n - 1 reduces to 0, and so becomes 1.
            (
                "00000000000000000000000000000000ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550",
                "0000000000000000000000000000000000000000000000000000000000000001",
            ),
        ] {
            assert_eq!(*extra_bits(&secret(material)).expose(), hex(scalar));
        }
    }

    #[test]
    fn scalars_outside_the_group_are_refused() {
        let order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
        for scalar in [Secret::zeroed(), secret(order), Secret::new([0xff; 32])] {
            assert!(PrivateScalar::from_bytes(&scalar).is_err());
        }
    }

    #[test]
    fn a_derived_scalar_is_the_reduced_material() {
        let huk = Secret::new(core::array::from_fn(|index| index as u8));
        let scalar = PrivateScalar::derive(&huk, Purpose::EvidenceKey)
            .ok()
            .unwrap();
        assert_eq!(
            <[u8; 32]>::from(scalar.0.to_repr()),
            hex("69798852410e8030a5b046ce808f2d2d28e6716ca854d9dd7e1e37e368152af7")
        );
    }
}
