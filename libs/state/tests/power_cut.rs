//! Power loss at every byte of a write, on a simulated region of flash.

use anchorhold_crypto::Secret;
use anchorhold_state::{Layout, Scan, State, StateLost, Store, RECORD_BYTES, SEQUENCE_BLOCK};

const LAYOUT: Layout = Layout::PAGES_OF_2_KIB;
const REGION_BYTES: usize = 16 * 1024;
/// Enough writes to go around the ring twice.
const WRITES: u32 = 17;

fn key() -> Secret<32> {
    Secret::new([9; 32])
}

/// How a cut write leaves the part of the slot that it did not reach.
#[derive(Clone, Copy, Debug)]
enum Rest {
    /// As it was: the driver programs byte by byte.
    Old,
    /// Erased: the driver erases the slot first.
    Erased,
}

fn load(region: &[u8]) -> Result<Store, StateLost> {
    let mut scan = Scan::new(LAYOUT);
    for slot in 0..LAYOUT.slots() {
        let at = LAYOUT.address(slot);
        let content = region[at..at + RECORD_BYTES].try_into().unwrap();
        scan.slot(&key(), slot, content);
    }
    scan.finish()
}

/// Writes the store's next record, but loses power after `bytes` bytes.
fn write(region: &mut [u8], store: &Store, bytes: usize, rest: Rest) {
    let mut record = [0; RECORD_BYTES];
    let at = store.next_record(&key(), &mut record);
    let slot = &mut region[at..at + RECORD_BYTES];
    if matches!(rest, Rest::Erased) {
        slot.fill(0xff);
    }
    slot[..bytes].copy_from_slice(&record[..bytes]);
}

/// What every boot does first.
fn boot(store: &mut Store) {
    let state = store.state_mut();
    state.boot_count += 1;
    state.sequence_reserved += u64::from(SEQUENCE_BLOCK);
}

#[test]
fn a_cut_at_every_byte_leaves_the_old_or_the_new_state() {
    for rest in [Rest::Old, Rest::Erased] {
        let mut region = vec![0xff; REGION_BYTES];
        for _ in 0..WRITES {
            let mut store = load(&region).unwrap();
            let old = store.state().clone();
            boot(&mut store);
            let new = store.state().clone();
            for bytes in 0..=RECORD_BYTES {
                let mut cut = region.clone();
                write(&mut cut, &store, bytes, rest);
                let found = load(&cut).unwrap().state().clone();
                assert!(
                    found == new || found == old || is_past_both(&found, &old, &new),
                    "{rest:?}, cut after {bytes} bytes"
                );
                if bytes == RECORD_BYTES {
                    assert!(found == new, "a complete write is the new state");
                }
            }
            write(&mut region, &store, RECORD_BYTES, rest);
        }
    }
}

/// The old state, with its counters moved past everything the new one could have used.
fn is_past_both(found: &State, old: &State, new: &State) -> bool {
    found.boot_count >= new.boot_count
        && found.sequence_reserved >= new.sequence_reserved
        && found.models().eq(old.models())
}

#[test]
fn counters_never_repeat_however_often_power_is_cut() {
    let mut region = vec![0xff; REGION_BYTES];
    let mut highest = (0, 0);
    for step in 0..400usize {
        let mut store = load(&region).unwrap();
        boot(&mut store);
        let state = store.state();
        let numbers = (state.boot_count, state.sequence_reserved);
        // Cut in the middle, at the very end, or not at all; the device answers
        // only after a complete write, and then these numbers are used.
        let bytes = [0, 100, RECORD_BYTES - 1, RECORD_BYTES, RECORD_BYTES][step * 7 % 5];
        write(&mut region, &store, bytes, Rest::Old);
        if bytes == RECORD_BYTES {
            assert!(numbers.0 > highest.0 && numbers.1 > highest.1);
            highest = numbers;
        }
    }
}

#[test]
fn a_damaged_newest_record_does_not_bring_counters_back() {
    let mut region = vec![0xff; REGION_BYTES];
    let mut store = load(&region).unwrap();
    for _ in 0..5 {
        boot(&mut store);
        write(&mut region, &store, RECORD_BYTES, Rest::Old);
        store.written();
    }
    let used = store.state().clone();
    for bit in 0..RECORD_BYTES * 8 {
        let mut damaged = region.clone();
        damaged[LAYOUT.address(5) + bit / 8] ^= 1 << (bit % 8);
        let found = load(&damaged).unwrap();
        assert!(found.state().boot_count >= used.boot_count);
        assert!(found.state().sequence_reserved >= used.sequence_reserved);
    }
}

#[test]
fn a_region_of_another_device_is_not_a_fresh_start() {
    let mut region = vec![0xff; REGION_BYTES];
    let mut store = load(&region).unwrap();
    for _ in 0..3 {
        boot(&mut store);
        write(&mut region, &store, RECORD_BYTES, Rest::Old);
        store.written();
    }
    let mut scan = Scan::new(LAYOUT);
    for slot in 0..LAYOUT.slots() {
        let at = LAYOUT.address(slot);
        let content = region[at..at + RECORD_BYTES].try_into().unwrap();
        scan.slot(&Secret::new([1; 32]), slot, content);
    }
    assert!(matches!(scan.finish(), Err(StateLost)));
}

#[test]
fn a_record_copied_to_another_slot_is_not_believed() {
    let mut region = vec![0xff; REGION_BYTES];
    let mut store = load(&region).unwrap();
    boot(&mut store);
    write(&mut region, &store, RECORD_BYTES, Rest::Old);
    let first = LAYOUT.address(1);
    let record = region[first..first + RECORD_BYTES].to_vec();
    region[first..first + RECORD_BYTES].fill(0xff);
    let other = LAYOUT.address(4);
    region[other..other + RECORD_BYTES].copy_from_slice(&record);
    assert!(load(&region).is_err());
}

#[test]
fn layouts_have_room() {
    assert!(Layout::new(1, 2048).is_none());
    assert!(Layout::new(2, RECORD_BYTES - 1).is_none());
    assert_eq!(Layout::new(4, 4096).unwrap().address(3), 12288);
}
