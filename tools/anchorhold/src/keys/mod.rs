//! P-256 keys as files: PKCS#8 for private keys, SubjectPublicKeyInfo for public ones.

mod password;
mod private;
mod public;

pub use password::Password;
pub use private::KeyPair;
pub use public::{read_public, write_public};

use pkcs8::ObjectIdentifier;

/// `id-ecPublicKey` (RFC 5480 section 2.1.1).
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// `secp256r1`, which is P-256 (RFC 5480 section 2.1.1.1).
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
/// No key file of ours comes near this many bytes.
const FILE_LIMIT: usize = 16 * 1024;
