//! The reserved key numbers of a token's maps; the CDDL says the same.

/// Registered claims (RFC 9711 section 10.2, IANA "CBOR Web Token Claims").
pub mod eat {
    pub const NONCE: i64 = 10;
    pub const UEID: i64 = 256;
    pub const UPTIME: i64 = 261;
    pub const DEBUG_STATUS: i64 = 263;
    pub const PROFILE: i64 = 265;
    pub const BOOT_COUNT: i64 = 267;
    pub const SOFTWARE_NAME: i64 = 270;
    pub const SOFTWARE_VERSION: i64 = 271;
    pub const MEASUREMENTS: i64 = 273;
}

/// Our one claim, in the range reserved for private use.
pub const ANCHORHOLD: i64 = -70001;

/// Keys of the map under [`ANCHORHOLD`].
pub mod anchorhold {
    pub const MODEL: i64 = 1;
    pub const INPUT: i64 = 2;
    pub const RESULT: i64 = 3;
    pub const REQUESTER: i64 = 4;
    pub const COUNTER: i64 = 5;
    pub const BOOT_MEASUREMENT: i64 = 6;
    pub const KEY_TIER: i64 = 7;
    pub const SELF_TEST: i64 = 8;
}

/// Keys of the model map.
pub mod model {
    pub const UUID: i64 = 1;
    pub const VERSION: i64 = 2;
    pub const MANIFEST_DIGEST: i64 = 3;
}

/// Keys of the input map.
pub mod input {
    pub const SOURCE: i64 = 1;
    pub const COMMITMENT: i64 = 2;
    pub const FIRST_SAMPLE: i64 = 3;
    pub const SAMPLES: i64 = 4;
    pub const STATUS: i64 = 5;
}

/// Keys of the result map.
pub mod result {
    pub const STATUS: i64 = 1;
    pub const LABEL: i64 = 2;
    pub const SCORE_BUCKET: i64 = 3;
}

/// Keys of the counter map.
pub mod counter {
    pub const BOOT: i64 = 1;
    pub const SEQUENCE: i64 = 2;
}

/// The profile that says what a token contains.
pub const PROFILE: &str = "urn:anchorhold:evidence:1";
/// The software that made the token.
pub const SOFTWARE_NAME: &str = "anchorhold";
/// COSE content type of a token.
pub const CONTENT_TYPE: &str = "application/eat+cwt";
