//! What a region permits.

use kernel::platform::mpu::Permissions;

/// What a region permits. Writable and executable at once cannot be expressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Loads.
    ReadOnly,
    /// Loads and stores.
    ReadWrite,
    /// Loads and instruction fetches.
    ReadExecute,
    /// Instruction fetches.
    ExecuteOnly,
}

impl Access {
    /// What the kernel's permission means here; writable code does not exist.
    pub const fn of(permissions: Permissions) -> Option<Access> {
        match permissions {
            Permissions::ReadWriteExecute => None,
            Permissions::ReadWriteOnly => Some(Access::ReadWrite),
            Permissions::ReadExecuteOnly => Some(Access::ReadExecute),
            Permissions::ReadOnly => Some(Access::ReadOnly),
            Permissions::ExecuteOnly => Some(Access::ExecuteOnly),
        }
    }

    /// Whether stores are permitted.
    pub const fn writes(self) -> bool {
        matches!(self, Access::ReadWrite)
    }

    /// Whether instruction fetches are permitted.
    pub const fn executes(self) -> bool {
        matches!(self, Access::ReadExecute | Access::ExecuteOnly)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_access_both_writes_and_executes() {
        let all = [
            Permissions::ReadWriteExecute,
            Permissions::ReadWriteOnly,
            Permissions::ReadExecuteOnly,
            Permissions::ReadOnly,
            Permissions::ExecuteOnly,
        ];
        let granted = all.into_iter().filter_map(Access::of);
        assert_eq!(granted.clone().count(), 4);
        assert!(granted.clone().all(|a| !(a.writes() && a.executes())));
        assert_eq!(granted.filter(|access| access.writes()).count(), 1);
    }
}
