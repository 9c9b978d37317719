//! The model owner's policy: output detail, rate, licence.
