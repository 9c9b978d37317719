//! What loads and what does not: an application with one thing changed in its header or
//! its footers, as `tests/conformance/expected.txt` says, on both boards and on the real
//! Tock. One that does not load does not keep the next from it.

mod case;
mod footers;
mod headers;
mod programs;

use anchorhold::keys::KeyPair;
use end_to_end::board::{Board, Setup};
use end_to_end::conformance::{
    behaviours, check, outcome as outcome_of, started, witnessed, Outcomes,
};
use end_to_end::people::{device, oem};
use end_to_end::target::Target;
use end_to_end::tbf::Tbf;

use crate::case::{region, regions, Case, NOTHING};

end_to_end::on_every_board! {
    headers_load_as_expected,
    programs_load_as_expected,
    footers_load_as_expected,
    writeable_regions_are_told,
}

end_to_end::on_upstream! {
    headers_load_as_expected,
    programs_load_as_expected,
    footers_load_as_expected,
    writeable_regions_are_told,
}

fn headers_load_as_expected(target: &'static Target) {
    load(target, "header", headers::HEADERS);
}

fn programs_load_as_expected(target: &'static Target) {
    load(target, "program", programs::PROGRAMS);
}

fn footers_load_as_expected(target: &'static Target) {
    load(target, "footer", footers::FOOTERS);
}

/// Where writeable regions are, the application is told by memops, of which it has a
/// behaviour each.
fn writeable_regions_are_told(target: &'static Target) {
    let source = "tbf/region";
    let board = board(target, "region");
    install(&board, target, |tbf| {
        let two = [region(256, 128), region(512, 0)].concat();
        regions(tbf, &two);
    });
    let mut running = board.boot();
    let count = behaviours(&mut running);
    let mut outcomes = Outcomes::new();
    // They are among the last; the very last one ends the process.
    for number in count - 9..count - 1 {
        let (name, outcome) = outcome_of(&mut running, number);
        if let Some(("104/4.6", name)) = name.split_once(' ') {
            if name.starts_with("writeable-") {
                outcomes.insert(format!("{source} {name}"), outcome);
            }
        }
    }
    check(target, &outcomes, |other| other == source);
}

/// Loads each application, between another before it and one behind it.
fn load(target: &'static Target, part: &str, cases: &[Case]) {
    let source = format!("tbf/{part}");
    let board = board(target, part);
    let sound = board.flash();
    let mut outcomes = Outcomes::new();
    for (name, change, log) in cases {
        board.set_flash(&sound);
        install(&board, target, change);
        outcomes.insert(format!("{source} {name}"), outcome(&board));
        if !target.is_upstream() {
            logged(&board, target, name, log);
        }
    }
    check(target, &outcomes, |other| other == source);
}

/// A board with the application, one before it and one behind it.
fn board(target: &'static Target, part: &str) -> Board {
    Setup::new(&format!("tbf-{part}"), &device(target, "conformance"))
        .applications(&["witness", "conformance", "bystander"])
        .install()
}

/// Changes the application, as the OEM could.
fn install(board: &Board, target: &Target, change: impl Fn(&mut Tbf)) {
    let key = KeyPair::read(&oem().private, None).expect("the OEM's key");
    let mut flash = board.flash();
    let place = target.in_flash(target.reader);
    let mut tbf = Tbf::read(&flash[place..]);
    change(&mut tbf);
    flash[place..place + tbf.length()].copy_from_slice(&tbf.encode(&key));
    board.set_flash(&flash);
}

/// What becomes of the application, and of the one behind it.
fn outcome(board: &Board) -> String {
    let Some(lines) = witnessed(&mut board.boot()) else {
        return "nothing runs".to_owned();
    };
    let says = |start: &str| lines.iter().any(|line| line.starts_with(start));
    let it = if !lines.iter().any(|line| started(line).is_some()) {
        "does not run"
    } else if says("conformance: no input") {
        "runs, unsigned"
    } else {
        "runs, signed"
    };
    let next = if says("bystander: here") {
        "runs"
    } else {
        "does not"
    };
    format!("{it}; the next {next}")
}

/// Our kernel says what it made of it, and why.
fn logged(board: &Board, target: &Target, name: &str, expected: &str) {
    let log = board.log();
    let place = format!(" at {:#x} ", target.reader);
    let of_it: Vec<_> = log.lines().filter(|line| line.contains(&place)).collect();
    if expected == NOTHING {
        assert_eq!(of_it, Vec::<&str>::new(), "{name}");
    } else {
        let is_there = of_it.iter().any(|line| line.contains(expected));
        assert!(is_there, "{name}: `{expected}` is not in {of_it:?}");
    }
}
