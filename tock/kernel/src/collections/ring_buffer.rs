//! [`RingBuffer`]: a queue in a slice.

use core::mem::MaybeUninit;

use super::queue::Queue;

/// A queue over memory that its creator provides, all of which is used.
pub struct RingBuffer<'a, T: 'a + Copy> {
    ring: &'a mut [MaybeUninit<T>],
    /// Index of the oldest element.
    head: usize,
    /// How many elements wait; they follow the head, around the end.
    len: usize,
}

impl<'a, T: Copy> RingBuffer<'a, T> {
    /// An empty queue in `ring`.
    pub fn new(ring: &'a mut [MaybeUninit<T>]) -> Self {
        Self {
            ring,
            head: 0,
            len: 0,
        }
    }

    /// How many more elements fit.
    pub fn available_len(&self) -> usize {
        self.ring.len() - self.len
    }

    /// The waiting elements in order, in up to two pieces.
    pub fn as_slices(&'a self) -> (Option<&'a [T]>, Option<&'a [T]>) {
        let to_end = self.ring.len() - self.head;
        let first = self.len.min(to_end);
        let piece = |start: usize, count: usize| {
            let slots = self.ring.get(start..start + count)?;
            // SAFETY: exactly the `len` slots that follow `head`, around the
            // end, were written by `enqueue`, and both pieces are among them.
            (count > 0).then(|| unsafe { &*(core::ptr::from_ref(slots) as *const [T]) })
        };
        (piece(self.head, first), piece(0, self.len - first))
    }

    /// Whether `matches` holds for any waiting element.
    pub fn any(&self, matches: impl Fn(&T) -> bool) -> bool {
        (0..self.len)
            .filter_map(|position| self.peek(position))
            .any(|value| matches(&value))
    }

    /// Where the element number `position` from the head lies.
    fn slot(&self, position: usize) -> usize {
        let index = self.head + position;
        if index >= self.ring.len() {
            index - self.ring.len()
        } else {
            index
        }
    }

    /// A copy of the waiting element number `position`.
    fn peek(&self, position: usize) -> Option<T> {
        if position >= self.len {
            return None;
        }
        let slot = self.ring.get(self.slot(position))?;
        // SAFETY: `position < len`, and `enqueue` wrote those slots.
        Some(unsafe { slot.assume_init() })
    }

    fn put(&mut self, position: usize, value: T) {
        let index = self.slot(position);
        if let Some(slot) = self.ring.get_mut(index) {
            slot.write(value);
        }
    }
}

impl<T: Copy> Queue<T> for RingBuffer<'_, T> {
    fn has_elements(&self) -> bool {
        self.len > 0
    }

    fn is_full(&self) -> bool {
        self.len == self.ring.len()
    }

    fn len(&self) -> usize {
        self.len
    }

    fn enqueue(&mut self, value: T) -> bool {
        if self.is_full() {
            return false;
        }
        self.put(self.len, value);
        self.len += 1;
        true
    }

    fn dequeue(&mut self) -> Option<T> {
        let value = self.peek(0)?;
        self.head = self.slot(1);
        self.len -= 1;
        Some(value)
    }

    fn remove_first_matching<F>(&mut self, matches: F) -> Option<T>
    where
        F: Fn(&T) -> bool,
    {
        let mut found = None;
        self.retain(|value| {
            if found.is_none() && matches(value) {
                found = Some(*value);
                false
            } else {
                true
            }
        });
        found
    }

    fn empty(&mut self) {
        self.head = 0;
        self.len = 0;
        self.ring.fill(MaybeUninit::zeroed());
    }

    fn retain<F>(&mut self, mut keep: F)
    where
        F: FnMut(&T) -> bool,
    {
        let mut kept = 0;
        for position in 0..self.len {
            if let Some(value) = self.peek(position).filter(|value| keep(value)) {
                self.put(kept, value);
                kept += 1;
            }
        }
        self.len = kept;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_around_and_fills_up() {
        let mut slots = [MaybeUninit::uninit(); 3];
        let mut ring = RingBuffer::new(&mut slots);
        assert!(ring.enqueue(1) && ring.enqueue(2) && ring.enqueue(3));
        assert!(!ring.enqueue(4));
        assert_eq!(ring.dequeue(), Some(1));
        assert!(ring.enqueue(4));
        assert_eq!(ring.as_slices(), (Some(&[2, 3][..]), Some(&[4][..])));
        assert_eq!(ring.available_len(), 0);
        assert_eq!(
            [ring.dequeue(), ring.dequeue(), ring.dequeue()],
            [Some(2), Some(3), Some(4)]
        );
        assert_eq!(ring.dequeue(), None);
        assert_eq!(ring.as_slices(), (None, None));
    }

    #[test]
    fn removal_keeps_order() {
        let mut slots = [MaybeUninit::uninit(); 4];
        let mut ring = RingBuffer::new(&mut slots);
        for value in [0, 1] {
            ring.enqueue(value);
            ring.dequeue();
        }
        for value in [7, 8, 7, 9] {
            ring.enqueue(value);
        }
        assert!(ring.any(|value| *value == 9) && !ring.any(|value| *value == 1));
        assert_eq!(ring.remove_first_matching(|value| *value == 7), Some(7));
        assert_eq!(ring.remove_first_matching(|value| *value == 5), None);
        assert_eq!(ring.len(), 3);
        ring.retain(|value| *value != 7);
        assert_eq!(
            (ring.dequeue(), ring.dequeue(), ring.dequeue()),
            (Some(8), Some(9), None)
        );
    }

    #[test]
    fn no_room_at_all() {
        let mut ring = RingBuffer::<u8>::new(&mut []);
        assert!(!ring.enqueue(1));
        assert_eq!(ring.dequeue(), None);
    }
}
