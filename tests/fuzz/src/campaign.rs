//! Many executions of a target on all processors, watched.
//!
//! An execution is made from the campaign's seed and its own number, so that a
//! finding can be had again alone: `--first NUMBER --executions 1`.

use std::cell::RefCell;
use std::ops::Range;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use tflite_writer::Random;

use crate::processor_time::Thread;

/// Longest that an execution may compute.
const LONGEST: Duration = Duration::from_secs(1);
/// How often the threads are looked after.
const INTERVAL: Duration = Duration::from_millis(100);
/// Executions that a thread takes at a time.
const BATCH: u64 = 64;
/// Findings that are kept; after these the campaign ends, for one fault is found often.
const MOST_FINDINGS: usize = 20;
/// A thread that does nothing.
const IDLE: u64 = u64::MAX;

/// What mutants are given to.
pub trait Target: Sync {
    /// Its name.
    fn name(&self) -> &'static str;
    /// How far a mutant can get, in order.
    fn stages(&self) -> &'static [&'static str];
    /// A mutant.
    fn mutant(&self, random: &mut Random) -> Vec<u8>;
    /// Gives it to the target; tells how far it got.
    ///
    /// # Panics
    /// That is what is looked for.
    fn execute(&self, mutant: &[u8], random: &mut Random) -> usize;
}

/// What came of a campaign.
#[derive(Debug)]
pub struct Outcome {
    /// How many mutants got how far.
    pub stages: Vec<u64>,
    /// Where it panicked or hung, and with which execution.
    pub findings: Vec<String>,
    /// How long it took.
    pub time: Duration,
}

thread_local! {
    /// Message and place of the thread's latest panic.
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

struct Campaign<'a, T: Target> {
    target: &'a T,
    seed: u64,
    numbers: Range<u64>,
    next: AtomicU64,
    stages: Vec<AtomicU64>,
    findings: Mutex<Vec<String>>,
}

/// Executes the mutants `numbers` of the series that belongs to `seed`. Ends after 20
/// findings, and the process at the first mutant that hangs, since nothing else can end
/// it. `progress` sees every second or so how many are done and how many findings there
/// are.
pub fn run<T: Target>(
    target: &T,
    seed: u64,
    numbers: Range<u64>,
    progress: &dyn Fn(u64, usize),
) -> Outcome {
    panic::set_hook(Box::new(|what| {
        PANIC.with(|panic| *panic.borrow_mut() = what.to_string());
    }));
    let campaign = Campaign {
        target,
        seed,
        next: AtomicU64::new(numbers.start),
        numbers,
        stages: target.stages().iter().map(|_| AtomicU64::new(0)).collect(),
        findings: Mutex::new(Vec::new()),
    };
    let start = Instant::now();
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let current: Vec<AtomicU64> = (0..processors).map(|_| AtomicU64::new(IDLE)).collect();
    thread::scope(|scope| {
        let (name, told) = std::sync::mpsc::channel();
        for (index, current) in current.iter().enumerate() {
            let (campaign, name) = (&campaign, name.clone());
            scope.spawn(move || {
                // The receiver waits for all.
                let _ = name.send((index, Thread::current()));
                campaign.work(current);
            });
        }
        let mut threads: Vec<_> = told.iter().take(processors).collect();
        threads.sort_by_key(|(index, _)| *index);
        let threads = threads.into_iter().map(|(_, thread)| thread);
        campaign.watch(&threads.collect::<Vec<_>>(), &current, progress);
    });
    drop(panic::take_hook());
    Outcome {
        stages: campaign
            .stages
            .iter()
            .map(|count| count.load(Relaxed))
            .collect(),
        findings: campaign.findings.into_inner().unwrap_or_default(),
        time: start.elapsed(),
    }
}

/// The generator of execution `number` of the series `seed`, and its mutant.
pub fn mutant(target: &impl Target, seed: u64, number: u64) -> (Random, Vec<u8>) {
    let mut random = Random::new(Random::new(seed).draw() ^ Random::new(number).draw());
    let mutant = target.mutant(&mut random);
    (random, mutant)
}

impl<T: Target> Campaign<'_, T> {
    fn work(&self, current: &AtomicU64) {
        loop {
            let first = self.next.fetch_add(BATCH, Relaxed);
            if first >= self.numbers.end {
                current.store(IDLE, Relaxed);
                return;
            }
            for number in first..self.numbers.end.min(first + BATCH) {
                current.store(number, Relaxed);
                self.execute(number);
            }
        }
    }

    fn execute(&self, number: u64) {
        let (mut random, mutant) = mutant(self.target, self.seed, number);
        let execution = AssertUnwindSafe(|| self.target.execute(&mutant, &mut random));
        match panic::catch_unwind(execution) {
            Ok(stage) => drop(self.stages[stage].fetch_add(1, Relaxed)),
            Err(_) => {
                let what = PANIC.with(|panic| panic.take());
                self.find(number, &mutant, &what);
            }
        }
    }

    fn find(&self, number: u64, mutant: &[u8], what: &str) {
        let place = save(self.target.name(), self.seed, number, mutant);
        let finding = format!("execution {number} of seed {}: {what}; {place}", self.seed);
        if let Ok(mut findings) = self.findings.lock() {
            findings.push(finding);
            if findings.len() >= MOST_FINDINGS {
                self.next.store(self.numbers.end, Relaxed);
            }
        }
    }

    /// Looks after the threads until they are done.
    fn watch(&self, threads: &[Thread], current: &[AtomicU64], progress: &dyn Fn(u64, usize)) {
        let start = Instant::now();
        let time = |thread: &Thread| thread.time().unwrap_or_else(|| start.elapsed());
        let mut since: Vec<_> = threads.iter().map(|thread| (IDLE, time(thread))).collect();
        let mut round = 0u32;
        while self.next.load(Relaxed) < self.numbers.end
            || current.iter().any(|current| current.load(Relaxed) != IDLE)
        {
            thread::sleep(INTERVAL);
            for ((thread, current), since) in threads.iter().zip(current).zip(&mut since) {
                let number = current.load(Relaxed);
                if number == IDLE || number != since.0 {
                    *since = (number, time(thread));
                } else if time(thread).saturating_sub(since.1) > LONGEST {
                    let (_, mutant) = mutant(self.target, self.seed, number);
                    let place = save(self.target.name(), self.seed, number, &mutant);
                    let seed = self.seed;
                    eprintln!("execution {number} of seed {seed} computes for over 1 s; {place}");
                    std::process::exit(1);
                }
            }
            round += 1;
            if round.is_multiple_of(10) {
                let done = self.stages.iter().map(|count| count.load(Relaxed)).sum();
                let findings = self.findings.lock().map_or(0, |findings| findings.len());
                progress(done, findings);
            }
        }
    }
}

/// Saves a mutant under `target/fuzz`; says where.
pub fn save(target: &str, seed: u64, number: u64, mutant: &[u8]) -> String {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/fuzz"));
    let path = folder.join(format!("{target}-{seed}-{number}.bin"));
    let saved = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, mutant));
    match saved {
        Ok(()) => format!("saved as {}", path.display()),
        Err(error) => format!("{}: {error}", path.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mutants are numbers; some multiples are faults.
    struct Multiples(u64);

    impl Target for Multiples {
        fn name(&self) -> &'static str {
            "multiples"
        }

        fn stages(&self) -> &'static [&'static str] {
            &["even", "odd"]
        }

        fn mutant(&self, random: &mut Random) -> Vec<u8> {
            random.draw().to_le_bytes().to_vec()
        }

        fn execute(&self, mutant: &[u8], _: &mut Random) -> usize {
            let number = u64::from_le_bytes(mutant.try_into().unwrap());
            assert!(!number.is_multiple_of(self.0), "a multiple of {}", self.0);
            usize::from(number % 2 == 1)
        }
    }

    // One test: what a campaign learns of panics belongs to the process.
    #[test]
    fn counts_stages_and_finds_panics() {
        let outcome = run(&Multiples(500), 1, 0..2000, &|_, _| ());
        let found = outcome.findings.len() as u64;
        assert_eq!(outcome.stages.iter().sum::<u64>() + found, 2000);
        assert!(outcome.stages.iter().all(|count| *count > 900));
        assert!((1..20).contains(&found), "{found}");
        assert!(outcome.findings[0].contains("a multiple of 500"));
        // The same mutants again, one by one, make the same findings.
        let alone = |number| run(&Multiples(500), 1, number..number + 1, &|_, _| ());
        let again: usize = (0..2000).map(|number| alone(number).findings.len()).sum();
        assert_eq!(again as u64, found);
        let many = run(&Multiples(2), 1, 0..1_000_000, &|_, _| ());
        assert!((20..300).contains(&many.findings.len()));
    }
}
