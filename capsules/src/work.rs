//! The job that the inference process has in hand, shared by the three drivers:
//! evidence gives it out, the sensor driver reports its input, and it ends once.

use anchorhold_evidence::{Counter, Input, Outcome};
use core::cell::Cell;
use core::num::NonZeroU32;
use kernel::process::ShortId;
use kernel::utilities::cells::OptionalCell;
use kernel::{ErrorCode, ProcessId};

/// What a job is for; the discriminants are those of the work upcall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An application asked.
    Answer = 1,
    /// The model must reproduce its golden vector.
    SelfTest = 2,
}

/// Who asked, and which of its requests this is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Requester {
    /// The process that asked.
    pub process: ProcessId,
    /// Tells the requests of one process apart.
    pub serial: u32,
}

/// One inference, from the work upcall to its outcome.
#[derive(Clone, Copy)]
pub struct Job {
    /// Tells jobs apart; the inference process names it in its calls.
    pub generation: u32,
    /// What it is for.
    pub kind: Kind,
    /// Who asked; `None` for a self-test.
    pub requester: Option<Requester>,
    /// The number that its token will carry.
    pub counter: Counter,
    /// Whether a window was asked for: one job has one window.
    pub input_begun: bool,
    /// The window that was handed over.
    pub input: Option<Input>,
    /// How it ended.
    pub outcome: Option<Outcome>,
}

/// Hears that the window of a job was handed over, or rejected.
pub trait InputClient {
    /// The job in hand has its input.
    fn input_done(&self, input: Input);
}

#[derive(Clone, Copy)]
struct Worker {
    process: ProcessId,
    idle: bool,
}

/// The job in hand, and the process that does it.
pub struct Work<'a> {
    inference: NonZeroU32,
    generation: Cell<u32>,
    job: Cell<Option<Job>>,
    worker: Cell<Option<Worker>>,
    client: OptionalCell<&'a dyn InputClient>,
}

impl<'a> Work<'a> {
    /// No job; only the process whose signed ShortId is `inference` will get one.
    pub const fn new(inference: NonZeroU32) -> Work<'a> {
        Work {
            inference,
            generation: Cell::new(0),
            job: Cell::new(None),
            worker: Cell::new(None),
            client: OptionalCell::empty(),
        }
    }

    /// Sets who hears about input.
    pub fn set_client(&self, client: &'a dyn InputClient) {
        self.client.set(client);
    }

    /// Whether this is the inference process. The board's rights say so too; the
    /// drivers that hand out tiles and samples do not rely on a table alone.
    pub fn is_inference(&self, process: ProcessId) -> bool {
        match process.short_app_id() {
            ShortId::Fixed(id) => id == self.inference,
            ShortId::LocallyUnique => false,
        }
    }

    /// The job in hand.
    pub fn job(&self) -> Option<Job> {
        self.job.get()
    }

    /// The process that does the work.
    pub fn worker(&self) -> Option<ProcessId> {
        self.worker.get().map(|worker| worker.process)
    }

    /// The process that does the work, if it waits for a job.
    pub fn idle_worker(&self) -> Option<ProcessId> {
        self.worker
            .get()
            .filter(|worker| worker.idle)
            .map(|worker| worker.process)
    }

    /// The inference process waits for a job. Returns the unfinished job that it no
    /// longer knows of, if there is one: it died and came back.
    pub fn ready(&self, process: ProcessId) -> Option<Job> {
        self.worker.set(Some(Worker {
            process,
            idle: true,
        }));
        self.job.get().filter(|job| job.outcome.is_none())
    }

    /// Puts a job in hand and returns its generation. The worker is busy from now on.
    pub fn begin(&self, kind: Kind, requester: Option<Requester>, counter: Counter) -> u32 {
        let generation = self.generation.get().wrapping_add(1);
        self.generation.set(generation);
        self.job.set(Some(Job {
            generation,
            kind,
            requester,
            counter,
            input_begun: false,
            input: None,
            outcome: None,
        }));
        self.worker.set(self.worker.get().map(|worker| Worker {
            idle: false,
            ..worker
        }));
        generation
    }

    /// Takes the job out of hand.
    pub fn clear(&self) {
        self.job.set(None);
    }

    /// Begins the input of a job.
    ///
    /// # Errors
    /// `INVAL` when the process does not have this job, `ALREADY` when it already
    /// asked for its window.
    pub fn begin_input(&self, process: ProcessId, generation: u32) -> Result<Job, ErrorCode> {
        let mut job = self.open_job(process, generation)?;
        if job.input_begun {
            return Err(ErrorCode::ALREADY);
        }
        job.input_begun = true;
        self.job.set(Some(job));
        Ok(job)
    }

    /// Reports the window of a job. A report for a job that is over is dropped.
    pub fn input(&self, generation: u32, input: Input) {
        if let Some(mut job) = self.unfinished(generation) {
            job.input = Some(input);
            self.job.set(Some(job));
            self.client.map(|client| client.input_done(input));
        }
    }

    /// Ends the job. A second end is dropped.
    pub fn end(&self, generation: u32, outcome: Outcome) {
        if let Some(mut job) = self.unfinished(generation) {
            job.outcome = Some(outcome);
            self.job.set(Some(job));
        }
    }

    /// The job, if this process has it and it is not over.
    ///
    /// # Errors
    /// `INVAL`.
    pub fn open_job(&self, process: ProcessId, generation: u32) -> Result<Job, ErrorCode> {
        self.unfinished(generation)
            .filter(|_| self.worker() == Some(process))
            .ok_or(ErrorCode::INVAL)
    }

    fn unfinished(&self, generation: u32) -> Option<Job> {
        self.job
            .get()
            .filter(|job| job.generation == generation && job.outcome.is_none())
    }
}
