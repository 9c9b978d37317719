//! P12: what the owner allows, the device keeps to, across resets too.

use anchorhold::simulation::transport::Reply;
use anchorhold_evidence::ResultStatus;
use end_to_end::board::{Board, Running, Setup};
use end_to_end::model::{condition_monitor, Model};
use end_to_end::people::device;
use end_to_end::recordings::demonstration;
use end_to_end::target::Target;

end_to_end::on_every_board! {
    a_licence_ends_and_a_reset_does_not_renew_it,
    a_whole_licence_can_be_used_in_one_boot,
    a_burst_is_followed_by_the_rate,
    a_top_label_has_no_score,
    an_application_that_the_owner_does_not_list_gets_nothing,
}

fn board(target: &'static Target, name: &str, model: &Model) -> Board {
    setup(target, name, model).install()
}

fn setup(target: &'static Target, name: &str, model: &Model) -> Setup {
    let device = device(target, "policy");
    Setup::new(name, &device)
        .usual_applications()
        .model(&model.sealed(&[&device]))
        .senses(demonstration(&[
            "normal",
            "imbalance",
            "looseness",
            "bearing-fault",
            "normal",
            "imbalance",
            "looseness",
        ]))
}

/// Asks until the budget is spent, or `most` answers came; returns how many came.
fn spend(target: &'static Target, running: &mut Running, most: usize) -> usize {
    for answers in 0..most {
        let nonce = running.request("nonce");
        match running.reply() {
            Reply::Refused(error) => {
                assert_eq!(error, "RESERVE");
                return answers;
            }
            Reply::Evidence(token) => {
                device(target, "policy").verify(&token, &nonce).unwrap();
            }
            other => panic!("{other:?}"),
        }
    }
    most
}

fn a_licence_ends_and_a_reset_does_not_renew_it(target: &'static Target) {
    const LICENCE: usize = 20;
    let model = condition_monitor().with("answers = 0", "answers = 20");
    let board = board(target, "policy-licence", &model);
    let mut running = board.boot().ready();
    let mut answers = spend(target, &mut running, 7);
    assert_eq!(answers, 7);
    running.lose_power();
    // What was reserved before the power failed counts as used: never more than the
    // licence, and not much less.
    for _ in 0..3 {
        let mut running = board.boot().ready();
        answers += spend(target, &mut running, LICENCE + 1);
        running.lose_power();
    }
    assert!(answers <= LICENCE, "{answers} answers");
    let mut running = board.boot().ready();
    assert_eq!(running.refusal(), "RESERVE");
    // The device itself still answers for what it is.
    running.attest();
}

fn a_whole_licence_can_be_used_in_one_boot(target: &'static Target) {
    let model = condition_monitor().with("answers = 0", "answers = 5");
    let board = board(target, "policy-whole", &model);
    let mut running = board.boot().ready();
    assert_eq!(spend(target, &mut running, 10), 5);
}

// While a board has nothing to do, the emulator lets its time fly; a process that is
// always busy keeps it to the number of instructions.
fn a_burst_is_followed_by_the_rate(target: &'static Target) {
    let model = condition_monitor()
        .with("rate-per-minute = 0", "rate-per-minute = 1")
        .with("burst = 32", "burst = 3");
    let board = setup(target, "policy-rate", &model)
        .applications(&["busy"])
        .install();
    let mut running = board.boot().ready();
    assert_eq!(spend(target, &mut running, 10), 3);
}

fn a_top_label_has_no_score(target: &'static Target) {
    let model = condition_monitor().with("top-label-and-score", "top-label");
    let board = board(target, "policy-label", &model);
    let mut running = board.boot().ready();
    let answer = running.ask();
    assert_eq!(answer.status(), ResultStatus::Answered);
    assert_eq!((answer.label(), answer.score_bucket()), (0, None));
}

fn an_application_that_the_owner_does_not_list_gets_nothing(target: &'static Target) {
    let model = condition_monitor().with("[0x1002]", "[0x1003]");
    let board = board(target, "policy-apps", &model);
    let mut running = board.boot().ready();
    assert_eq!(running.refusal(), "NOSUPPORT");
    running.attest();
}
