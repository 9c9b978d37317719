//! P5, P6 and P7: an application that may ask for answers gets none that it asks for
//! improperly, out of order, or into memory of others. The intruder has the reader's
//! identity.

use end_to_end::board::{Running, Setup};
use end_to_end::model::condition_monitor;
use end_to_end::people::{device, oem};
use end_to_end::recordings::demonstration;
use end_to_end::signing::tab;
use end_to_end::target::Target;

end_to_end::on_every_board! {
    a_hostile_reader_gets_no_more_than_it_may,
}

/// The first is proper: it shows that the others are refused for what is wrong with them.
const AS_READER: [(&str, &str); 22] = [
    ("claims", "BREACH was allowed"),
    ("claims-without-buffers", "refused SIZE"),
    ("claims-without-nonce", "refused SIZE"),
    ("claims-with-short-nonce", "refused SIZE"),
    ("claims-with-long-nonce", "refused SIZE"),
    ("claims-into-short-buffer", "refused SIZE"),
    ("claims-into-kernel-ram", "refused INVALID"),
    ("claims-into-inference-ram", "refused INVALID"),
    ("claims-into-model", "refused INVALID"),
    ("claims-into-own-code", "refused INVALID"),
    ("claims-naming-kernel-ram", "refused INVALID"),
    ("claims-naming-model-key", "refused INVALID"),
    ("claims-twice", "refused ALREADY"),
    ("claims-into-taken-back", "refused SIZE"),
    ("sign-no-claims", "refused INVALID"),
    ("sign-unfinished-claims", "refused ALREADY"),
    ("sign-withdrawn-claims", "refused INVALID"),
    ("sign-lost-claims", "refused INVALID"),
    ("keep-plan", "refused NODEVICE"),
    ("keep-plan-with-arguments", "refused NODEVICE"),
    ("keep-plan-once-open", "refused NODEVICE"),
    ("keep-plan-in-kernel-ram", "refused NODEVICE"),
];

const READER: u32 = 0x1002;

fn outcomes_are(running: &mut Running, expected: &[(&str, &str)]) {
    for (name, outcome) in expected {
        let line = running.line(&format!("attack {name} "));
        assert!(
            line.starts_with(&format!("attack {name} {outcome}")),
            "{line}, not {outcome}"
        );
    }
}

fn a_hostile_reader_gets_no_more_than_it_may(target: &'static Target) {
    let device = device(target, "hostile-reader");
    let board = Setup::new("hostile-reader", &device)
        .applications(&["inference"])
        .model(&condition_monitor().sealed(&[&device]))
        .senses(demonstration(&["normal"]))
        .tabs(&[tab("intruder", READER, Some(&oem()))])
        .install();
    outcomes_are(&mut board.boot(), &AS_READER);
    assert!(!board.log().contains("panic"));
}
