//! P5 and P12 when power fails: whatever the moment, no number is given twice.

use std::collections::HashSet;
use std::time::Duration;

use anchorhold::hex;
use anchorhold_evidence::{Counter, Token};
use end_to_end::board::{Board, Setup};
use end_to_end::model::condition_monitor;
use end_to_end::people::device;
use end_to_end::recordings::demonstration;
use end_to_end::target::Target;
use tflite_writer::Random;

end_to_end::on_every_board! {
    numbers_never_repeat_when_power_fails_anywhere,
    a_write_cut_at_any_byte_is_survived,
    a_device_that_lost_its_state_does_not_answer,
}

const KILLS: usize = 30;
/// Longer than a boot takes, in microseconds.
const BOOT_US: usize = 1_500_000;
/// Longer than an answer takes, in microseconds.
const ANSWER_US: usize = 400_000;

fn board(target: &'static Target, name: &str) -> Board {
    let device = device(target, "power");
    Setup::new(name, &device)
        .usual_applications()
        .model(&condition_monitor().sealed(&[&device]))
        .senses(demonstration(&["normal", "imbalance", "looseness"]))
        .install()
}

/// The numbers of all tokens that left the board since it was switched on.
fn numbers(board: &Board) -> Vec<Counter> {
    let counter = |line: &str| {
        let token = hex::decode(line.strip_prefix("evidence ")?)?;
        Some(Token::parse(&token).ok()?.unverified_claims().counter)
    };
    board.log().lines().filter_map(counter).collect()
}

/// Every number ever seen, and the last one.
#[derive(Default)]
struct Seen {
    sequences: HashSet<u64>,
    last: Option<Counter>,
}

impl Seen {
    /// Notes what one boot gave out.
    fn note(&mut self, counters: &[Counter]) {
        for counter in counters {
            assert!(self.sequences.insert(counter.sequence), "{counter:?} again");
            assert!(Some(counter.sequence) > self.last.map(|last| last.sequence));
            assert_eq!(counter.boot, counters[0].boot);
        }
        if let (Some(first), Some(last)) = (counters.first(), self.last) {
            assert!(first.boot > last.boot, "{first:?} after {last:?}");
        }
        self.last = counters.last().copied().or(self.last);
    }
}

fn numbers_never_repeat_when_power_fails_anywhere(target: &'static Target) {
    let board = board(target, "power");
    let mut random = Random::new(30);
    let mut seen = Seen::default();
    for kill in 0..KILLS {
        let mut running = board.boot();
        let moment = if kill % 3 == 0 {
            BOOT_US
        } else {
            running = running.ready();
            for _ in 0..random.below(6) {
                running.ask();
            }
            running.request("nonce");
            ANSWER_US
        };
        let moment = Duration::from_micros(random.below(moment) as u64);
        let _ = running.session().emulator().receive(moment);
        running.lose_power();
        seen.note(&numbers(&board));
    }
    // It was not all about nothing, and the device still works.
    assert!(seen.sequences.len() > KILLS, "{}", seen.sequences.len());
    let mut running = board.boot().ready();
    running.ask();
    running.lose_power();
    seen.note(&numbers(&board));
}

// The emulator's storage is written at once; real flash can be cut anywhere. The first
// write of a boot is cut here: nothing was answered after it.
fn a_write_cut_at_any_byte_is_survived(target: &'static Target) {
    let board = board(target, "power-torn");
    let mut random = Random::new(31);
    let mut seen = Seen::default();
    for _ in 0..6 {
        let before = board.storage();
        let running = board.boot().ready();
        running.lose_power();
        let after = board.storage();
        let changed: Vec<_> = (0..after.len())
            .filter(|index| before.get(*index) != after.get(*index))
            .collect();
        let cut = random.of(&changed);
        let mut torn = before.clone();
        torn.resize(after.len(), 0xff);
        torn[..cut].copy_from_slice(&after[..cut]);
        board.set_storage(&torn);

        let mut running = board.boot().ready();
        for _ in 0..3 {
            running.ask();
        }
        running.lose_power();
        seen.note(&numbers(&board));
    }
}

// Storage that is lost must not start the numbers over.
fn a_device_that_lost_its_state_does_not_answer(target: &'static Target) {
    let board = board(target, "power-lost");
    let mut running = board.boot().ready();
    running.ask();
    running.lose_power();
    let mut storage = board.storage();
    // One bit of each record.
    for slot in storage.chunks_mut(2048).filter(|slot| slot[0] != 0xff) {
        slot[300] ^= 1;
    }
    board.set_storage(&storage);
    let mut running = board.boot().ready();
    assert_eq!(running.refusal(), "OFF");
}
