//! Twenty thousand mutants for each target; `make fuzz` executes ten million.

use fuzz::campaign::{run, Target};
use fuzz::corpus;
use fuzz::plan::Plans;
use fuzz::tflite::Models;

const EXECUTIONS: u64 = 20_000;

fn check(target: &impl Target) {
    let outcome = run(target, 7, 0..EXECUTIONS, &|_, _| ());
    let findings = outcome.findings.join("\n");
    assert!(findings.is_empty(), "{}: {findings}", target.name());
    assert_eq!(outcome.stages.iter().sum::<u64>(), EXECUTIONS);
    // Some are refused, but enough get all the way for the test to mean something.
    let ran = outcome.stages[target.stages().len() - 1];
    assert!((EXECUTIONS / 20..EXECUTIONS / 2).contains(&ran), "{ran}");
}

// One after the other: what a campaign learns of panics belongs to the process.
#[test]
fn mutants_are_refused_or_run() {
    check(&Plans::new(&corpus::plans()));
    check(&Models::new(corpus::models()));
}
