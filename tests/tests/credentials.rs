//! P7: an application is who the OEM says it is, and nobody else can say so.

use std::path::PathBuf;

use end_to_end::board::{Board, Running, Setup};
use end_to_end::model::condition_monitor;
use end_to_end::people::{device, oem, other_oem};
use end_to_end::recordings::demonstration;
use end_to_end::signing::tab;
use end_to_end::target::Target;

end_to_end::on_every_board! {
    a_signature_of_another_key_does_not_run,
    a_changed_byte_of_a_signed_application_does_not_run,
    a_changed_cell_does_not_run,
    an_unsigned_application_has_no_identity,
    another_identity_has_other_rights,
}

const INFERENCE: u32 = 0x1001;
const READER: u32 = 0x1002;

fn setup(target: &'static Target, name: &str) -> Setup {
    let device = device(target, "credentials");
    let model = condition_monitor().sealed(&[&device]);
    Setup::new(name, &device)
        .model(&model)
        .senses(demonstration(&["normal"]))
}

/// Waits until all applications were looked at; the unsigned intruder is the last.
fn loaded(target: &Target, board: &Board) -> Running {
    let mut running = board.boot();
    let (stranger, slot) = (target.stranger, target.model_slot());
    running.line(&format!(
        "process intruder at {stranger:#x} loaded: unsigned, ShortId unique"
    ));
    running.line(&format!(
        "vault: accepted condition-monitor version 1 at {slot:#x}"
    ));
    running
}

/// Waits for what the log says of an application that somebody else signed, or that was
/// changed.
fn is_refused(running: &mut Running, name: &str, address: u32) {
    running.line(&format!(
        "credentials: refused the application at {address:#x}: its signature is not the OEM's"
    ));
    running.line(&format!(
        "process {name} at {address:#x} refused: credential 0 rejected"
    ));
}

fn a_signature_of_another_key_does_not_run(target: &'static Target) {
    let board = setup(target, "credentials-key")
        .applications(&["inference", "intruder"])
        .tabs(&[tab("reader", READER, Some(&other_oem()))])
        .install();
    let mut running = loaded(target, &board);
    is_refused(&mut running, "reader", target.reader);
    running.line(&format!(
        "process inference at {:#x} loaded: credential accepted, ShortId 0x1001",
        target.inference
    ));
    running.lose_power();
    assert!(!board.log().contains("reader: ready"));
}

fn a_changed_byte_of_a_signed_application_does_not_run(target: &'static Target) {
    let board = setup(target, "credentials-byte")
        .usual_applications()
        .applications(&["intruder"])
        .install();
    let mut flash = board.flash();
    // One bit of the reader's code, behind its header of 128 bytes.
    flash[target.in_flash(target.reader) + 0x200] ^= 0x10;
    board.set_flash(&flash);
    let mut running = loaded(target, &board);
    is_refused(&mut running, "reader", target.reader);
    running.lose_power();
    assert!(!board.log().contains("reader: ready"));
}

// The cell itself changed: there is no other who may see the model, so that no answer
// comes, and the application is told so in signed Evidence.
fn a_changed_cell_does_not_run(target: &'static Target) {
    let board = setup(target, "credentials-cell")
        .usual_applications()
        .install();
    let mut flash = board.flash();
    flash[target.in_flash(target.inference) + 0x1000] ^= 1;
    board.set_flash(&flash);
    let mut running = board.boot().ready();
    is_refused(&mut running, "inference", target.inference);
    let answer = running.ask();
    assert_eq!(
        answer.status(),
        anchorhold_evidence::ResultStatus::DeadlineExceeded
    );
}

/// Tries everything as the intruder, loaded as `identity`: the drivers of the cell and
/// of the reader are not for it.
fn has_no_rights(target: &'static Target, name: &str, intruder: PathBuf, identity: &str) {
    let board = setup(target, name).tabs(&[intruder]).install();
    let mut running = board.boot();
    running.line(&format!(
        "process intruder at {:#x} loaded: {identity}",
        target.stranger
    ));
    for driver in ["evidence", "sensor", "vault"] {
        running.line(&format!("attack command-{driver} refused NODEVICE"));
        running.line(&format!("attack share-with-{driver} refused NODEVICE"));
    }
}

// An identity that nobody signed for is none: the application runs, but not as the cell.
fn an_unsigned_application_has_no_identity(target: &'static Target) {
    let intruder = tab("intruder", INFERENCE, None);
    has_no_rights(
        target,
        "credentials-none",
        intruder,
        "unsigned, ShortId unique",
    );
}

// An identity that the board gives no rights to has none.
fn another_identity_has_other_rights(target: &'static Target) {
    let intruder = tab("intruder", 0x1003, Some(&oem()));
    let identity = "credential accepted, ShortId 0x1003";
    has_no_rights(target, "credentials-other", intruder, identity);
}
