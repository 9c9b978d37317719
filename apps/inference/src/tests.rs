//! The work against fakes of the three drivers.

#[path = "../../client/tests/fake/mod.rs"]
mod fake;

use std::panic::{catch_unwind, AssertUnwindSafe};
use std::rc::Rc;

use anchorhold_audio_frontend::{frames, FrontEnd, CHANNELS, FRAME_SAMPLES, STEP_SAMPLES};
use anchorhold_client::sensor::{SensorKind, Verdict};
use anchorhold_client::{ResultStatus, Worker};
use anchorhold_engine::format::int16::{Int16, Matrix, Operation, Sums, INT16_GROUP_HEADER_BYTES};
use anchorhold_engine::format::{
    Body, Common, Element, FullyConnected, Operator, Record, GROUP_HEADER_BYTES, HEADER_BYTES,
    RECORD_BYTES,
};
use anchorhold_engine::{Header, InputQuantization};
use libtock_platform::ErrorCode;
use libtock_unittest::fake::{Kernel, Syscalls};

use crate::memory::WINDOW_BYTES;
use crate::{serve, sound, Memory};
use anchorhold_policy::capacity::WORKSPACE_BYTES;
use fake::Outcome;

const TILE_BYTES: usize = 64;

/// A plan with one operator: two outputs, the sum of four inputs and their
/// alternating sum plus 3.
fn plan() -> Vec<u8> {
    let weights_bytes = GROUP_HEADER_BYTES + 16;
    let resident_bytes = HEADER_BYTES + RECORD_BYTES;
    let header = Header {
        operators: 1,
        plan_bytes: (resident_bytes + weights_bytes) as u32,
        resident_bytes: resident_bytes as u32,
        arena_bytes: 6,
        row_bytes: 0,
        input_offset: 0,
        input_bytes: 4,
        output_offset: 4,
        output_bytes: 2,
        input: InputQuantization {
            multiplier: 1 << 30,
            shift: -2,
            zero_point: 1,
        },
        input_element: Element::Int8,
        output_element: Element::Int8,
    };
    let operator = Operator {
        common: Common {
            input_zero_point: 0,
            output_zero_point: 0,
            minimum: -128,
            maximum: 127,
            input_offset: 0,
            output_offset: 4,
        },
        body: Body::FullyConnected(FullyConnected {
            inputs: 4,
            outputs: 2,
        }),
    };
    let mut head = [0; HEADER_BYTES];
    header.emit(&mut head);
    let mut record = [0; RECORD_BYTES];
    operator.emit(&mut record);
    let bias = [0i32, 3, 0, 0];
    let multiplier = [1i32 << 30; 4];
    let shift = [1u8; 4];
    let mut plan = [&head[..], &record].concat();
    plan.extend(bias.iter().flat_map(|word| word.to_le_bytes()));
    plan.extend(multiplier.iter().flat_map(|word| word.to_le_bytes()));
    plan.extend(shift);
    for channel in [[1i8, 1, 1, 1], [1, -1, 1, -1], [0; 4], [0; 4]] {
        plan.extend(channel.map(|weight| weight as u8));
    }
    plan
}

/// A kernel with the three drivers, and one piece of work, generation 9.
struct Device {
    _kernel: Kernel,
    evidence: Rc<fake::Evidence>,
    sensor: Rc<fake::Sensor>,
    vault: Rc<fake::Vault>,
    memory: Box<Memory>,
}

impl Device {
    fn new(plan: &[u8], window: &[u8]) -> Self {
        let device = Self {
            _kernel: Kernel::new(),
            evidence: fake::Evidence::new(),
            sensor: fake::Sensor::new(window),
            vault: fake::Vault::new(plan, TILE_BYTES),
            memory: Box::default(),
        };
        device._kernel.add_driver(&device.evidence);
        device._kernel.add_driver(&device.sensor);
        device._kernel.add_driver(&device.vault);
        device
    }

    /// Serves one piece of work, checks that nothing of it is left, and returns
    /// what became of it.
    fn serve(&mut self) -> Outcome {
        self.evidence.work.borrow_mut().push_back(9);
        serve::<Syscalls>(&mut self.memory).unwrap();
        assert!(self.memory.is_wiped());
        assert!(!self.vault.is_open.get());
        self.evidence.outcomes.borrow_mut().pop().unwrap()
    }
}

fn failed(status: ResultStatus) -> Outcome {
    Outcome::Failed(9, status as u32)
}

#[test]
fn int8_samples_go_to_the_model_as_they_are() {
    let mut device = Device::new(&plan(), &[10, 20, 30, 0xff]);
    assert_eq!(device.serve(), Outcome::Submitted(9, vec![59, 24]));
    assert_eq!(device.sensor.generation.get(), 9);
}

#[test]
fn sixteen_bit_samples_are_quantised() {
    // A quarter, rounded, times a half, plus one.
    let window = [800i16, 80, -80, 0].map(i16::to_le_bytes).concat();
    let mut device = Device::new(&plan(), &window);
    device.sensor.kind.set(SensorKind::Accelerometer as u32);
    let inputs = [101, 11, -9, 1].map(|quantised: i32| quantised);
    let sum = inputs.iter().sum::<i32>() as u8;
    let alternating = (inputs[0] - inputs[1] + inputs[2] - inputs[3] + 3) as u8;
    assert_eq!(
        device.serve(),
        Outcome::Submitted(9, vec![sum, alternating])
    );
}

/// The same matrix on int16.
fn int16_plan() -> Vec<u8> {
    let mut bytes = plan();
    let (header, rest) = bytes.split_at(HEADER_BYTES);
    let header = Header {
        input_bytes: 8,
        output_offset: 8,
        output_bytes: 4,
        arena_bytes: 12,
        plan_bytes: (HEADER_BYTES + RECORD_BYTES + INT16_GROUP_HEADER_BYTES + 16) as u32,
        input_element: Element::Int16,
        output_element: Element::Int16,
        ..Header::parse(header).unwrap()
    };
    let mut operator = Record(rest.first_chunk().unwrap()).parse().unwrap();
    operator.common.output_offset = 8;
    (operator.common.minimum, operator.common.maximum) = (0, 0);
    operator.body = Body::Int16(Int16 {
        minimum: i16::MIN,
        maximum: i16::MAX,
        operation: Operation::FullyConnected(Matrix {
            shape: FullyConnected {
                inputs: 4,
                outputs: 2,
            },
            sums: Sums::Wide,
        }),
    });
    bytes.clear();
    let mut head = [0; HEADER_BYTES];
    header.emit(&mut head);
    let mut record = [0; RECORD_BYTES];
    operator.emit(&mut record);
    bytes.extend(head);
    bytes.extend(record);
    for bias in [0i64, 3, 0, 0] {
        bytes.extend(bias.to_le_bytes());
    }
    // 2¹⁴ × 2^(1 − 15) is 1.
    bytes.extend([1i32 << 14; 4].map(i32::to_le_bytes).concat());
    bytes.extend([1; 4]);
    for quad in [[1, 1, 0, 0], [1, -1, 0, 0], [1, 1, 0, 0], [1, -1i8, 0, 0]] {
        bytes.extend(quad.map(|weight| weight as u8));
    }
    bytes
}

#[test]
fn int16_models_take_samples_and_tensors() {
    let values = [800i16, 80, -80, 3];
    let window = values.map(i16::to_le_bytes).concat();
    let outputs = |[a, b, c, d]: [i16; 4]| {
        let (sum, alternating) = (a + b + c + d, a - b + c - d + 3);
        Outcome::Submitted(9, [sum, alternating].map(i16::to_le_bytes).concat())
    };
    let mut device = Device::new(&int16_plan(), &window);
    device.sensor.kind.set(SensorKind::Int16Tensor as u32);
    assert_eq!(device.serve(), outputs(values));
    // An eighth, rounded twice, plus one.
    device.sensor.kind.set(SensorKind::Accelerometer as u32);
    assert_eq!(device.serve(), outputs([101, 11, -9, 2]));
    // Neither int8 tensors nor the features of sound.
    for kind in [SensorKind::Tensor, SensorKind::Microphone] {
        device.sensor.kind.set(kind as u32);
        assert_eq!(device.serve(), failed(ResultStatus::InferenceFailed));
    }
}

#[test]
fn work_follows_work() {
    let mut device = Device::new(&plan(), &[1, 2, 3, 4]);
    assert_eq!(device.serve(), device.serve());
}

#[test]
fn rejected_samples_are_reported() {
    let mut device = Device::new(&plan(), &[1, 2, 3, 4]);
    device.sensor.input_status.set(3);
    assert_eq!(device.serve(), failed(ResultStatus::InputRejected));
}

#[test]
fn a_sensor_error_is_a_failure() {
    let mut device = Device::new(&plan(), &[1, 2, 3, 4]);
    device.sensor.status.set(ErrorCode::NoDevice as u32);
    assert_eq!(device.serve(), failed(ResultStatus::InferenceFailed));
}

#[test]
fn a_window_of_another_shape_is_a_failure() {
    for kind in 1..=5 {
        for length in [0, 1, 3, 5, 7, 9, 16, WORKSPACE_BYTES] {
            let mut device = Device::new(&plan(), &vec![7; length]);
            device.sensor.kind.set(kind);
            assert_eq!(device.serve(), failed(ResultStatus::InferenceFailed));
        }
    }
}

#[test]
fn every_tile_counts() {
    let tiles = plan().len().div_ceil(TILE_BYTES) as u32;
    assert_eq!(tiles, 3);
    for index in 0..tiles {
        let mut device = Device::new(&plan(), &[1, 2, 3, 4]);
        device.vault.damaged.set(Some(index));
        assert_eq!(device.serve(), failed(ResultStatus::TileRefused));
    }
}

#[test]
fn a_plan_cut_anywhere_is_a_failure() {
    let plan = plan();
    for length in 1..plan.len() {
        let mut device = Device::new(&plan[..length], &[1, 2, 3, 4]);
        assert_eq!(device.serve(), failed(ResultStatus::InferenceFailed));
    }
}

#[test]
fn a_plan_too_large_for_the_memory_is_a_failure() {
    let mut large = plan();
    large[16..20].copy_from_slice(&(WORKSPACE_BYTES as u32).to_le_bytes());
    let mut device = Device::new(&large, &[1, 2, 3, 4]);
    assert_eq!(device.serve(), failed(ResultStatus::InferenceFailed));
}

#[test]
fn a_process_that_gets_no_work_says_so() {
    let _kernel = Kernel::new();
    let mut memory = Box::<Memory>::default();
    assert_eq!(serve::<Syscalls>(&mut memory), Err(ErrorCode::NoDevice));
}

/// So many samples of a tone that gets higher.
fn tone(samples: usize) -> Vec<i16> {
    let phase = |at: usize| (at * at / 4000) as f32 / 16.0;
    (0..samples)
        .map(|at| (8000.0 * phase(at).sin()) as i16)
        .collect()
}

/// What the process makes of a window of sound, and how many of its bytes are left.
fn features_of(samples: &[i16], features: usize, status: u32) -> (Option<Verdict>, Vec<u8>, usize) {
    let window = samples.iter().flat_map(|sample| sample.to_le_bytes());
    let device = Device::new(&plan(), &window.collect::<Vec<_>>());
    device.sensor.input_status.set(status);
    device.evidence.work.borrow_mut().push_back(9);
    let work = Worker::<Syscalls>::next().unwrap();
    let mut filled = vec![0; features];
    let verdict = sound::fill::<Syscalls>(work, 2 * samples.len(), &mut filled, &mut [0; 1024]);
    (verdict, filled, device.sensor.served.get())
}

#[test]
fn sound_reaches_the_model_as_features() {
    for samples in [480, 481, 799, 800, 1000, 16_000] {
        let sound = tone(samples);
        let mut front_end = FrontEnd::new();
        let frames = sound.windows(FRAME_SAMPLES).step_by(STEP_SAMPLES);
        let features = frames.flat_map(|frame| {
            let mut features = [0; CHANNELS];
            front_end.hear(frame.iter().copied(), &mut features);
            features
        });
        let expected: Vec<u8> = features.collect();
        let accepted = Some(Verdict::Accepted);
        // The fake begins anew after the last byte: all were read.
        assert_eq!(
            features_of(&sound, expected.len(), 0),
            (accepted, expected, 0)
        );
    }
}

#[test]
fn sound_of_another_length_is_a_failure() {
    let features = frames(16_000) * CHANNELS;
    for (samples, features) in [(16_320, features), (15_839, features), (16_000, 0)] {
        assert_eq!(
            features_of(&tone(samples), features, 0).0,
            None,
            "{samples}"
        );
    }
}

#[test]
fn rejected_sound_ends_at_once() {
    let features = frames(16_000) * CHANNELS;
    let (verdict, _, served) = features_of(&tone(16_000), features, 6);
    assert_eq!(verdict, Some(Verdict::Rejected));
    assert_eq!(served, 2 * FRAME_SAMPLES);
}

/// A device whose model's owner lets the plan stay.
fn lenient(plan: &[u8]) -> Device {
    let device = Device::new(plan, &[10, 20, 30, 0xff]);
    device.vault.may_stay.set(true);
    device
}

impl Device {
    /// Serves one piece of work of a model that may stay, and returns what became of it.
    fn serve_again(&mut self) -> Outcome {
        self.evidence.work.borrow_mut().push_back(9);
        serve::<Syscalls>(&mut self.memory).unwrap();
        assert!(!self.vault.is_open.get());
        self.evidence.outcomes.borrow_mut().pop().unwrap()
    }

    /// Whether all plaintext but the plan is gone.
    fn is_plan_alone(&self) -> bool {
        let plan = &self.vault.plan;
        let (kept, rest) = self.memory.workspace.split_at(plan.len());
        let zero = |bytes: &[u8]| bytes.iter().all(|byte| *byte == 0);
        kept == &plan[..] && zero(rest) && zero(&self.memory.resident)
    }
}

#[test]
fn a_plan_that_may_stay_is_decrypted_once() {
    let mut device = lenient(&plan());
    let expected = Outcome::Submitted(9, vec![59, 24]);
    assert_eq!(device.serve_again(), expected);
    assert!(device.is_plan_alone());
    let tiles = device.vault.tiles.get();
    assert_eq!(device.serve_again(), expected);
    assert_eq!(device.vault.tiles.get(), tiles);
    assert!(device.is_plan_alone());
}

#[test]
fn a_plan_that_may_stay_is_wiped_when_there_is_no_work() {
    let mut device = lenient(&plan());
    device.serve_again();
    // The fake kernel does not let a process sleep for ever.
    let sleep = |memory: &mut Memory| {
        let asleep = catch_unwind(AssertUnwindSafe(|| serve::<Syscalls>(memory)));
        assert!(asleep.is_err());
    };
    sleep(&mut device.memory);
    assert!(device.is_plan_alone());
    device.evidence.is_quiet.set(true);
    sleep(&mut device.memory);
    assert!(device.memory.is_wiped());
}

#[test]
fn a_plan_that_may_stay_is_wiped_when_anything_goes_wrong() {
    let mut device = lenient(&plan());
    device.serve_again();
    device.sensor.input_status.set(3);
    assert_eq!(device.serve_again(), failed(ResultStatus::InputRejected));
    assert!(device.memory.is_wiped());
    device.sensor.input_status.set(0);
    device.vault.damaged.set(Some(2));
    assert_eq!(device.serve_again(), failed(ResultStatus::TileRefused));
    assert!(device.memory.is_wiped());
}

#[test]
fn a_plan_that_does_not_fit_comes_in_tiles() {
    // All of it, arena and window take one byte more than there is, or fit exactly. The
    // output is the arena's end, so that a wipe that stops before it is noticed.
    let mut large = plan();
    let most = WORKSPACE_BYTES - WINDOW_BYTES - large.len();
    for (arena, fits) in [(most + 1, false), (most, true)] {
        large[16..20].copy_from_slice(&(arena as u32).to_le_bytes());
        let output = (arena as u32 - 2).to_le_bytes();
        large[32..36].copy_from_slice(&output);
        large[HEADER_BYTES + 12..HEADER_BYTES + 16].copy_from_slice(&output);
        let mut device = lenient(&large);
        assert_eq!(device.serve_again(), Outcome::Submitted(9, vec![59, 24]));
        assert_eq!(device.is_plan_alone(), fits);
        assert_eq!(device.memory.is_wiped(), !fits);
    }
}
