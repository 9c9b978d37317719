//! A bounded queue in which everyone has at most one place.

use core::cell::Cell;

/// First in, first out; nobody can hold two of the `N` places, so nobody who asks
/// more often is served more often.
pub struct FairQueue<T: Copy + PartialEq, const N: usize> {
    /// The places in use come first.
    places: Cell<[Option<T>; N]>,
}

/// Why someone cannot stand in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueError {
    /// It already stands there.
    Already,
    /// Every place is taken.
    Full,
}

impl<T: Copy + PartialEq, const N: usize> FairQueue<T, N> {
    /// An empty queue.
    pub const fn new() -> FairQueue<T, N> {
        FairQueue {
            places: Cell::new([None; N]),
        }
    }

    /// Whether every place is taken.
    pub fn is_full(&self) -> bool {
        self.places.get().iter().all(Option::is_some)
    }

    /// Who stands first.
    pub fn front(&self) -> Option<T> {
        self.places.get().first().copied().flatten()
    }

    /// Everyone in the queue, in order.
    pub fn iter(&self) -> impl Iterator<Item = T> {
        self.places.get().into_iter().flatten()
    }

    /// Takes the last place.
    ///
    /// # Errors
    /// See [`QueueError`].
    pub fn push(&self, who: T) -> Result<(), QueueError> {
        if self.iter().any(|other| other == who) {
            return Err(QueueError::Already);
        }
        let mut places = self.places.get();
        let place = places.iter_mut().find(|place| place.is_none());
        *place.ok_or(QueueError::Full)? = Some(who);
        self.places.set(places);
        Ok(())
    }

    /// Sends away everyone for whom `stays` is false; the order stays the same.
    pub fn retain(&self, mut stays: impl FnMut(T) -> bool) {
        let mut kept = [None; N];
        let staying = self.iter().filter(|&who| stays(who));
        for (place, who) in kept.iter_mut().zip(staying) {
            *place = Some(who);
        }
        self.places.set(kept);
    }
}

impl<T: Copy + PartialEq, const N: usize> Default for FairQueue<T, N> {
    fn default() -> Self {
        FairQueue::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(of: &[char]) -> FairQueue<char, 3> {
        let queue = FairQueue::new();
        for &who in of {
            queue.push(who).unwrap();
        }
        queue
    }

    #[test]
    fn the_first_comes_first() {
        let queue = queue(&['a', 'b', 'c']);
        for who in ['a', 'b', 'c'] {
            assert_eq!(queue.front(), Some(who));
            queue.retain(|other| other != who);
        }
        assert_eq!(queue.front(), None);
    }

    #[test]
    fn a_greedy_one_has_one_place() {
        let queue = queue(&['a', 'b']);
        assert_eq!(queue.push('a'), Err(QueueError::Already));
        assert_eq!(queue.push('c'), Ok(()));
        // 'a' is served and asks again at once: the others come first.
        queue.retain(|who| who != 'a');
        queue.push('a').unwrap();
        assert!(queue.iter().eq(['b', 'c', 'a']));
    }

    #[test]
    fn the_queue_is_bounded() {
        let queue = queue(&['a', 'b', 'c']);
        assert!(queue.is_full());
        assert_eq!(queue.push('d'), Err(QueueError::Full));
        assert!(queue.iter().eq(['a', 'b', 'c']));
    }

    #[test]
    fn leaving_keeps_the_order() {
        let queue = queue(&['a', 'b', 'c']);
        queue.retain(|who| who != 'b');
        assert!(queue.iter().eq(['a', 'c']));
        assert!(!queue.is_full());
    }
}
