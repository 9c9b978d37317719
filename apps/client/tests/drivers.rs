//! The client library against fakes of the three drivers.

mod fake;

use std::rc::Rc;

use anchorhold_client::evidence::Answer;
use anchorhold_client::sensor::{SensorKind, Verdict, Window};
use anchorhold_client::ResultStatus;
use libtock_platform::ErrorCode;
use libtock_unittest::fake::{Kernel, Syscalls};

use fake::Outcome;

type Evidence = anchorhold_client::Evidence<Syscalls>;
type Worker = anchorhold_client::Worker<Syscalls>;
type Sensor = anchorhold_client::Sensor<Syscalls>;
type Vault = anchorhold_client::Vault<Syscalls>;

const NONCE: &[u8] = b"12345678";

/// A kernel with the evidence driver.
fn with_evidence() -> (Kernel, Rc<fake::Evidence>) {
    let kernel = Kernel::new();
    let driver = fake::Evidence::new();
    kernel.add_driver(&driver);
    (kernel, driver)
}

#[test]
fn evidence_exists_where_the_kernel_has_it() {
    let kernel = Kernel::new();
    assert!(!Evidence::exists());
    kernel.add_driver(&fake::Evidence::new());
    assert!(Evidence::exists());
}

#[test]
fn a_request_brings_a_token() {
    let (_kernel, _driver) = with_evidence();
    let mut buffer = [0; 512];
    let answer = Evidence::request(NONCE, &mut buffer).unwrap();
    assert_eq!(
        answer,
        Answer {
            token: b"answer12345678",
            result: ResultStatus::Answered
        }
    );
    let answer = Evidence::attest(NONCE, &mut buffer).unwrap();
    assert_eq!(answer.token, b"attest12345678");
    let answer = Evidence::claims(NONCE, &mut buffer).unwrap();
    assert_eq!(answer.token, b"claims12345678");
    let answer = Evidence::sign_batch(&mut buffer).unwrap();
    assert_eq!(answer.token, b"signed");
}

#[test]
fn a_failed_inference_is_an_answer() {
    let (_kernel, driver) = with_evidence();
    driver.result.set(4);
    let mut buffer = [0; 512];
    let answer = Evidence::request(NONCE, &mut buffer).unwrap();
    assert_eq!(answer.result, ResultStatus::DeadlineExceeded);
}

#[test]
fn refusals_are_errors() {
    let (_kernel, driver) = with_evidence();
    let mut buffer = [0; 512];
    assert_eq!(
        Evidence::request(b"short", &mut buffer),
        Err(ErrorCode::Size)
    );
    assert_eq!(
        Evidence::request(NONCE, &mut [0; 511]),
        Err(ErrorCode::Size)
    );
    driver.refusal.set(Some(ErrorCode::Reserve));
    assert_eq!(
        Evidence::request(NONCE, &mut buffer),
        Err(ErrorCode::Reserve)
    );
}

#[test]
fn errors_reported_later_are_errors() {
    let (_kernel, driver) = with_evidence();
    driver.status.set(ErrorCode::NoMem as u32);
    let mut buffer = [0; 512];
    assert_eq!(Evidence::request(NONCE, &mut buffer), Err(ErrorCode::NoMem));
}

#[test]
fn a_driver_that_makes_no_sense_is_not_believed() {
    let (_kernel, driver) = with_evidence();
    let mut buffer = [0; 512];
    driver.excess.set(500);
    assert_eq!(
        Evidence::request(NONCE, &mut buffer),
        Err(ErrorCode::BadRVal)
    );
    driver.excess.set(0);
    driver.result.set(6);
    assert_eq!(
        Evidence::request(NONCE, &mut buffer),
        Err(ErrorCode::BadRVal)
    );
}

#[test]
fn work_is_received_and_handed_in() {
    let (_kernel, driver) = with_evidence();
    driver.work.borrow_mut().extend([7, 8]);

    let work = Worker::next().unwrap();
    assert_eq!(work.generation(), 7);
    Worker::submit(work, &[1, 2, 3]).unwrap();
    let work = Worker::next().unwrap();
    Worker::fail(work, ResultStatus::TileRefused).unwrap();
    assert_eq!(
        *driver.outcomes.borrow(),
        [Outcome::Submitted(7, vec![1, 2, 3]), Outcome::Failed(8, 5)]
    );
}

#[test]
fn only_the_inference_process_gets_work() {
    let _kernel = Kernel::new();
    assert_eq!(Worker::next(), Err(ErrorCode::NoDevice));
}

#[test]
fn windows_come_with_a_verdict() {
    let (kernel, evidence) = with_evidence();
    let sensor = fake::Sensor::new(&[9, 8, 7, 6]);
    kernel.add_driver(&sensor);
    evidence.work.borrow_mut().push_back(3);
    let work = Worker::next().unwrap();

    let expected = Window {
        bytes: 4,
        sensor: SensorKind::Tensor,
    };
    assert_eq!(Sensor::window(), Ok(expected));
    let mut window = [0; 4];
    assert_eq!(Sensor::read(work, &mut window), Ok(Verdict::Accepted));
    assert_eq!(window, [9, 8, 7, 6]);
    assert_eq!(sensor.generation.get(), 3);
    assert_eq!(Sensor::read(work, &mut [0; 5]), Err(ErrorCode::Size));
    sensor.input_status.set(6);
    assert_eq!(Sensor::read(work, &mut window), Ok(Verdict::Rejected));
    sensor.status.set(ErrorCode::Cancel as u32);
    assert_eq!(Sensor::read(work, &mut window), Err(ErrorCode::Cancel));
}

#[test]
fn windows_come_in_slices() {
    let (kernel, evidence) = with_evidence();
    let sensor = fake::Sensor::new(&[9, 8, 7, 6]);
    kernel.add_driver(&sensor);
    evidence.work.borrow_mut().push_back(3);
    let work = Worker::next().unwrap();

    let mut slice = [0; 3];
    assert_eq!(Sensor::read(work, &mut slice), Ok(Verdict::Accepted));
    assert_eq!(slice, [9, 8, 7]);
    assert_eq!(Sensor::read(work, &mut slice), Err(ErrorCode::Size));
    assert_eq!(Sensor::read(work, &mut slice[..1]), Ok(Verdict::Accepted));
    assert_eq!(slice[0], 6);
}

#[test]
fn only_known_sensors_are_described() {
    let kernel = Kernel::new();
    let sensor = fake::Sensor::new(&[9, 8]);
    kernel.add_driver(&sensor);
    for (code, expected) in [
        (1, Ok(SensorKind::Accelerometer)),
        (2, Ok(SensorKind::Tensor)),
        (3, Ok(SensorKind::Microphone)),
        (4, Ok(SensorKind::Int16Tensor)),
        (5, Err(ErrorCode::BadRVal)),
    ] {
        sensor.kind.set(code);
        assert_eq!(Sensor::window().map(|window| window.sensor), expected);
    }
}

#[test]
fn tiles_come_from_an_open_vault() {
    let kernel = Kernel::new();
    let vault = fake::Vault::new(&[5; 300], 256);
    kernel.add_driver(&vault);
    let mut buffer = [0; 256];
    assert_eq!(Vault::tile(0, &mut buffer), Err(ErrorCode::Reserve));
    let model = Vault::open().unwrap();
    assert_eq!(
        (model.plan_bytes, model.tile_bytes, model.tiles),
        (300, 256, 2)
    );
    assert_eq!(Vault::tile(0, &mut buffer), Ok(256));
    assert_eq!(Vault::tile(1, &mut buffer), Ok(44));
    assert_eq!(Vault::tile(2, &mut buffer), Err(ErrorCode::Invalid));
    vault.damaged.set(Some(1));
    assert_eq!(Vault::tile(1, &mut buffer), Err(ErrorCode::Fail));
    Vault::close();
    assert_eq!(Vault::tile(0, &mut buffer), Err(ErrorCode::Reserve));
}
