//! [`TakeCell`]: a mutable reference that is lent out or present.

use core::cell::Cell;

/// A cell over a `&mut T` (typically a static buffer) that somebody holds or
/// nobody does.
pub struct TakeCell<'a, T: 'a + ?Sized> {
    value: Cell<Option<&'a mut T>>,
}

impl<'a, T: ?Sized> TakeCell<'a, T> {
    /// A cell without a reference.
    pub const fn empty() -> Self {
        Self {
            value: Cell::new(None),
        }
    }

    /// A cell that holds `value`.
    pub fn new(value: &'a mut T) -> Self {
        Self {
            value: Cell::new(Some(value)),
        }
    }

    /// Whether the reference is lent out.
    pub fn is_none(&self) -> bool {
        !self.is_some()
    }

    /// Whether the reference is here.
    pub fn is_some(&self) -> bool {
        let value = self.value.take();
        let present = value.is_some();
        self.value.set(value);
        present
    }

    /// Takes the reference out.
    pub fn take(&self) -> Option<&'a mut T> {
        self.value.take()
    }

    /// Puts `value` in, dropping what was there.
    pub fn put(&self, value: Option<&'a mut T>) {
        self.value.set(value);
    }

    /// Puts `value` in and returns what was there.
    pub fn replace(&self, value: &'a mut T) -> Option<&'a mut T> {
        self.value.replace(Some(value))
    }

    /// Lends the content to `closure`, if it is here. Within the closure the
    /// cell is empty; afterwards the content is back.
    pub fn map<F, R>(&self, closure: F) -> Option<R>
    where
        F: FnOnce(&mut T) -> R,
    {
        let value = self.value.take()?;
        let result = closure(value);
        self.value.set(Some(value));
        Some(result)
    }

    /// Like [`Self::map`], with `default` when there is nothing to lend.
    pub fn map_or<F, R>(&self, default: R, closure: F) -> R
    where
        F: FnOnce(&mut T) -> R,
    {
        self.map(closure).unwrap_or(default)
    }

    /// Like [`Self::map`], calling `default` when there is nothing to lend.
    pub fn map_or_else<U, D, F>(&self, default: D, closure: F) -> U
    where
        D: FnOnce() -> U,
        F: FnOnce(&mut T) -> U,
    {
        self.map(closure).unwrap_or_else(default)
    }
}

#[cfg(test)]
mod tests {
    use super::TakeCell;

    #[test]
    fn content_is_absent_while_lent() {
        let mut buffer = [1u8, 2];
        let cell = TakeCell::new(&mut buffer);
        let inner = cell.map(|bytes| {
            bytes[0] = 9;
            cell.map(|_| ()).is_none()
        });
        assert_eq!(inner, Some(true));
        assert_eq!(cell.map(|bytes| bytes[0]), Some(9));
    }

    #[test]
    fn take_and_replace() {
        let mut first = [0u8; 2];
        let mut second = [1u8; 3];
        let cell: TakeCell<[u8]> = TakeCell::new(&mut first);
        assert_eq!(cell.replace(&mut second).map(|bytes| bytes.len()), Some(2));
        assert_eq!(cell.take().map(|bytes| bytes.len()), Some(3));
        assert!(cell.is_none());
        assert_eq!(cell.map_or(5, |bytes| bytes.len()), 5);
        assert_eq!(cell.map_or_else(|| 6, |bytes| bytes.len()), 6);
    }
}
