//! A few hundred random operators of each kind on this computer; `make differential`
//! compares ten thousand, on the emulated boards as well.

use differential::host::compare;
use differential::instances::KINDS;
use differential::search::on_host;

const INSTANCES: u64 = 300;

#[test]
fn random_operators_are_as_specified() {
    for kind in KINDS {
        let outcome = on_host(kind, 7, 0..INSTANCES);
        assert_eq!(
            (outcome.equal, outcome.different),
            (INSTANCES, 0),
            "{}",
            outcome.messages.join("\n")
        );
    }
}

#[test]
fn instances_are_the_same_every_time_and_differ() {
    for kind in KINDS {
        let [one, again, other] = [3, 3, 4].map(|number| kind.instance(1, number));
        assert_eq!(one.model, again.model);
        assert_eq!(one.input, again.input);
        assert_ne!((one.model, one.input), (other.model, other.input));
    }
}

#[test]
fn many_outputs_have_different_values() {
    // Comparing nothing but saturated outputs would prove little.
    for kind in KINDS {
        let telling = (0..INSTANCES).filter(|number| {
            let expected = kind.instance(7, *number).expected;
            expected.iter().any(|value| *value != expected[0])
        });
        let count = telling.count() as u64;
        assert!(count > INSTANCES / 3, "{}: {count}", kind.name);
    }
}

#[test]
fn differences_are_found() {
    assert_eq!(compare(&[1, 2, 3], &[1, 2, 3]), Ok(()));
    let what = compare(&[1, 4, 5], &[1, 2, 3]).unwrap_err();
    assert_eq!(
        what,
        "2 of 3 bytes differ, the first is byte 1: 4, expected 2"
    );
    assert!(compare(&[1], &[1, 2]).unwrap_err().contains("expected 2"));
}
