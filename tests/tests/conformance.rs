//! The kernel keeps to TRD 104: every behaviour in `tests/conformance/expected.txt`, the
//! same on both boards, and on the real Tock but for the differences in docs/upstream.md.

use end_to_end::board::Setup;
use end_to_end::conformance::{behaviours, check, outcome, started, witnessed, Outcomes};
use end_to_end::people::device;
use end_to_end::target::Target;

end_to_end::on_every_board! {
    system_calls_do_what_is_expected,
}

end_to_end::on_upstream! {
    system_calls_do_what_is_expected,
}

fn system_calls_do_what_is_expected(target: &'static Target) {
    let mut outcomes = returning(target);
    outcomes.extend([terminating(target)]);
    check(target, &outcomes, |source| !source.starts_with("tbf/"));
}

/// All behaviours but the last.
fn returning(target: &'static Target) -> Outcomes {
    let board = Setup::new("conformance", &device(target, "conformance"))
        .applications(&["conformance"])
        .install();
    let mut running = board.boot();
    let count = behaviours(&mut running);
    (0..count - 1)
        .map(|number| outcome(&mut running, number))
        .collect()
}

/// The last behaviour, after which the process does not start again; another one goes on.
fn terminating(target: &'static Target) -> (String, String) {
    let board = Setup::new("conformance-end", &device(target, "conformance"))
        .applications(&["witness", "conformance"])
        .install();
    let mut running = board.boot();
    let last = behaviours(&mut running) - 1;
    running.send(&format!("run {last}"));
    let begun = running.line("begin ");
    let lines = witnessed(&mut running).expect("a witness");
    let returned = |line: &String| line.starts_with("outcome ");
    let outcome = if lines.iter().any(returned) {
        "it returned"
    } else if lines.iter().any(|line| started(line).is_some()) {
        "the process starts again"
    } else {
        "the process is gone"
    };
    let name = begun
        .strip_prefix("begin ")
        .expect("a behaviour that began");
    (name.to_owned(), outcome.to_owned())
}
