//! A half-open range of addresses.

/// Addresses from `start` up to, but not including, `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    start: usize,
    end: usize,
}

impl Span {
    /// The span of `length` bytes at `start`, or `None` if it is empty or
    /// leaves the address space.
    pub const fn new(start: usize, length: usize) -> Option<Span> {
        match start.checked_add(length) {
            Some(end) if length > 0 => Some(Span { start, end }),
            _ => None,
        }
    }

    /// The span between two addresses, or `None` unless `start < end`.
    pub const fn between(start: usize, end: usize) -> Option<Span> {
        if start < end {
            Some(Span { start, end })
        } else {
            None
        }
    }

    /// A part of a board's map: its first address and its length.
    ///
    /// # Panics
    ///
    /// If the part is empty or leaves the address space. Maps are constants, so
    /// that this happens when they are compiled.
    pub const fn of_part((start, length): (usize, usize)) -> Span {
        match Span::new(start, length) {
            Some(span) => span,
            None => panic!("the map holds an empty or wrapping span"),
        }
    }

    /// First address.
    pub const fn start(self) -> usize {
        self.start
    }

    /// First address after the span.
    pub const fn end(self) -> usize {
        self.end
    }

    /// Bytes covered; never zero.
    pub const fn length(self) -> usize {
        self.end - self.start
    }

    /// Whether every byte of `other` is in this span.
    pub const fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the byte at `address` is in this span.
    pub const fn contains_address(self, address: usize) -> bool {
        self.start <= address && address < self.end
    }

    /// Whether any byte is in both spans.
    pub const fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_and_wrapping_spans_do_not_exist() {
        assert_eq!(Span::new(16, 0), None);
        assert_eq!(Span::new(usize::MAX, 2), None);
        assert_eq!(Span::between(4, 4), None);
    }

    #[test]
    fn neighbours_do_not_overlap() {
        let low = Span::new(0, 8).unwrap();
        let high = Span::new(8, 8).unwrap();
        assert!(!low.overlaps(high));
        assert!(low.overlaps(Span::new(7, 2).unwrap()));
        assert!(low.contains(low));
        assert!(!low.contains(Span::new(7, 2).unwrap()));
    }
}
