//! Design 11, inference process: whatever becomes of it, the application that asked is
//! told so in signed Evidence, and the next request is served.

use anchorhold_evidence::{ResultStatus, SelfTest};
use end_to_end::board::{Board, Setup};
use end_to_end::model::condition_monitor;
use end_to_end::people::device;
use end_to_end::recordings::demonstration;
use end_to_end::target::Target;

end_to_end::on_every_board! {
    a_cell_that_faults,
    a_cell_that_asks_to_be_restarted,
    a_cell_that_hangs,
    a_cell_that_ends_for_good,
    a_cell_that_never_works,
    a_cell_that_faults_too_often,
    a_cell_that_tells,
    a_cell_that_guesses,
}

/// A board with `cell` in the inference process's place.
fn board(target: &'static Target, cell: &str) -> Board {
    let device = device(target, "failures");
    Setup::new(&format!("failures-{cell}"), &device)
        .applications(&[cell, "reader"])
        .model(&condition_monitor().sealed(&[&device]))
        .senses(demonstration(&["normal", "normal"]))
        .install()
}

/// A cell that works every other time: its self-test is good, the first request fails
/// with `failure`, the kernel restarts it, and the next request is served.
fn every_other_time(target: &'static Target, cell: &str, failure: ResultStatus) {
    let board = board(target, cell);
    let mut running = board.boot().ready();
    for _ in 0..2 {
        let answer = running.ask();
        assert_eq!(answer.status(), failure);
        assert_eq!(answer.score_bucket(), None);
        assert_eq!(answer.claims().self_test, SelfTest::Passed);
        let answer = running.ask();
        assert_eq!(
            (answer.status(), answer.label()),
            (ResultStatus::Answered, 0)
        );
    }
}

fn a_cell_that_faults(target: &'static Target) {
    every_other_time(target, "relapse_fault", ResultStatus::InferenceRestarted);
}

fn a_cell_that_asks_to_be_restarted(target: &'static Target) {
    every_other_time(target, "relapse_restart", ResultStatus::InferenceRestarted);
}

fn a_cell_that_hangs(target: &'static Target) {
    every_other_time(target, "relapse_hang", ResultStatus::DeadlineExceeded);
}

fn a_cell_that_ends_for_good(target: &'static Target) {
    every_other_time(target, "relapse_end", ResultStatus::DeadlineExceeded);
}

// A cell that never does any work does not keep the application from being told so.
fn a_cell_that_never_works(target: &'static Target) {
    for (cell, failure) in [
        ("faulting_cell", ResultStatus::InferenceRestarted),
        ("exiting_cell", ResultStatus::InferenceRestarted),
        ("hanging_cell", ResultStatus::DeadlineExceeded),
    ] {
        let board = board(target, cell);
        let mut running = board.boot().ready();
        for _ in 0..2 {
            let answer = running.ask();
            assert_eq!(answer.status(), failure, "{cell}");
            assert_eq!(answer.claims().self_test, SelfTest::Failed, "{cell}");
        }
        running.attest();
    }
}

// P10: faults without end do not keep the kernel busy without end.
fn a_cell_that_faults_too_often(target: &'static Target) {
    const RESTARTS: usize = 64;
    let board = board(target, "faulting_cell");
    let mut running = board.boot().ready();
    let mut faults = 0;
    while running.ask().status() == ResultStatus::InferenceRestarted {
        faults += 1;
        assert!(faults <= RESTARTS + 1, "it is restarted for ever");
    }
    running.line("process faulting_cell stays stopped");
    assert_eq!(running.ask().status(), ResultStatus::DeadlineExceeded);
}

// P3 and P7: the cell has no way to tell anybody but the kernel what it sees. This one
// tries the console and the low-level debug driver, and outputs that no model has.
fn a_cell_that_tells(target: &'static Target) {
    let board = board(target, "lying_cell");
    let mut running = board.boot().ready();
    for _ in 0..2 {
        let answer = running.ask();
        assert_eq!(answer.status(), ResultStatus::InferenceRestarted);
        assert_eq!(answer.claims().self_test, SelfTest::Failed);
    }
    for line in running.lines() {
        let kernel = [
            "anchorhold",
            "process",
            "vault",
            "reader: ready",
            "evidence ",
        ];
        let known = kernel.iter().any(|start| line.starts_with(start));
        assert!(known, "the cell printed: {line}");
    }
}

// A cell that gives an output of the right size, but not the model's: Evidence says
// that it did not reproduce the golden vector.
fn a_cell_that_guesses(target: &'static Target) {
    let board = board(target, "guess");
    let mut running = board.boot().ready();
    for _ in 0..2 {
        let answer = running.ask();
        assert_eq!(
            (answer.status(), answer.label()),
            (ResultStatus::Answered, 2)
        );
        assert_eq!(answer.claims().self_test, SelfTest::Failed);
    }
}
