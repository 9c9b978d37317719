//! Many instances of a kind, on all processors.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Mutex;
use std::thread;

use bench::engine_board::Board;
use tflite_writer::Random;

use crate::board::{self, Prepared};
use crate::graph::Instance;
use crate::host;
use crate::instances::Kind;

/// Messages kept of a kind's disagreements; the rest is counted.
const MOST_MESSAGES: usize = 5;
/// Instances in memory at a time.
const MOST_PREPARED: usize = 2000;

/// What became of a kind's instances.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Instances whose output was as expected in every way.
    pub equal: u64,
    /// Instances whose output was not.
    pub different: u64,
    /// The first of those: number, description, how they differ.
    pub messages: Vec<String>,
}

/// Compares instances `numbers` of the series `seed` on this computer.
pub fn on_host(kind: &Kind, seed: u64, numbers: Range<u64>) -> Outcome {
    let next = AtomicU64::new(numbers.start);
    let outcome = Mutex::new(Outcome::default());
    let work = || loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= numbers.end {
            return;
        }
        let result = compare(kind, seed, number);
        outcome.lock().expect("no thread panics here").count(result);
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let mut outcome = outcome.into_inner().expect("no thread panics here");
    outcome.messages.sort();
    outcome
}

/// Compares instances `numbers` of the series `seed` on an emulated board. Instances
/// that do not compile are left out: on the host they are found.
///
/// # Errors
/// The board did not run at all.
pub fn on_board(
    board: &Board,
    kind: &Kind,
    seed: u64,
    numbers: Range<u64>,
) -> Result<Outcome, String> {
    let folder = format!("differential/{}", kind.name);
    let mut outcome = Outcome::default();
    let numbers: Vec<u64> = numbers.collect();
    for numbers in numbers.chunks(MOST_PREPARED) {
        let prepare = |number: &u64| {
            let instance = kind.instance(seed, *number);
            let plan = host::plan(&instance).ok()?;
            let mut random = Random::new(seed ^ number);
            Some(Prepared::new(*number, instance, plan, &mut random))
        };
        let all: Vec<Prepared> = numbers.iter().filter_map(prepare).collect();
        for (one, result) in all.iter().zip(board::check(board, &folder, &all)?) {
            let message = |what| message(kind, seed, one.number, &one.instance, what);
            outcome.count(result.map_err(message));
        }
    }
    Ok(outcome)
}

/// Compares one instance.
fn compare(kind: &Kind, seed: u64, number: u64) -> Result<(), String> {
    let instance = kind.instance(seed, number);
    let mut random = Random::new(seed ^ number);
    let result = host::plan(&instance).and_then(|plan| host::check(&plan, &instance, &mut random));
    result.map_err(|what| message(kind, seed, number, &instance, what))
}

/// What there is to say of an instance whose output is not as expected.
fn message(kind: &Kind, seed: u64, number: u64, instance: &Instance, what: String) -> String {
    let (name, description) = (kind.name, &instance.description);
    format!("{name} {number} of seed {seed}: {what}\n    {description}")
}

impl Outcome {
    /// Counts one instance.
    pub fn count(&mut self, result: Result<(), String>) {
        let Err(message) = result else {
            self.equal += 1;
            return;
        };
        self.different += 1;
        if self.messages.len() < MOST_MESSAGES {
            self.messages.push(message);
        }
    }
}
