//! What kernels do, behaviour by behaviour, against the one list of what they should do.
//!
//! `tests/conformance/expected.txt` is the list: `<source> <name>: <outcome>` a line. The
//! differences of the real Tock are a table of docs/upstream.md, from where they are read.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use crate::artifacts::repository;
use crate::board::Running;
use crate::target::Target;

/// Outcomes by `<source> <name>`.
pub type Outcomes = BTreeMap<String, String>;

/// What the conformance application prints whenever it starts, before and after a number.
const START: [&str; 2] = ["conformance: ", " behaviours"];

/// Waits until the application starts; returns how many behaviours it has.
#[track_caller]
pub fn behaviours(running: &mut Running) -> usize {
    let started = running
        .session()
        .wait_for("the conformance application", started);
    match started {
        Ok(count) => count,
        Err(error) => panic!("{error}"),
    }
}

/// The number of behaviours, if that is the line.
pub fn started(line: &str) -> Option<usize> {
    let [before, after] = START;
    line.strip_prefix(before)?.strip_suffix(after)?.parse().ok()
}

/// Has the application show behaviour `number`, and waits until it has started again.
#[track_caller]
pub fn outcome(running: &mut Running, number: usize) -> (String, String) {
    running.send(&format!("run {number}"));
    let mut name = None;
    let mut outcome = None;
    let ended = running.session().wait_for("the next behaviour", |line| {
        if let Some(begun) = line.strip_prefix("begin ") {
            name = Some(begun.to_owned());
        } else if let Some(text) = line.strip_prefix("outcome ") {
            outcome = text.split_once(": ").map(|(_, text)| text.to_owned());
        } else if line.starts_with("fault: process conformance ") {
            outcome = Some("the process faults".to_owned());
        }
        started(line)
    });
    match (ended, name) {
        (Ok(_), Some(name)) => {
            let outcome = outcome.unwrap_or_else(|| "the process starts again".to_owned());
            (name, outcome)
        }
        (Ok(_), None) => panic!("behaviour {number} did not begin"),
        (Err(error), name) => panic!("behaviour {number}, {name:?}: {error}"),
    }
}

/// What else the board prints while the witness speaks so often that every other process
/// has had its turn; nothing if the board prints and prints and the witness never speaks.
#[track_caller]
pub fn witnessed(running: &mut Running) -> Option<Vec<String>> {
    const TIMES: usize = 20;
    const ENDLESS: usize = 1000;
    let mut lines = Vec::new();
    let mut times = 0;
    let waited = running.session().wait_for("the witness", |line| {
        match line {
            "witness: here" => times += 1,
            other => lines.push(other.to_owned()),
        }
        (times == TIMES || times == 0 && lines.len() == ENDLESS).then_some(())
    });
    match waited {
        Ok(()) => Some(lines).filter(|_| times == TIMES),
        Err(error) => panic!("{error}"),
    }
}

/// Compares `outcomes` with all that the list has from the sources that are meant, and with
/// the differences of the real Tock if the target has that.
#[track_caller]
pub fn check(target: &Target, outcomes: &Outcomes, is_meant: impl Fn(&str) -> bool) {
    let differences = if target.is_upstream() {
        upstream_differences(&is_meant)
    } else {
        Outcomes::new()
    };
    compare(outcomes, &expected(&is_meant), &differences);
}

/// The outcomes in the list whose source `is_meant`.
#[track_caller]
fn expected(is_meant: impl Fn(&str) -> bool) -> Outcomes {
    let lines = read("tests/conformance/expected.txt");
    let mut expected = Outcomes::new();
    for line in lines
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let (name, outcome) = line.split_once(": ").expect("a name and an outcome");
        let twice = expected.insert(name.to_owned(), outcome.to_owned());
        assert!(twice.is_none(), "{name} is in the list twice");
    }
    expected.retain(|name, _| is_meant(source(name)));
    expected
}

/// What the real Tock does otherwise, of the sources that are meant.
#[track_caller]
fn upstream_differences(is_meant: impl Fn(&str) -> bool) -> Outcomes {
    let mut differences = Outcomes::new();
    for line in read("docs/upstream.md").lines() {
        let mut cells = line.split('|').map(str::trim).skip(1);
        let mut quoted = || cells.next()?.strip_prefix('`')?.strip_suffix('`');
        if let (Some(name), Some(outcome)) = (quoted(), quoted()) {
            let reason = cells.next().unwrap_or_default();
            if name.contains('/') && name.contains(' ') && is_meant(source(name)) {
                assert!(
                    !reason.is_empty(),
                    "docs/upstream.md gives no reason: {name}"
                );
                differences.insert(name.to_owned(), outcome.to_owned());
            }
        }
    }
    differences
}

/// Panics unless `outcomes` are those that are `expected`, but for `differences`, all of
/// which there must be.
#[track_caller]
fn compare(outcomes: &Outcomes, expected: &Outcomes, differences: &Outcomes) {
    let mut report = String::new();
    let mut say = |line: String| writeln!(report, "{line}").unwrap_or_default();
    for (name, difference) in differences {
        match expected.get(name) {
            None => say(format!("! {name}: differs, and is not in the list")),
            Some(same) if same == difference => {
                say(format!("! {name}: listed as a difference, and is none"));
            }
            Some(_) => {}
        }
    }
    for (name, outcome) in expected {
        let outcome = differences.get(name).unwrap_or(outcome);
        match outcomes.get(name) {
            Some(happened) if happened == outcome => {}
            Some(happened) => {
                say(format!("- {name}: {outcome}"));
                say(format!("+ {name}: {happened}"));
            }
            None => say(format!("- {name}: {outcome}")),
        }
    }
    for (name, happened) in outcomes {
        if !expected.contains_key(name) {
            say(format!("+ {name}: {happened}"));
        }
    }
    assert!(
        report.is_empty(),
        "- as tests/conformance/expected.txt has it, + as it is:\n{report}"
    );
}

fn source(name: &str) -> &str {
    name.split(' ').next().unwrap_or_default()
}

#[track_caller]
fn read(path: &str) -> String {
    let path = repository().join(path);
    match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => panic!("{}: {error}", path.display()),
    }
}
