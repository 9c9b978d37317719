//! One region: the encoding of its two registers (Arm DDI 0403, B3.5.8 and
//! B3.5.9), and the window of memory that it looks at.

use core::ops::Range;
use isolation::{Access, Span};

/// Windows that can be cut into eighths have at least 2^8 bytes.
pub(super) const LEAST_BITS: u32 = 8;
/// Larger windows than 2^31 bytes are never needed: flash and RAM are in
/// different halves of the lowest 2^31.
pub(super) const MOST_BITS: u32 = 31;

/// Eighths of a window.
const EIGHTHS: u32 = 8;

/// Bits of `RASR`.
mod attribute {
    pub const ENABLE: u32 = 1;
    /// The window has 2^(this + 1) bytes.
    pub const SIZE: u32 = 1;
    /// Eighths that are left out, one bit each.
    pub const LEFT_OUT: u32 = 8;
    /// Memory that is bufferable: with `C` clear and `S` set, a shared device.
    pub const BUFFERABLE: u32 = 1 << 16;
    /// Memory that is cacheable: with `B` clear, write-through.
    pub const CACHEABLE: u32 = 1 << 17;
    pub const SHAREABLE: u32 = 1 << 18;
    /// Access permissions (table B3-15).
    pub const PERMISSIONS: u32 = 24;
    pub const NEVER_EXECUTE: u32 = 1 << 28;
}

/// Addresses that the default memory map gives to devices (table B3-1).
const DEVICES: Range<usize> = 0x4000_0000..0x6000_0000;

/// An aligned power of two of addresses, cut into eighths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    start: usize,
    bits: u32,
}

impl Window {
    /// The window of 2^`bits` bytes that `address` is in; `bits` is 8 to 31.
    pub fn around(address: usize, bits: u32) -> Window {
        Window {
            start: address & !((1 << bits) - 1),
            bits,
        }
    }

    /// First address after the window.
    pub fn end(&self) -> usize {
        self.start.saturating_add(1 << self.bits)
    }

    /// Bytes in an eighth.
    pub fn granule(&self) -> usize {
        1 << (self.bits - 3)
    }

    /// Which eighths are in a span from one of their boundaries to another.
    pub fn eighths(&self, span: Span) -> Range<u32> {
        let number = |address: usize| (address.saturating_sub(self.start) / self.granule()) as u32;
        number(span.start())..number(span.end()).min(EIGHTHS)
    }
}

/// In `RBAR`: the lowest bits name the region that is meant.
const NUMBER_VALID: u32 = 1 << 4;

/// A region, as its registers hold it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Region {
    /// `RBAR`.
    pub base: u32,
    /// `RASR`; zero switches the region off.
    pub attributes: u32,
}

impl Region {
    /// A region that matches nothing.
    pub const OFF: Region = Region {
        base: 0,
        attributes: 0,
    };

    /// The region, to be written to the registers of region `number`, 0 to 7.
    pub const fn numbered(self, number: usize) -> Region {
        Region {
            base: self.base & !0x1f | NUMBER_VALID | number as u32,
            attributes: self.attributes,
        }
    }

    /// Some eighths of a window, for processes and the kernel alike. `None` if
    /// the MPU has no such access: it cannot execute what it cannot read.
    pub(super) fn user(window: Window, eighths: Range<u32>, access: Access) -> Option<Region> {
        let permissions = match access {
            Access::ReadOnly | Access::ReadExecute => 0b110,
            Access::ReadWrite => 0b011,
            Access::ExecuteOnly => return None,
        };
        Region::new(window, eighths, access, permissions)
    }

    /// As [`Region::user`], for the kernel alone.
    pub(super) fn privileged(
        window: Window,
        eighths: Range<u32>,
        access: Access,
    ) -> Option<Region> {
        let permissions = match access {
            Access::ReadOnly | Access::ReadExecute => 0b101,
            Access::ReadWrite => 0b001,
            Access::ExecuteOnly => return None,
        };
        Region::new(window, eighths, access, permissions)
    }

    fn new(
        window: Window,
        eighths: Range<u32>,
        access: Access,
        permissions: u32,
    ) -> Option<Region> {
        let base = u32::try_from(window.start).ok()?;
        let covered = eighths.fold(0, |bits, eighth| bits | 1 << eighth);
        if covered == 0 {
            return None;
        }
        let kind = if DEVICES.contains(&window.start) {
            attribute::SHAREABLE | attribute::BUFFERABLE
        } else if access.writes() {
            attribute::SHAREABLE | attribute::CACHEABLE
        } else {
            attribute::CACHEABLE
        };
        let execute = match access.executes() {
            true => 0,
            false => attribute::NEVER_EXECUTE,
        };
        Some(Region {
            base,
            attributes: attribute::ENABLE
                | (window.bits - 1) << attribute::SIZE
                | (!covered & 0xff) << attribute::LEFT_OUT
                | permissions << attribute::PERMISSIONS
                | kind
                | execute,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mpu::model::matches;

    #[test]
    fn registers_follow_the_reference_manual() {
        // 64 KiB of RAM at 0x2001_0000 without its last quarter.
        let window = Window::around(0x2001_2345, 16);
        let region = Region::user(window, 0..6, Access::ReadWrite).unwrap();
        assert_eq!(region.base, 0x2001_0000);
        // XN, AP = 0b011, S and C, SRD = 0xc0, SIZE = 15, ENABLE.
        assert_eq!(region.attributes, 0x1306_c01f);

        // 32 KiB of the kernel's code.
        let window = Window::around(0x8000, 15);
        let region = Region::privileged(window, 0..8, Access::ReadExecute).unwrap();
        assert_eq!((region.base, region.attributes), (0x8000, 0x0502_001d));

        // A device: S and B.
        let window = Window::around(0x4000_4000, 12);
        let region = Region::privileged(window, 0..8, Access::ReadWrite).unwrap();
        assert_eq!(region.attributes, 0x1105_0017);
    }

    #[test]
    fn a_number_takes_the_place_of_another() {
        let region = Region {
            base: 0x2001_0000,
            attributes: 7,
        };
        let numbered = region.numbered(3);
        assert_eq!((numbered.base, numbered.attributes), (0x2001_0013, 7));
        assert_eq!(numbered.numbered(5).base, 0x2001_0015);
    }

    #[test]
    fn a_region_matches_its_eighths_and_nothing_else() {
        for bits in LEAST_BITS..=MOST_BITS {
            for (first, last) in (0..8).flat_map(|a| (a + 1..9).map(move |b| (a, b))) {
                let window = Window::around(0x1234_5678, bits);
                let at = |eighth| window.start + window.granule() * eighth as usize;
                let span = Span::between(at(first), at(last)).unwrap();
                assert_eq!(window.eighths(span), first..last);
                let region = Region::user(window, first..last, Access::ReadOnly).unwrap();
                for eighth in 0..8 {
                    let inside = (first..last).contains(&eighth);
                    assert_eq!(matches(&region, at(eighth)), inside);
                    assert_eq!(matches(&region, at(eighth + 1) - 1), inside);
                }
                assert!(!matches(&region, window.start.wrapping_sub(1)));
                assert!(!matches(&region, window.end()));
            }
        }
        assert!(!matches(&Region::OFF, 0));
    }

    #[test]
    fn what_the_mpu_lacks_is_refused() {
        let window = Window::around(0x2000_0000, 8);
        assert_eq!(Region::user(window, 0..8, Access::ExecuteOnly), None);
        assert_eq!(Region::privileged(window, 0..8, Access::ExecuteOnly), None);
        assert_eq!(Region::user(window, 3..3, Access::ReadOnly), None);
    }
}
