//! P7: an application is who the OEM says it is, and nobody else can say so.

use std::path::PathBuf;

use end_to_end::board::{Board, Running, Setup};
use end_to_end::model::condition_monitor;
use end_to_end::people::{device, oem, other_oem};
use end_to_end::recordings::demonstration;
use end_to_end::signing::tab;

const INFERENCE: u32 = 0x1001;
const READER: u32 = 0x1002;
/// Where the applications are in flash.
const INFERENCE_AT: usize = 0x3_0000;
const READER_AT: usize = 0x4_0000;

fn setup(name: &str) -> Setup {
    let device = device("credentials");
    let model = condition_monitor().sealed(&[&device]);
    Setup::new(name, &device)
        .model(&model)
        .senses(demonstration(&["normal"]))
}

/// Waits until all applications were looked at; the unsigned intruder is the last.
fn loaded(board: &Board) -> Running {
    let mut running = board.boot();
    running.line("process intruder at 0x20048000 loaded: unsigned, ShortId unique");
    running.line("vault: accepted condition-monitor version 1 at 0x20080000");
    running
}

#[test]
fn a_signature_of_another_key_does_not_run() {
    let board = setup("credentials-key")
        .applications(&["inference", "intruder"])
        .tabs(&[tab("reader", READER, Some(&other_oem()))])
        .install();
    let mut running = loaded(&board);
    running
        .line("credentials: refused the application at 0x20040000: its signature is not the OEM's");
    running.line("process reader at 0x20040000 refused: credential 0 rejected");
    running.line("process inference at 0x20030000 loaded: credential accepted, ShortId 0x1001");
    running.lose_power();
    assert!(!board.log().contains("reader: ready"));
}

#[test]
fn a_changed_byte_of_a_signed_application_does_not_run() {
    let board = setup("credentials-byte")
        .usual_applications()
        .applications(&["intruder"])
        .install();
    let mut flash = board.flash();
    // One bit of the reader's code, behind its header of 128 bytes.
    flash[READER_AT + 0x200] ^= 0x10;
    board.set_flash(&flash);
    let mut running = loaded(&board);
    running
        .line("credentials: refused the application at 0x20040000: its signature is not the OEM's");
    running.line("process reader at 0x20040000 refused: credential 0 rejected");
    running.lose_power();
    assert!(!board.log().contains("reader: ready"));
}

// The cell itself changed: there is no other who may see the model, so that no answer
// comes, and the application is told so in signed Evidence.
#[test]
fn a_changed_cell_does_not_run() {
    let board = setup("credentials-cell").usual_applications().install();
    let mut flash = board.flash();
    flash[INFERENCE_AT + 0x1000] ^= 1;
    board.set_flash(&flash);
    let mut running = board.boot().ready();
    running
        .line("credentials: refused the application at 0x20030000: its signature is not the OEM's");
    running.line("process inference at 0x20030000 refused: credential 0 rejected");
    let answer = running.ask();
    assert_eq!(
        answer.status(),
        anchorhold_evidence::ResultStatus::DeadlineExceeded
    );
}

/// Tries everything as the intruder, loaded as `identity`: the drivers of the cell and
/// of the reader are not for it.
fn has_no_rights(name: &str, intruder: PathBuf, identity: &str) {
    let board = setup(name).tabs(&[intruder]).install();
    let mut running = board.boot();
    running.line(&format!(
        "process intruder at 0x20048000 loaded: {identity}"
    ));
    for driver in ["evidence", "sensor", "vault"] {
        running.line(&format!("attack command-{driver} refused NODEVICE"));
        running.line(&format!("attack share-with-{driver} refused NODEVICE"));
    }
}

// An identity that nobody signed for is none: the application runs, but not as the cell.
#[test]
fn an_unsigned_application_has_no_identity() {
    let intruder = tab("intruder", INFERENCE, None);
    has_no_rights("credentials-none", intruder, "unsigned, ShortId unique");
}

// An identity that the board gives no rights to has none.
#[test]
fn another_identity_has_other_rights() {
    let intruder = tab("intruder", 0x1003, Some(&oem()));
    let identity = "credential accepted, ShortId 0x1003";
    has_no_rights("credentials-other", intruder, identity);
}
