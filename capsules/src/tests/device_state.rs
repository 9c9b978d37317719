//! The state's promises over resets, cuts of power and failing storage.

use super::fakes::{keys, switch_on, FakeStorage, HUK};
use anchorhold_state::SEQUENCE_BLOCK;
use kernel::ErrorCode;

#[test]
fn nothing_is_available_before_the_boot_is_counted_in_storage() {
    let storage = FakeStorage::new(None);
    let (state, listener) = switch_on(storage, keys(HUK));
    for _ in 0..8 {
        assert!(storage.finish());
    }
    // Every slot is read; the write that counts the boot is under way.
    assert_eq!(storage.writes.get(), 0);
    assert!(state.with(|_| ()).is_none());
    assert!(state.take_number().is_none());
    assert_eq!(state.save(), Err(ErrorCode::OFF));
    assert_eq!(listener.loaded.get(), None);

    storage.finish_all();
    assert_eq!(listener.loaded.get(), Some(Ok(())));
    assert_eq!(storage.writes.get(), 1);
    assert_eq!(state.with(|state| state.boot_count), Some(1));
}

#[test]
fn numbers_come_from_a_stored_block_only() {
    let storage = FakeStorage::new(None);
    let (state, listener) = switch_on(storage, keys(HUK));
    storage.finish_all();
    assert!(state.take_number().is_none());

    state.reserve(None).unwrap();
    assert!(state.take_number().is_none(), "not before it is stored");
    assert_eq!(state.reserve(None), Err(ErrorCode::BUSY));
    storage.finish_all();
    assert_eq!(listener.saved.get(), Some(Ok(())));
    for _ in 0..SEQUENCE_BLOCK {
        assert!(state.take_number().is_some());
    }
    assert!(state.take_number().is_none());
    assert_eq!(storage.writes.get(), 2, "one write for sixteen answers");
}

#[test]
fn a_failed_write_reserves_nothing() {
    let storage = FakeStorage::new(None);
    let (state, listener) = switch_on(storage, keys(HUK));
    storage.finish_all();
    state.reserve(None).unwrap();
    storage.fail();
    assert_eq!(listener.saved.get(), Some(Err(ErrorCode::FAIL)));
    assert!(state.take_number().is_none());
    // The next try succeeds.
    state.reserve(None).unwrap();
    storage.finish_all();
    assert!(state.take_number().is_some());
}

#[test]
fn counters_grow_over_resets_at_any_moment() {
    let mut content = None;
    let mut last = None;
    for step in 0..40usize {
        let storage = FakeStorage::new(content);
        let (state, _) = switch_on(storage, keys(HUK));
        // The power goes after some operations, some of them with answers given.
        for _ in 0..step % 12 {
            storage.finish();
        }
        if state.with(|_| ()).is_some() {
            state.reserve(None).unwrap();
            if step % 2 == 0 {
                storage.finish_all();
            }
            for _ in 0..step % 5 {
                if let Some(number) = state.take_number() {
                    assert!(last.is_none_or(|last| number > last));
                    assert!(last.is_none_or(|last| number.sequence > last.sequence));
                    last = Some(number);
                }
            }
        }
        content = Some(storage.content());
    }
    assert!(last.is_some());
}

#[test]
fn unreadable_storage_and_foreign_storage_are_errors() {
    let storage = FakeStorage::new(None);
    let (state, listener) = switch_on(storage, keys(HUK));
    storage.fail();
    assert_eq!(listener.loaded.get(), Some(Err(ErrorCode::FAIL)));
    assert!(state.with(|_| ()).is_none());

    let storage = FakeStorage::new(None);
    for _ in 0..3 {
        let (_, _) = switch_on(storage, keys(HUK));
        storage.finish_all();
    }
    let copied = FakeStorage::new(Some(storage.content()));
    let (_, listener) = switch_on(copied, keys([1; 32]));
    copied.finish_all();
    assert_eq!(listener.loaded.get(), Some(Err(ErrorCode::INVAL)));
    assert_eq!(copied.writes.get(), 0, "and nothing was overwritten");
}
