//! A process's registers while it does not run.

/// Numbers of the registers that the system call convention names (TRD 104).
pub(crate) mod number {
    /// Return address.
    pub const RA: usize = 1;
    /// Stack pointer.
    #[cfg(target_arch = "riscv32")]
    pub const SP: usize = 2;
    /// The system call's class.
    pub const A4: usize = 14;
}

/// Everything that the context switch saves and restores; its assembly knows
/// this layout.
#[derive(Clone, Copy, Default)]
#[repr(C)]
pub struct StoredState {
    /// `x1` to `x31`.
    pub(crate) registers: [usize; 31],
    /// Where the process continues.
    pub(crate) pc: usize,
    /// `mcause` of the last trap.
    pub(crate) cause: usize,
    /// `mtval` of the last trap.
    pub(crate) value: usize,
}

/// Byte offset of `pc`, for the assembly.
#[cfg(target_arch = "riscv32")]
pub(crate) const PC_OFFSET: usize = core::mem::offset_of!(StoredState, pc);
/// Byte offset of `cause`, for the assembly.
#[cfg(target_arch = "riscv32")]
pub(crate) const CAUSE_OFFSET: usize = core::mem::offset_of!(StoredState, cause);
/// Byte offset of `value`, for the assembly.
#[cfg(target_arch = "riscv32")]
pub(crate) const VALUE_OFFSET: usize = core::mem::offset_of!(StoredState, value);

impl StoredState {
    /// Register `x1` to `x31` by number; zero for any other number, as `x0` is.
    pub(crate) fn get(&self, number: usize) -> usize {
        let slot = number.checked_sub(1).and_then(|at| self.registers.get(at));
        slot.copied().unwrap_or(0)
    }

    /// Sets register `x1` to `x31`; ignores any other number, as `x0` does.
    pub(crate) fn set(&mut self, number: usize, value: usize) {
        if let Some(slot) = number
            .checked_sub(1)
            .and_then(|at| self.registers.get_mut(at))
        {
            *slot = value;
        }
    }

    /// The registers `a0` to `a3`.
    pub(crate) fn arguments(&self) -> [usize; 4] {
        let [_, _, _, _, _, _, _, _, _, a0, a1, a2, a3, ..] = self.registers;
        [a0, a1, a2, a3]
    }

    /// Sets `a0` to `a3`.
    pub(crate) fn set_arguments(&mut self, values: [usize; 4]) {
        let [_, _, _, _, _, _, _, _, _, a0, a1, a2, a3, ..] = &mut self.registers;
        [*a0, *a1, *a2, *a3] = values;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn register_zero_stays_zero_and_others_keep_apart() {
        let mut state = StoredState::default();
        for number in 0..=31 {
            state.set(number, number + 100);
        }
        assert_eq!(state.get(0), 0);
        assert_eq!(state.get(31), 131);
        assert_eq!(state.arguments(), [110, 111, 112, 113]);
        state.set_arguments([1, 2, 3, 4]);
        assert_eq!(state.arguments(), [1, 2, 3, 4]);
        assert_eq!((state.get(9), state.get(14)), (109, 114));
        state.set(32, 7);
        assert_eq!(state.get(32), 0);
    }
}
