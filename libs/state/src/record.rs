//! The bytes of one record: magic, generation, state, authentication code.
//!
//! | offset | bytes | |
//! |---|---|---|
//! | 0 | 8 | magic `AHSTATE1` |
//! | 8 | 8 | generation, u64 |
//! | 16 | 4 | boot count, u32 |
//! | 20 | 4 | number of models, 0 to 4, u32 |
//! | 24 | 8 | answer numbers reserved, u64 |
//! | 32 | 4 × 112 | models: UUID 16, version floor u64, manifest digest 32, wrapped key 32, its tag 16, budget level u32, answers used u32; unused ones are zero |
//! | 480 | 32 | HMAC-SHA256 over bytes 0 to 480 under the device's `storage` key |
//!
//! Integers are little-endian.

use crate::model::{ModelRecord, WrappedKey};
use crate::state::{State, MAX_MODELS};
use anchorhold_crypto::mac::{HmacSha256, MAC_LEN};
use anchorhold_crypto::Secret;
use anchorhold_policy::BudgetSnapshot;

/// Length of a record, in bytes.
pub const RECORD_BYTES: usize = 512;

const MAGIC: [u8; 8] = *b"AHSTATE1";
const BODY_BYTES: usize = RECORD_BYTES - MAC_LEN;
const ERASED: u8 = 0xff;

/// What a slot turned out to hold.
pub(crate) enum Slot<'a> {
    /// Never written since it was erased.
    Erased,
    /// A complete record of this device.
    Valid(Record<'a>),
    /// Anything else: a write that was cut short, or damage.
    Damaged,
}

/// An authenticated record, from its generation on.
pub(crate) struct Record<'a>(&'a [u8]);

/// Writes a record.
pub(crate) fn encode(
    key: &Secret<32>,
    generation: u64,
    state: &State,
    record: &mut [u8; RECORD_BYTES],
) {
    record.fill(0);
    let (body, code) = record.split_at_mut(BODY_BYTES);
    let mut writer = Writer(&mut *body);
    writer.put(&MAGIC);
    writer.put(&generation.to_le_bytes());
    writer.put(&state.boot_count.to_le_bytes());
    writer.put(&(state.models().count() as u32).to_le_bytes());
    writer.put(&state.sequence_reserved.to_le_bytes());
    for model in state.models() {
        writer.put(&model.uuid);
        writer.put(&model.version_floor.to_le_bytes());
        writer.put(&model.manifest_digest);
        writer.put(&model.wrapped_key.ciphertext);
        writer.put(&model.wrapped_key.tag);
        writer.put(&model.usage.level.to_le_bytes());
        writer.put(&model.usage.answers_used.to_le_bytes());
    }
    let mut mac = HmacSha256::new(key.expose());
    mac.update(body);
    code.copy_from_slice(&mac.finish());
}

/// Reads a slot.
pub(crate) fn decode<'a>(key: &Secret<32>, record: &'a [u8; RECORD_BYTES]) -> Slot<'a> {
    if record.iter().all(|&byte| byte == ERASED) {
        return Slot::Erased;
    }
    let (body, code) = record.split_at(BODY_BYTES);
    let mut mac = HmacSha256::new(key.expose());
    mac.update(body);
    match (mac.verify(code), body.strip_prefix(&MAGIC)) {
        (Ok(()), Some(rest)) => Slot::Valid(Record(rest)),
        _ => Slot::Damaged,
    }
}

impl Record<'_> {
    /// The record's generation; the newest is the highest.
    pub(crate) fn generation(&self) -> u64 {
        let generation = Reader(self.0).take();
        generation.map_or(0, u64::from_le_bytes)
    }

    /// The state. `None` when it says something that [`encode`] never does.
    pub(crate) fn state(&self) -> Option<State> {
        let mut reader = Reader(self.0);
        let _generation = reader.take::<8>()?;
        let mut state = State {
            boot_count: u32::from_le_bytes(reader.take()?),
            ..State::default()
        };
        let models = u32::from_le_bytes(reader.take()?);
        state.sequence_reserved = u64::from_le_bytes(reader.take()?);
        if models > MAX_MODELS as u32 {
            return None;
        }
        for _ in 0..models {
            let record = ModelRecord {
                uuid: reader.take()?,
                version_floor: u64::from_le_bytes(reader.take()?),
                manifest_digest: reader.take()?,
                wrapped_key: WrappedKey {
                    ciphertext: reader.take()?,
                    tag: reader.take()?,
                },
                usage: BudgetSnapshot {
                    level: u32::from_le_bytes(reader.take()?),
                    answers_used: u32::from_le_bytes(reader.take()?),
                },
            };
            state.remember(record).ok()?;
        }
        Some(state)
    }
}

/// Fills a buffer from its start. What does not fit is dropped; the layout above
/// fits, as a test shows for the largest state.
struct Writer<'a>(&'a mut [u8]);

impl Writer<'_> {
    fn put(&mut self, bytes: &[u8]) {
        let buffer = core::mem::take(&mut self.0);
        if let Some((place, rest)) = buffer.split_at_mut_checked(bytes.len()) {
            place.copy_from_slice(bytes);
            self.0 = rest;
        }
    }
}

/// Takes arrays off the front of a buffer.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*array)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A state that fills every byte of the layout with something to get wrong.
    fn largest() -> State {
        let mut state = State {
            boot_count: 0x0102_0304,
            sequence_reserved: 0x1112_1314_1516_1718,
            ..State::default()
        };
        for i in 0..MAX_MODELS as u8 {
            let record = ModelRecord {
                uuid: [i + 1; 16],
                version_floor: 0x2122_2324_2526_2700 + u64::from(i),
                manifest_digest: [0x30 + i; 32],
                wrapped_key: WrappedKey {
                    ciphertext: [0x40 + i; 32],
                    tag: [0x50 + i; 16],
                },
                usage: BudgetSnapshot {
                    level: 0x6162_6300 + u32::from(i),
                    answers_used: 0x7172_7300 + u32::from(i),
                },
            };
            state.remember(record).unwrap();
        }
        state
    }

    #[test]
    fn the_largest_state_comes_back() {
        let key = Secret::new([5; 32]);
        let mut record = [0; RECORD_BYTES];
        encode(&key, 77, &largest(), &mut record);
        let Slot::Valid(record) = decode(&key, &record) else {
            panic!("not valid");
        };
        assert_eq!(record.generation(), 77);
        assert!(record.state() == Some(largest()));
    }

    #[test]
    fn every_byte_is_authenticated() {
        let key = Secret::new([5; 32]);
        let mut record = [0; RECORD_BYTES];
        encode(&key, 77, &largest(), &mut record);
        for at in 0..RECORD_BYTES {
            let mut damaged = record;
            damaged[at] ^= 0x10;
            assert!(matches!(decode(&key, &damaged), Slot::Damaged), "byte {at}");
        }
        let other_device = Secret::new([6; 32]);
        assert!(matches!(decode(&other_device, &record), Slot::Damaged));
    }

    #[test]
    fn an_erased_slot_is_not_damage() {
        let key = Secret::new([5; 32]);
        assert!(matches!(decode(&key, &[0xff; RECORD_BYTES]), Slot::Erased));
        let mut record = [0xff; RECORD_BYTES];
        record[RECORD_BYTES - 1] = 0xfe;
        assert!(matches!(decode(&key, &record), Slot::Damaged));
    }
}
