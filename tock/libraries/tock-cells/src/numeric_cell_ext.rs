//! [`NumericCellExt`]: arithmetic on cells of numbers.

use core::cell::Cell;
use core::ops::{Add, Sub};

/// Arithmetic in place. Overflow behaves as the number's own operators do.
pub trait NumericCellExt<T>
where
    T: Copy + Add<Output = T> + Sub<Output = T>,
{
    /// Adds `value`.
    fn add(&self, value: T);
    /// Subtracts `value`.
    fn subtract(&self, value: T);
    /// Adds one.
    fn increment(&self);
    /// Subtracts one.
    fn decrement(&self);
    /// Returns the number and adds one to it.
    fn get_and_increment(&self) -> T;
    /// Returns the number and subtracts one from it.
    fn get_and_decrement(&self) -> T;
}

impl<T> NumericCellExt<T> for Cell<T>
where
    T: Copy + Add<Output = T> + Sub<Output = T> + From<u8>,
{
    fn add(&self, value: T) {
        self.set(self.get() + value);
    }

    fn subtract(&self, value: T) {
        self.set(self.get() - value);
    }

    fn increment(&self) {
        self.add(T::from(1));
    }

    fn decrement(&self) {
        self.subtract(T::from(1));
    }

    fn get_and_increment(&self) -> T {
        let value = self.get();
        self.increment();
        value
    }

    fn get_and_decrement(&self) -> T {
        let value = self.get();
        self.decrement();
        value
    }
}

#[cfg(test)]
mod tests {
    use super::NumericCellExt;
    use core::cell::Cell;

    #[test]
    fn counts() {
        let cell = Cell::new(5usize);
        assert_eq!(cell.get_and_increment(), 5);
        assert_eq!(cell.get_and_decrement(), 6);
        cell.add(10);
        cell.subtract(3);
        assert_eq!(cell.get(), 12);
    }
}
