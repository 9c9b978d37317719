//! The state itself: counters and the table of accepted models.

use crate::model::ModelRecord;
use anchorhold_policy::budget::UNITS_PER_ANSWER;

/// Most models that a device remembers. A floor that was forgotten would be a
/// floor that can be undercut, so a further model is refused instead.
pub const MAX_MODELS: usize = 4;

/// Answer numbers that are reserved by one write.
pub const SEQUENCE_BLOCK: u32 = 16;

/// There is no room to remember another model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// Everything that survives a reset.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct State {
    /// Boots so far; each boot adds one before it signs anything.
    pub boot_count: u32,
    /// Answer numbers below this one may have been used.
    pub sequence_reserved: u64,
    pub(crate) models: [Option<ModelRecord>; MAX_MODELS],
}

impl State {
    /// The accepted models, in no particular order.
    pub fn models(&self) -> impl Iterator<Item = &ModelRecord> {
        self.models.iter().flatten()
    }

    /// What is remembered of the model with this UUID.
    pub fn model(&self, uuid: &[u8; 16]) -> Option<&ModelRecord> {
        self.models().find(|model| model.uuid == *uuid)
    }

    /// Like [`State::model`], to be changed.
    pub fn model_mut(&mut self, uuid: &[u8; 16]) -> Option<&mut ModelRecord> {
        self.models
            .iter_mut()
            .flatten()
            .find(|model| model.uuid == *uuid)
    }

    /// Remembers a model, in the place of an earlier version of it if there is one.
    ///
    /// # Errors
    /// [`Full`] when [`MAX_MODELS`] other models are remembered; nothing changes.
    pub fn remember(&mut self, record: ModelRecord) -> Result<(), Full> {
        let index = self
            .models
            .iter()
            .position(|place| place.as_ref().is_some_and(|m| m.uuid == record.uuid))
            .or_else(|| self.models.iter().position(Option::is_none))
            .ok_or(Full)?;
        let place = self.models.get_mut(index).ok_or(Full)?;
        *place = Some(record);
        Ok(())
    }

    /// Moves every counter past what `lost_writes` unreadable states may have used.
    pub(crate) fn skip(&mut self, lost_writes: u32) {
        let numbers = lost_writes.saturating_mul(SEQUENCE_BLOCK);
        self.boot_count = self.boot_count.saturating_add(lost_writes);
        self.sequence_reserved = self.sequence_reserved.saturating_add(u64::from(numbers));
        for model in self.models.iter_mut().flatten() {
            let units = numbers.saturating_mul(UNITS_PER_ANSWER);
            model.usage.level = model.usage.level.saturating_sub(units);
            model.usage.answers_used = model.usage.answers_used.saturating_add(numbers);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::WrappedKey;
    use anchorhold_policy::BudgetSnapshot;

    fn record(uuid: u8, version_floor: u64) -> ModelRecord {
        ModelRecord {
            uuid: [uuid; 16],
            version_floor,
            manifest_digest: [0; 32],
            wrapped_key: WrappedKey {
                ciphertext: [0; 32],
                tag: [0; 16],
            },
            usage: BudgetSnapshot {
                level: 0,
                answers_used: 0,
            },
        }
    }

    #[test]
    fn a_new_version_takes_the_old_ones_place() {
        let mut state = State::default();
        state.remember(record(1, 1)).unwrap();
        state.remember(record(2, 1)).unwrap();
        state.remember(record(1, 2)).unwrap();
        assert_eq!(state.models().count(), 2);
        assert_eq!(state.model(&[1; 16]).unwrap().version_floor, 2);
    }

    #[test]
    fn no_floor_is_forgotten_for_a_further_model() {
        let mut state = State::default();
        for uuid in 0..MAX_MODELS as u8 {
            state.remember(record(uuid, 9)).unwrap();
        }
        let before = state.clone();
        assert_eq!(state.remember(record(99, 1)), Err(Full));
        assert!(state == before);
        assert_eq!(state.remember(record(0, 10)), Ok(()));
    }

    #[test]
    fn skipping_moves_every_counter_forward() {
        let mut state = State {
            boot_count: 3,
            sequence_reserved: 40,
            ..State::default()
        };
        let mut model = record(1, 1);
        model.usage.level = 20 * UNITS_PER_ANSWER;
        state.remember(model).unwrap();
        state.skip(1);
        assert_eq!((state.boot_count, state.sequence_reserved), (4, 56));
        let usage = state.model(&[1; 16]).unwrap().usage;
        assert_eq!(
            (usage.level, usage.answers_used),
            (4 * UNITS_PER_ANSWER, 16)
        );
    }
}
