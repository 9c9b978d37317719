//! [`MapCell`]: an owned value that is lent to closures, one at a time.

use core::cell::UnsafeCell;

/// A cell that owns a `T` and lends it as `&mut T`.
///
/// While a closure has the value, the cell is empty to everybody else. The
/// value stays in place (it is not moved out and in for each use, which
/// matters for large ones).
pub struct MapCell<T> {
    value: UnsafeCell<Option<T>>,
    lent: core::cell::Cell<bool>,
}

impl<T> MapCell<T> {
    /// A cell without a value.
    pub const fn empty() -> Self {
        Self {
            value: UnsafeCell::new(None),
            lent: core::cell::Cell::new(false),
        }
    }

    /// A cell that holds `value`.
    pub const fn new(value: T) -> Self {
        Self {
            value: UnsafeCell::new(Some(value)),
            lent: core::cell::Cell::new(false),
        }
    }

    /// Runs `closure` on the content; `None` if that is already lent.
    fn access<R>(&self, closure: impl FnOnce(&mut Option<T>) -> Option<R>) -> Option<R> {
        if self.lent.replace(true) {
            return None;
        }
        // SAFETY: `lent` was false, so no other closure holds a reference to
        // the content, and it stays true until this one returns; the cell is
        // not `Sync`, so no other thread takes part.
        let result = closure(unsafe { &mut *self.value.get() });
        self.lent.set(false);
        result
    }

    /// Whether there is no value to use: empty, or lent at the moment.
    pub fn is_none(&self) -> bool {
        !self.is_some()
    }

    /// Whether there is a value to use.
    pub fn is_some(&self) -> bool {
        self.map(|_| ()).is_some()
    }

    /// Takes the value out.
    pub fn take(&self) -> Option<T> {
        self.access(Option::take)
    }

    /// Stores `value`. A value that is lent at the moment stays, and `value`
    /// is dropped.
    pub fn put(&self, value: T) {
        self.replace(value);
    }

    /// Stores `value` and returns what was there. A value that is lent at the
    /// moment stays, and `value` is dropped.
    pub fn replace(&self, value: T) -> Option<T> {
        self.access(|slot| slot.replace(value))
    }

    /// Lends the value to `closure`, if there is one to use.
    pub fn map<F, R>(&self, closure: F) -> Option<R>
    where
        F: FnOnce(&mut T) -> R,
    {
        self.and_then(|value| Some(closure(value)))
    }

    /// Like [`Self::map`], with `default` when there is nothing to lend.
    pub fn map_or<F, R>(&self, default: R, closure: F) -> R
    where
        F: FnOnce(&mut T) -> R,
    {
        self.map(closure).unwrap_or(default)
    }

    /// Lends the value to `closure`, flattening its result.
    pub fn and_then<F, R>(&self, closure: F) -> Option<R>
    where
        F: FnOnce(&mut T) -> Option<R>,
    {
        self.access(|value| value.as_mut().and_then(closure))
    }
}

impl<T: Copy> MapCell<T> {
    /// A copy of the value.
    pub fn get(&self) -> Option<T> {
        self.map(|value| *value)
    }
}

impl<T> Default for MapCell<T> {
    fn default() -> Self {
        Self::empty()
    }
}

#[cfg(test)]
mod tests {
    use super::MapCell;

    #[test]
    fn value_is_absent_while_lent() {
        let cell = MapCell::new(1);
        let nested = cell.map(|value| {
            *value = 2;
            (cell.is_none(), cell.take(), cell.replace(7))
        });
        assert_eq!(nested, Some((true, None, None)));
        assert_eq!(cell.get(), Some(2));
    }

    #[test]
    fn put_take_and_defaults() {
        let cell = MapCell::empty();
        assert_eq!(cell.map_or(5, |value: &mut i32| *value), 5);
        cell.put(3);
        assert_eq!(cell.and_then(|value| value.checked_add(1)), Some(4));
        assert_eq!(cell.replace(8), Some(3));
        assert_eq!(cell.take(), Some(8));
        assert!(cell.is_none());
    }
}
