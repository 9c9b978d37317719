//! [`List`]: a singly linked list whose links live in its elements.

use core::cell::Cell;

/// The link that an element of a [`List`] holds.
pub struct ListLink<'a, T: 'a + ?Sized>(Cell<Option<&'a T>>);

impl<'a, T: ?Sized> ListLink<'a, T> {
    /// A link to nothing.
    pub const fn empty() -> Self {
        Self(Cell::new(None))
    }
}

/// What can be an element of a [`List`]. An element is in one list at most,
/// once.
pub trait ListNode<'a, T: ?Sized> {
    /// The link to the element behind this one.
    fn next(&'a self) -> &'a ListLink<'a, T>;
}

/// A linked list of shared references.
pub struct List<'a, T: 'a + ?Sized + ListNode<'a, T>> {
    head: ListLink<'a, T>,
}

impl<'a, T: ?Sized + ListNode<'a, T>> List<'a, T> {
    /// An empty list.
    pub const fn new() -> Self {
        Self {
            head: ListLink::empty(),
        }
    }

    /// The first element.
    pub fn head(&self) -> Option<&'a T> {
        self.head.0.get()
    }

    /// Puts `node` in front.
    pub fn push_head(&self, node: &'a T) {
        node.next().0.set(self.head.0.replace(Some(node)));
    }

    /// Puts `node` at the end.
    pub fn push_tail(&self, node: &'a T) {
        node.next().0.set(None);
        match self.iter().last() {
            Some(last) => last.next().0.set(Some(node)),
            None => self.head.0.set(Some(node)),
        }
    }

    /// Takes the first element out.
    pub fn pop_head(&self) -> Option<&'a T> {
        let first = self.head.0.get()?;
        self.head.0.set(first.next().0.take());
        Some(first)
    }

    /// The elements, from the head on.
    pub fn iter(&self) -> ListIterator<'a, T> {
        ListIterator {
            next: self.head.0.get(),
        }
    }
}

impl<'a, T: ?Sized + ListNode<'a, T>> Default for List<'a, T> {
    fn default() -> Self {
        Self::new()
    }
}

/// Walks a [`List`]. Elements appended during the walk are visited too.
pub struct ListIterator<'a, T: 'a + ?Sized + ListNode<'a, T>> {
    next: Option<&'a T>,
}

impl<'a, T: ?Sized + ListNode<'a, T>> Iterator for ListIterator<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        let current = self.next?;
        self.next = current.next().0.get();
        Some(current)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Node<'a>(u8, ListLink<'a, Node<'a>>);

    impl<'a> ListNode<'a, Node<'a>> for Node<'a> {
        fn next(&'a self) -> &'a ListLink<'a, Node<'a>> {
            &self.1
        }
    }

    #[test]
    fn order_is_kept() {
        let [a, b, c] = [1, 2, 3].map(|id| Node(id, ListLink::empty()));
        let list = List::new();
        list.push_tail(&b);
        list.push_tail(&c);
        list.push_head(&a);
        assert!(list.iter().map(|node| node.0).eq([1, 2, 3]));
        let first = list.pop_head().unwrap();
        list.push_tail(first);
        assert!(list.iter().map(|node| node.0).eq([2, 3, 1]));
        assert_eq!(list.head().map(|node| node.0), Some(2));
    }
}
