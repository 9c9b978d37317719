//! The drivers that are Tock's own, as applications that are not part of Anchorhold
//! use them.

use end_to_end::board::{Board, Setup};
use end_to_end::people::{device, oem};
use end_to_end::signing::tab;
use end_to_end::target::Target;
use std::path::PathBuf;

end_to_end::on_every_board! {
    what_a_process_said_right_before_its_end_is_printed,
    random_numbers_are_for_signed_applications,
}

const READER: u32 = 0x1002;

/// A board with one application.
fn board(target: &'static Target, name: &str, tab: PathBuf) -> Board {
    let device = device(target, "drivers");
    Setup::new(&format!("drivers-{name}"), &device)
        .tabs(&[tab])
        .install()
}

fn what_a_process_said_right_before_its_end_is_printed(target: &'static Target) {
    let board = board(target, "last-words", tab("last_words", 0, None));
    let mut running = board.boot();
    running.line("LowLevelDebug: App 0x0 prints 0x1");
    running.line("LowLevelDebug: App 0x0 prints 0x2 0x3");
}

fn random_numbers_are_for_signed_applications(target: &'static Target) {
    let unsigned = board(target, "dice-unsigned", tab("dice", 0, None));
    assert_eq!(unsigned.boot().line("dice: "), "dice: NODEVICE");
    let signed = board(target, "dice", tab("dice", READER, Some(&oem())));
    let expected = if target.has_random_numbers {
        "dice: (0, 70) (0, 70) true"
    } else {
        "dice: NODEVICE"
    };
    assert_eq!(signed.boot().line("dice: "), expected);
}
