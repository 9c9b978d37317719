//! Covering parts of memory with one region, or with two.

use super::region::{Region, Window, LEAST_BITS, MOST_BITS};
use isolation::{Access, Cover, Span};

/// The smallest thing that a region can cover, in bytes.
const LEAST_GRANULE: usize = 1 << (LEAST_BITS - 3);

/// One region, whose granularity is an eighth of its window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct One {
    region: Region,
    span: Span,
    access: Access,
}

impl One {
    /// The region.
    pub fn region(&self) -> Region {
        self.region
    }
}

impl Cover for One {
    fn tightest(wanted: Span, limit: usize, access: Access) -> Option<Self> {
        let eighths = Eighths::tightest(wanted, limit)?;
        Some(One {
            region: eighths.user(access)?,
            span: eighths.span,
            access,
        })
    }

    fn place(available: Span, length: impl Fn(usize) -> Option<usize>) -> Option<Span> {
        place(available, |eighth| eighth, length)
    }

    fn span(&self) -> Span {
        self.span
    }

    fn access(&self) -> Access {
        self.access
    }
}

/// Two regions: eighths of a window, and eighths of a window that is no larger
/// than one of those, for what is left over at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Two {
    regions: [Region; 2],
    span: Span,
    access: Access,
}

impl Two {
    /// The regions, of which one may be off.
    pub fn regions(&self) -> [Region; 2] {
        self.regions
    }
}

impl Cover for Two {
    fn tightest(wanted: Span, limit: usize, access: Access) -> Option<Self> {
        let window = window(wanted)?;
        let middle = wanted.end() - wanted.end() % window.granule();
        let mut regions = [Region::OFF; 2];
        let mut end = middle;
        if let Some(span) = Span::between(wanted.start(), middle) {
            regions[0] = Eighths { window, span }.user(access)?;
        }
        if let Some(rest) = Span::between(middle, wanted.end()) {
            let eighths = Eighths::tightest(rest, limit)?;
            regions[1] = eighths.user(access)?;
            end = eighths.span.end();
        }
        let span = Span::between(wanted.start(), end).filter(|_| end <= limit)?;
        Some(Two {
            regions,
            span,
            access,
        })
    }

    fn place(available: Span, length: impl Fn(usize) -> Option<usize>) -> Option<Span> {
        place(available, |eighth| (eighth / 8).max(LEAST_GRANULE), length)
    }

    fn span(&self) -> Span {
        self.span
    }

    fn access(&self) -> Access {
        self.access
    }
}

/// Some eighths of a window, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Eighths {
    window: Window,
    span: Span,
}

impl Eighths {
    /// Eighths of the smallest window that contain all of `wanted` and start
    /// where it starts. `None` if an eighth does not, or they go beyond `limit`.
    pub fn tightest(wanted: Span, limit: usize) -> Option<Eighths> {
        let window = window(wanted)?;
        let end = wanted.end().checked_next_multiple_of(window.granule())?;
        let span = Span::between(wanted.start(), end).filter(|_| end <= limit)?;
        Some(Eighths { window, span })
    }

    fn user(&self, access: Access) -> Option<Region> {
        Region::user(self.window, self.window.eighths(self.span), access)
    }

    /// The region that gives the kernel alone `access` to them.
    pub fn privileged(&self, access: Access) -> Option<Region> {
        Region::privileged(self.window, self.window.eighths(self.span), access)
    }
}

/// The smallest window that contains all of `wanted`. `None` if that does not
/// start at an eighth of it, and so not at an eighth of any larger window.
fn window(wanted: Span) -> Option<Window> {
    let window = (LEAST_BITS..=MOST_BITS)
        .map(|bits| Window::around(wanted.start(), bits))
        .find(|window| wanted.end() <= window.end())?;
    let aligned = wanted.start().is_multiple_of(window.granule());
    aligned.then_some(window)
}

/// The lowest place in `available` of which eighths of a window can cover any
/// first part. `granule` says what the length is a multiple of, given the size
/// of an eighth.
fn place(
    available: Span,
    granule: impl Fn(usize) -> usize,
    length: impl Fn(usize) -> Option<usize>,
) -> Option<Span> {
    let fit = |bits: u32| {
        let size = 1usize << bits;
        let eighth = size / 8;
        let granule = granule(eighth);
        let length = length(granule)?.checked_next_multiple_of(granule)?;
        let nearest = available.start().checked_next_multiple_of(eighth)?;
        let start = match size.checked_sub(length)? {
            room if nearest % size <= room => nearest,
            _ => nearest.checked_next_multiple_of(size)?,
        };
        Span::new(start, length).filter(|place| available.contains(*place))
    };
    (LEAST_BITS..=MOST_BITS)
        .filter_map(fit)
        .min_by_key(|place| place.start())
}

#[cfg(test)]
mod tests;
