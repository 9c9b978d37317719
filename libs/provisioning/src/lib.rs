//! What the OEM provisions: the secret page and the signed device record.
