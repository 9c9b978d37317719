//! [`OptionalCell`]: a `Cell<Option<T>>` with the methods of `Option`.

use core::cell::Cell;

/// A cell that holds a small value or nothing.
///
/// The accessors that return the value by copy need `T: Copy`; it is meant
/// for references, numbers and enumerations.
pub struct OptionalCell<T> {
    value: Cell<Option<T>>,
}

impl<T> OptionalCell<T> {
    /// A cell that holds `value`.
    pub const fn new(value: T) -> Self {
        Self {
            value: Cell::new(Some(value)),
        }
    }

    /// A cell that holds nothing.
    pub const fn empty() -> Self {
        Self {
            value: Cell::new(None),
        }
    }

    /// Stores `value`, dropping what was there.
    pub fn set(&self, value: T) {
        self.value.set(Some(value));
    }

    /// Stores `value`, which may be nothing.
    pub fn insert(&self, value: Option<T>) {
        self.value.set(value);
    }

    /// Stores `value` and returns what was there.
    pub fn replace(&self, value: T) -> Option<T> {
        self.value.replace(Some(value))
    }

    /// Empties the cell.
    pub fn clear(&self) {
        self.value.set(None);
    }

    /// Empties the cell and returns what was there.
    pub fn take(&self) -> Option<T> {
        self.value.take()
    }

    /// Whether the cell holds a value.
    pub fn is_some(&self) -> bool {
        let value = self.value.take();
        let present = value.is_some();
        self.value.set(value);
        present
    }

    /// Whether the cell is empty.
    pub fn is_none(&self) -> bool {
        !self.is_some()
    }
}

impl<T: Copy> OptionalCell<T> {
    /// A copy of the content.
    pub fn get(&self) -> Option<T> {
        self.value.get()
    }

    /// A copy of the value, or `default` when there is none.
    pub fn unwrap_or(&self, default: T) -> T {
        self.get().unwrap_or(default)
    }

    /// Whether the cell holds a value equal to `other`.
    pub fn contains(&self, other: &T) -> bool
    where
        T: PartialEq,
    {
        self.get().as_ref() == Some(other)
    }

    /// Calls `closure` with a copy of the value, if there is one.
    pub fn map<F, R>(&self, closure: F) -> Option<R>
    where
        F: FnOnce(T) -> R,
    {
        self.get().map(closure)
    }

    /// Calls `closure` with a copy of the value, or returns `default`.
    pub fn map_or<F, R>(&self, default: R, closure: F) -> R
    where
        F: FnOnce(T) -> R,
    {
        self.get().map_or(default, closure)
    }

    /// Calls `closure` with a copy of the value, or else `default`.
    pub fn map_or_else<U, D, F>(&self, default: D, closure: F) -> U
    where
        D: FnOnce() -> U,
        F: FnOnce(T) -> U,
    {
        self.get().map_or_else(default, closure)
    }

    /// Calls `closure` with a copy of the value, if there is one.
    pub fn and_then<F, R>(&self, closure: F) -> Option<R>
    where
        F: FnOnce(T) -> Option<R>,
    {
        self.get().and_then(closure)
    }
}

impl<T> Default for OptionalCell<T> {
    fn default() -> Self {
        Self::empty()
    }
}

#[cfg(test)]
mod tests {
    use super::OptionalCell;

    #[test]
    fn set_get_take() {
        let cell = OptionalCell::empty();
        assert!(cell.is_none());
        cell.set(3);
        assert!(cell.is_some(), "is_some must leave the value in place");
        assert_eq!(cell.get(), Some(3));
        assert!(cell.contains(&3));
        assert!(!cell.contains(&4));
        assert_eq!(cell.take(), Some(3));
        assert_eq!(cell.get(), None);
    }

    #[test]
    fn replace_insert_and_defaults() {
        let cell = OptionalCell::new(1);
        assert_eq!(cell.replace(2), Some(1));
        cell.insert(None);
        assert_eq!(cell.unwrap_or(9), 9);
        assert_eq!(cell.map_or(7, |value| value + 1), 7);
        cell.insert(Some(4));
        assert_eq!(cell.map_or(7, |value| value + 1), 5);
        assert_eq!(cell.and_then(|value: i32| value.checked_div(0)), None);
        cell.clear();
        assert_eq!(cell.map(|value| value), None);
    }
}
