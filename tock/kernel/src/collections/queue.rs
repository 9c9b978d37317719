//! [`Queue`]: first in, first out.

/// A bounded queue.
pub trait Queue<T> {
    /// Whether there is anything to take.
    fn has_elements(&self) -> bool;
    /// Whether nothing more fits.
    fn is_full(&self) -> bool;
    /// How many elements wait.
    fn len(&self) -> usize;
    /// Whether nothing waits.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Appends `value`; returns false, and drops it, if nothing more fits.
    fn enqueue(&mut self, value: T) -> bool;
    /// Takes the oldest element.
    fn dequeue(&mut self) -> Option<T>;
    /// Takes the oldest element that `matches`; the others keep their order.
    fn remove_first_matching<F>(&mut self, matches: F) -> Option<T>
    where
        F: Fn(&T) -> bool;
    /// Drops every element and leaves no trace of any.
    fn empty(&mut self);
    /// Keeps only the elements for which `keep` holds, in their order.
    fn retain<F>(&mut self, keep: F)
    where
        F: FnMut(&T) -> bool;
}
