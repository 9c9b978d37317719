//! Design 11: models that cannot be sealed. `anchorhold` says why in one line, whether it
//! seals or only checks, to people or to programs.

use std::fs;
use std::path::Path;

use end_to_end::artifacts::demo;
use end_to_end::workplace::{run, seal, workplace};
use serde_json::Value;
use tflite_writer::model::{activation, float, graph, node, pool_options, single, Tensor};

/// Numbers of operators in TensorFlow Lite's schema.
const MAX_POOL_2D: i32 = 17;
const TRANSPOSE: i32 = 39;

const BOARD: &str = "opentitan";

fn tensor(name: &'static str, shape: [usize; 4]) -> Tensor {
    activation(name, &shape, 0.05, 0)
}

fn is_untouched(directory: &Path) {
    assert!(!directory.join("sealed.tab").exists());
}

#[test]
fn models_that_nothing_can_run() {
    let directory = workplace("models");
    let image = [1, 8, 8, 3];
    let transpose = single(
        TRANSPOSE,
        Vec::new(),
        vec![tensor("image", image), tensor("turned", image)],
    );
    let floats = single(
        MAX_POOL_2D,
        pool_options(false, [1, 1], [1, 1]),
        vec![float("image", &image, &[]), float("greatest", &image, &[])],
    );
    let model = fs::read(demo("model.tflite")).unwrap();
    for (name, content) in [
        ("notes.tflite", b"not a model".to_vec()),
        ("empty.tflite", Vec::new()),
        ("cut.tflite", model[..5000].to_vec()),
        ("transpose.tflite", transpose.file()),
        ("float.tflite", floats.file()),
    ] {
        fs::write(directory.join(name), content).unwrap();
    }
    for (name, message) in [
        (
            "notes.tflite",
            "not a .tflite file (no TFL3 identifier); convert the model with TensorFlow Lite first",
        ),
        (
            "empty.tflite",
            "the file is empty; copy or convert the model again",
        ),
        (
            "cut.tflite",
            "the .tflite file is truncated or corrupt: operator codes at byte 52; copy or \
             convert it again",
        ),
        (
            "transpose.tflite",
            "operator 0 (TRANSPOSE): not supported (tensor \"turned\"); use Conv2D, \
             DepthwiseConv2D, FullyConnected, AveragePool2D, MaxPool2D, Add, Mul, Mean, Pad, \
             Reshape, Concatenation, Softmax, Logistic, Relu, Relu6, LeakyRelu, Tanh or Quantize",
        ),
        (
            "float.tflite",
            "operator 0 (MAX_POOL_2D): tensor \"image\" is float32, not int8; convert with full \
             integer quantisation (int8 inputs and outputs)",
        ),
        ("device", "a directory; name a file in it"),
        ("none.tflite", "no such file; check its name and directory"),
    ] {
        let message = format!("{name}: {message}");
        let sealing = format!(
            "seal {name} --manifest model.toml --publisher publisher.der \
             --device device/record.cose --oem oem.der.pub -o sealed.tab"
        );
        let checking = format!("seal {name} --manifest model.toml --check {BOARD}");
        for command in [sealing, checking] {
            run(&directory, &command).failed(3, &message);
            run(&directory, &format!("{command} --json")).failed(3, &message);
        }
    }
    is_untouched(&directory);
}

#[test]
fn models_that_do_not_fit() {
    let directory = workplace("fit");
    let pool = |input, output| {
        let options = pool_options(false, [1, 1], [1, 1]);
        node(MAX_POOL_2D, &[input], output, options)
    };
    let wide = [1, 256, 64, 3];
    let large = graph(
        vec![tensor("image", wide), tensor("greatest", wide)],
        vec![pool(0, 1)],
    );
    let deep = graph(
        (0..=50).map(|_| tensor("pixel", [1; 4])).collect(),
        (0..50).map(|layer| pool(layer, layer + 1)).collect(),
    );
    for (name, model, problems) in [
        (
            "large.tflite",
            large,
            vec![
                "arena: 98304 bytes, the limit is 56320; most at operator 0 (MAX_POOL_2D): \
                 \"image\" 49152, \"greatest\" 49152; make these tensors smaller",
                "output tensor: 49152 bytes, the limit is 64; let the model have at most 16 \
                 outputs, one a label",
            ],
        ),
        (
            "deep.tflite",
            deep,
            vec![
                "resident part of the plan: 2452 bytes, the limit is 2048; the plan has 50 \
                 operators, let it have at most 41",
            ],
        ),
    ] {
        fs::write(directory.join(name), model.file()).unwrap();
        let message = format!("{name}: does not fit {BOARD}: {}", problems.join("; "));
        seal(&directory, name, "").failed(3, &message);

        let check = format!("seal {name} --manifest model.toml --check {BOARD}");
        let told = run(&directory, &check);
        assert_eq!(told.code, Some(3));
        assert_eq!(told.errors, format!("anchorhold: {message}\n"));
        assert!(told.output.ends_with("\nfits: no\n"), "{}", told.output);

        let told = run(&directory, &format!("{check} --json"));
        assert_eq!(told.code, Some(3));
        assert_eq!(told.errors, format!("anchorhold: {message}\n"));
        let told: Value = serde_json::from_str(&told.output).unwrap();
        assert_eq!(told["fits"], false);
        assert_eq!(told["problems"], Value::from(problems));
    }
    is_untouched(&directory);
}

#[test]
fn options_that_are_wrong() {
    let directory = workplace("options");
    let check = "seal model.tflite --manifest model.toml --check";
    for (command, message) in [
        (
            format!("{check} toaster"),
            "--check toaster: no such board; give one of opentitan, mps2_an386, qemu_rv32_virt, \
             earlgrey_cw310, nrf52840dk",
        ),
        (
            format!("{check} {BOARD} --tile-bytes 100"),
            "--tile-bytes: 100 is not a multiple of 64 from 256 to 4096; leave it out for the usual length",
        ),
        (
            format!("{check} {BOARD} --slot 2"),
            "--slot 2: opentitan has slots 0 to 1; give one of these",
        ),
        (
            format!("{check} {BOARD} -o sealed.tab"),
            "the argument '--check <BOARD>' cannot be used with '--output <TAB>'; --help lists \
             every option",
        ),
        (
            "seal model.tflite --manifest model.toml".to_owned(),
            "the following required arguments were not provided: --publisher <FILE> --device \
             <RECORD>... --oem <FILE> --output <TAB>; --help lists every option",
        ),
    ] {
        run(&directory, &command).failed(2, message);
        run(&directory, &format!("{command} --json")).failed(2, message);
    }
    is_untouched(&directory);
}
