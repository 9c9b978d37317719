//! P6, P7, P8 and P10: a hostile application tries everything that it can think of, and
//! each attempt is refused in exactly the way that is expected. Meanwhile another
//! application gets every answer that it asks for.

use std::collections::BTreeMap;

use anchorhold_evidence::{ReplayGuard, ResultStatus};
use end_to_end::answer::numbers_grow;
use end_to_end::board::{Running, Setup};
use end_to_end::model::condition_monitor;
use end_to_end::people::device;
use end_to_end::recordings::demonstration;
use end_to_end::target::{Target, MPS2_AN386};

end_to_end::on_every_board! {
    every_attack_is_refused_as_expected,
}

/// Answers within which every attempt had its turn.
const MOST: usize = 320;

/// P6, by the processor: the attempt ends with a fault that names what was touched, or
/// it has no effect. What is expected on OpenTitan and on MPS2+; addresses in the
/// intruder's own memory depend on how it was built. (What memory there is behind the
/// last that an Arm process can have, below its grants, depends on their lengths.)
const FAULTS: &str = "
    read-kernel-ram      | load access fault at 0x10000800             | data access violation at 0x20000800
    write-kernel-ram     | store access fault at 0x10000800            | data access violation at 0x20000800
    read-kernel-code     | load access fault at 0x20000400             | data access violation at 0x00000400
    read-kernel-alias    | load access fault at 0x80000400             | data access violation at 0x00400400
    read-inference-ram   | load access fault at 0x10006000             | data access violation at 0x20010000
    write-inference-ram  | store access fault at 0x10006000            | data access violation at 0x20010000
    read-model-key       | load access fault at 0x10017f00             | data access violation at 0x20021f00
    read-inference-code  | load access fault at 0x20030080             | data access violation at 0x00040080
    read-reader-ram      | load access fault at 0x10018000             | data access violation at 0x20028000
    write-reader-ram     | store access fault at 0x10018000            | data access violation at 0x20028000
    read-own-grant       | load access fault at 0x1001                 | data access violation at 0x2002
    write-own-grant      | store access fault at 0x1001                | data access violation at 0x2002
    read-grant-start     | load access fault at 0x1001                 | data access violation at 0x2002
    read-across-break    | load access fault at 0x1001                 | data access violation at 0x2002
    read-past-flash      | load access fault at 0x2004                 | data access violation at 0x0006
    write-own-code       | store access fault at 0x20048080            | data access violation at 0x00058080
    read-model           | load access fault at 0x20080000             | data access violation at 0x00080000
    read-uart            | load access fault at 0x40000000             | data access violation at 0x40004000
    write-uart           | store access fault at 0x4000001c            | data access violation at 0x40004000
    write-timer          | store access fault at 0x40100000            | bus fault at 0xe000e010
    write-interrupts     | store access fault at 0x48000000            | bus fault at 0xe000ef00
    read-null            | load access fault at 0x00000000             | data access violation at 0x00000000
    run-kernel-code      | instruction access fault at 0x20000400      | instruction access violation at 0x00000400
    run-kernel-ram       | instruction access fault at 0x10000800      | instruction access violation at 0x20000800
    run-inference-code   | instruction access fault at 0x20030080      | instruction access violation at 0x00040080
    run-model            | instruction access fault at 0x20080000      | instruction access violation at 0x00080000
    run-own-stack        | instruction access fault at 0x1001          | instruction access violation at 0x2002
    run-null             | instruction access fault at 0x00000000      | instruction access violation at 0x00000000
    read-kernel-register | illegal instruction at 0x300                | it reads as zero
    switch-off-protection| illegal instruction at 0x3a0                | bus fault at 0xe000ed94
    use-floating-point   | illegal instruction at 0xf0050053           | absent coprocessor at 0x0005
    raise-privilege      | illegal instruction at 0x300                | data access violation at 0x20000800
    return-from-trap     | illegal instruction at 0x30200073           | instruction access violation at 0xfffffff8
    open-key-file        | breakpoint                                  | breakpoint
    call-on-kernel-ram   | nothing was stored there                    | stack limit violation at 0x20000800
    call-on-inference-ram| nothing was stored there                    | stack limit violation at 0x20010100
    call-on-own-grant    | nothing was stored there                    | stack limit violation at 0x2002
    call-on-own-code     | nothing was stored there                    | stack limit violation at 0x00058180
    call-on-registers    | nothing was stored there                    | stack limit violation at 0xe000e030
    call-on-null         | nothing was stored there                    | stack limit violation at 0x00000000
    call-across-break    | nothing was stored there                    | stack limit violation at 0x2002
    call-on-odd-word     | the stack is where it was                   | the stack is where it was
    preempted-on-kernel-ram | nothing was stored there                 | stack limit violation at 0x20000800
    preempted-on-null    | nothing was stored there                    | stack limit violation at 0x00000000
    undefined-on-kernel-ram | illegal instruction                      | stack limit violation at 0x20000800
    undefined-on-registers | illegal instruction                       | stack limit violation at 0xe000e030
    breakpoint-on-kernel-ram | breakpoint                              | stack limit violation at 0x20000800
    unknown-system-call  | unknown system call                         | unknown system call
    read-previous-life   | nothing was left                            | nothing was left
    exhaust-own-grant    | NOMEM                                       | NOMEM or NOSUPPORT
";

/// P7, by the kernel: no right to the driver or to the command.
const DENIED: [&str; 38] = [
    "command-evidence",
    "command-sensor",
    "command-vault",
    "command-random",
    "command-storage",
    "command-neighbour",
    "command-accelerometer",
    "command-nowhere",
    "read-console",
    "unknown-console-commands",
    "unknown-alarm-commands",
    "unknown-debug-commands",
    "share-with-evidence",
    "share-with-sensor",
    "share-with-vault",
    "subscribe-to-work",
    "keep-plan",
    "keep-plan-with-arguments",
    "keep-plan-once-open",
    "keep-plan-in-kernel-ram",
    "claims",
    "claims-without-buffers",
    "claims-without-nonce",
    "claims-with-short-nonce",
    "claims-with-long-nonce",
    "claims-into-short-buffer",
    "claims-into-kernel-ram",
    "claims-into-inference-ram",
    "claims-into-model",
    "claims-into-own-code",
    "claims-naming-kernel-ram",
    "claims-naming-model-key",
    "claims-twice",
    "claims-into-taken-back",
    "sign-no-claims",
    "sign-unfinished-claims",
    "sign-withdrawn-claims",
    "sign-lost-claims",
];

/// P6, by the kernel: memory that is not the caller's to share or to be called at.
const FOREIGN_MEMORY: [&str; 18] = [
    "share-kernel-ram",
    "share-kernel-ram-writable",
    "share-inference-ram",
    "share-inference-ram-writable",
    "share-model-key",
    "share-model",
    "share-uart",
    "share-own-code-writable",
    "share-own-grant",
    "share-across-ram-end",
    "share-null",
    "share-wrapping-end",
    "share-wrapping-length",
    "share-everything",
    "upcall-kernel-code",
    "upcall-inference-code",
    "upcall-ram",
    "upcall-odd-address",
];

/// P6, by the kernel: a program break outside the caller's memory.
const NO_MEMORY: [&str; 7] = [
    "break-to-null",
    "break-to-kernel-ram",
    "break-to-inference-ram",
    "break-over-own-grant",
    "break-to-the-end",
    "break-by-too-much",
    "break-by-less-than-all",
];

/// What the kernel does not know, bounds, or ignores; P10 for the storms.
const OTHERS: [(&str, &str); 14] = [
    ("share-unknown-number", "NOSUPPORT"),
    ("subscribe-unknown-number", "NOSUPPORT"),
    ("unknown-memory-operations", "NOSUPPORT"),
    ("share-nothing-of-kernel", "BUSY"),
    ("share-twice", "nothing more was written"),
    ("write-more-than-shared", "nothing more was written"),
    ("yield-unknown-number", "it was ignored"),
    ("yield-into-kernel-ram", "it was ignored"),
    ("yield-into-inference-ram", "it was ignored"),
    ("yield-into-nowhere", "it was ignored"),
    ("command-storm", "it is over"),
    ("subscribe-storm", "it is over"),
    ("alarm-storm", "it is over"),
    ("hog-processor", "it is over"),
];

/// Every attempt, and how its refusal begins.
fn expected(target: &Target) -> BTreeMap<&'static str, &'static str> {
    let column = if *target == MPS2_AN386 { 2 } else { 1 };
    let rows = FAULTS.trim().lines();
    let fault = |row: &'static str| {
        let words: Vec<_> = row.split('|').map(str::trim).collect();
        (words[0], words[column])
    };
    let mut expected: BTreeMap<_, _> = rows.map(fault).collect();
    expected.extend(DENIED.map(|name| (name, "NODEVICE")));
    expected.extend(FOREIGN_MEMORY.map(|name| (name, "INVALID")));
    expected.extend(NO_MEMORY.map(|name| (name, "NOMEM")));
    expected.extend(OTHERS);
    expected
}

/// Every attempt in the log that is over, and each refusal that it met.
fn outcomes(lines: &[String]) -> BTreeMap<String, Vec<String>> {
    let mut outcomes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut begun = None;
    for line in lines {
        let (name, outcome) = if let Some(attack) = line.strip_prefix("attack ") {
            let (name, verdict) = attack.split_once(' ').expect("a verdict");
            match verdict.strip_prefix("refused ") {
                Some(refusal) => (name.to_owned(), refusal),
                None if verdict == "begin" => {
                    begun = Some(name.to_owned());
                    continue;
                }
                None => panic!("{line}"),
            }
        } else if let Some(fault) = line.strip_prefix("fault: process intruder ") {
            (begun.take().expect("an attempt that faulted"), fault)
        } else {
            continue;
        };
        outcomes.entry(name).or_default().push(outcome.to_owned());
    }
    outcomes
}

fn all_had_their_turn(target: &Target, running: &Running) -> bool {
    let outcomes = outcomes(running.lines());
    expected(target)
        .keys()
        .all(|name| outcomes.contains_key(*name))
}

fn every_attack_is_refused_as_expected(target: &'static Target) {
    let device = device(target, "attacks");
    let recordings = ["normal", "imbalance", "looseness", "bearing-fault"].repeat(20);
    let board = Setup::new("attacks", &device)
        .usual_applications()
        .applications(&["intruder"])
        .model(&condition_monitor().sealed(&[&device]))
        .senses(demonstration(&recordings))
        .install();
    let mut running = board.boot().ready();
    let mut answers = Vec::new();
    while answers.len() < MOST && !all_had_their_turn(target, &running) {
        answers.push(running.ask());
    }

    // The reader has not noticed: right answers, in order, from the same process.
    for (number, answer) in answers.iter().enumerate() {
        assert_eq!(answer.status(), ResultStatus::Answered);
        assert_eq!(usize::from(answer.label()), number / 4 % 4);
        assert_eq!(answer.claims().requester, 0x1002);
    }
    numbers_grow(&mut ReplayGuard::new(None), &answers);

    let expected = expected(target);
    let outcomes = outcomes(running.lines());
    let unknown = outcomes
        .keys()
        .filter(|name| !expected.contains_key(name.as_str()));
    assert_eq!(unknown.collect::<Vec<_>>(), Vec::<&String>::new());
    let missing = expected
        .keys()
        .filter(|name| !outcomes.contains_key(**name));
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<&&str>::new());
    for (name, refusals) in &outcomes {
        let start = expected[name.as_str()];
        for refusal in refusals {
            let as_expected = start.split(" or ").any(|one| refusal.starts_with(one));
            assert!(as_expected, "{name}: {refusal}");
        }
    }
    let log = board.log();
    for trouble in ["fault: process reader", "fault: process inference", "panic"] {
        assert!(!log.contains(trouble), "{trouble}");
    }
}
