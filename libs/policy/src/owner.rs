//! The owner's policy as a whole, and the list of applications that may ask.

use crate::budget::RatePolicy;
use crate::output::OutputPolicy;

/// Most ShortIds that a policy can list.
pub const MAX_ALLOWED_APPS: usize = 8;

/// What the model owner signed about answering: how much, how often, to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How much of the output tensor leaves the device.
    pub output: OutputPolicy,
    /// How often the device may answer, and how many times in all.
    pub rate: RatePolicy,
    /// Which applications may ask.
    pub allowed_apps: AllowedApps,
    /// Whether the plan may stay in the inference process's memory, decrypted, as
    /// long as there are questions to answer.
    pub resident: bool,
}

/// The applications that may ask, by Tock ShortId; at most [`MAX_ALLOWED_APPS`].
///
/// An empty list permits every application that the board lets call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AllowedApps {
    ids: [u32; MAX_ALLOWED_APPS],
    count: usize,
}

impl AllowedApps {
    /// The empty list: any application that the board lets call.
    pub const ANY: AllowedApps = AllowedApps {
        ids: [0; MAX_ALLOWED_APPS],
        count: 0,
    };

    /// A list of ShortIds; `None` if there are more than [`MAX_ALLOWED_APPS`], or
    /// if one is 0 (Tock's fixed ShortIds are non-zero).
    pub fn new(short_ids: &[u32]) -> Option<AllowedApps> {
        if short_ids.contains(&0) {
            return None;
        }
        let mut apps = AllowedApps::ANY;
        apps.ids
            .get_mut(..short_ids.len())?
            .copy_from_slice(short_ids);
        apps.count = short_ids.len();
        Some(apps)
    }

    /// The listed ShortIds, in the order of the manifest.
    pub fn as_slice(&self) -> &[u32] {
        self.ids.get(..self.count).unwrap_or(&[])
    }

    /// Whether an application may ask. `short_id` is `None` for an application
    /// without a fixed ShortId, which only an empty list permits.
    pub fn permits(&self, short_id: Option<u32>) -> bool {
        let listed = self.as_slice();
        listed.is_empty() || short_id.is_some_and(|id| listed.contains(&id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_list_permits_everyone() {
        assert!(AllowedApps::ANY.permits(None));
        assert!(AllowedApps::ANY.permits(Some(7)));
    }

    #[test]
    fn a_list_permits_only_its_members() {
        let apps = AllowedApps::new(&[0x1002, 0x1003]).unwrap();
        assert!(apps.permits(Some(0x1003)));
        assert!(!apps.permits(Some(0x1004)));
        assert!(!apps.permits(None));
        // Unused places of the array hold 0, which must not become an identity.
        assert!(!apps.permits(Some(0)));
    }

    #[test]
    fn a_list_has_limits() {
        assert!(AllowedApps::new(&[1; MAX_ALLOWED_APPS]).is_some());
        assert!(AllowedApps::new(&[1; MAX_ALLOWED_APPS + 1]).is_none());
        assert!(AllowedApps::new(&[0]).is_none());
    }
}
