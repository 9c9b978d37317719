//! P7: an application is who the OEM says it is, and nobody else can say so.

use end_to_end::board::{Board, Running, Setup};
use end_to_end::model::condition_monitor;
use end_to_end::people::{device, oem, other_oem};
use end_to_end::recordings::demonstration;
use end_to_end::signing::tab;

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
    running.line(
        "credentials: refused the application at 0x20040000: its signature is not the OEM's",
    );
    running.line("process inference at 0x20030000 loaded: credential accepted, ShortId 0x1001");
    running.lose_power();
    assert!(!board.log().contains("reader: ready"));
    assert!(!board.log().contains("process reader"));
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
    running.line(
        "credentials: refused the application at 0x20040000: its signature is not the OEM's",
    );
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
    running.line(
        "credentials: refused the application at 0x20030000: its signature is not the OEM's",
    );
    let answer = running.ask();
    assert_eq!(
        answer.status(),
        anchorhold_evidence::ResultStatus::DeadlineExceeded
    );
}

// An identity that nobody signed for is none: the application runs, with the rights of
// anybody, and asking for Evidence is not among them.
#[test]
fn an_unsigned_application_runs_without_an_identity() {
    let board = setup("credentials-unsigned")
        .applications(&["inference"])
        .tabs(&[tab("reader", READER, None)])
        .install();
    let mut running = board.boot().ready();
    running.line("process reader at 0x20040000 loaded: unsigned, ShortId unique");
    assert_eq!(running.refusal(), "NODEVICE");
}

// The same application, signed for another ShortId, has no right to Evidence either.
#[test]
fn a_signed_application_has_no_rights_but_its_own() {
    let board = setup("credentials-id")
        .applications(&["inference"])
        .tabs(&[tab("reader", 0x1003, Some(&oem()))])
        .install();
    let mut running = board.boot().ready();
    running.line("process reader at 0x20040000 loaded: credential accepted, ShortId 0x1003");
    assert_eq!(running.refusal(), "NODEVICE");
}
