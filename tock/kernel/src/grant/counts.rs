//! How many upcalls and buffers a driver has, as types.

/// How many upcalls.
pub trait UpcallSize {
    /// The number.
    const COUNT: u8;
}

/// `NUM` upcalls.
pub struct UpcallCount<const NUM: u8>;

impl<const NUM: u8> UpcallSize for UpcallCount<NUM> {
    const COUNT: u8 = NUM;
}

/// How many read-only buffers.
pub trait AllowRoSize {
    /// The number.
    const COUNT: u8;
}

/// `NUM` read-only buffers.
pub struct AllowRoCount<const NUM: u8>;

impl<const NUM: u8> AllowRoSize for AllowRoCount<NUM> {
    const COUNT: u8 = NUM;
}

/// How many read-write buffers.
pub trait AllowRwSize {
    /// The number.
    const COUNT: u8;
}

/// `NUM` read-write buffers.
pub struct AllowRwCount<const NUM: u8>;

impl<const NUM: u8> AllowRwSize for AllowRwCount<NUM> {
    const COUNT: u8 = NUM;
}
