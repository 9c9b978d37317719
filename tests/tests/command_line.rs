//! Design 11, host files: whatever is wrong with a file, `anchorhold` says so in one
//! line, with the exit code of its class, and leaves everything as it was.

use std::fs;
use std::path::{Path, PathBuf};

use anchorhold_plan_compiler::{compile, CompileError, Options, Problem};
use end_to_end::artifacts::demo;
use end_to_end::command::{anchorhold, Ended};
use end_to_end::scratch;
use tflite_writer::model::{activation, graph, node, pool_options};

/// A directory with a model, its manifest, keys and a device.
fn workplace(name: &str) -> PathBuf {
    let directory = scratch::directory(&format!("command-line-{name}"));
    for file in ["model.tflite", "model.toml"] {
        fs::copy(demo(file), directory.join(file)).unwrap();
    }
    fs::write(directory.join("password"), "correct horse\n").unwrap();
    fs::write(directory.join("another"), "battery staple\n").unwrap();
    for arguments in [
        "keygen oem -o oem.der",
        "keygen publisher -o publisher.der",
        "keygen publisher -o locked.der --password-file password",
        "provision --oem oem.der --publisher publisher.der.pub -o device",
    ] {
        run(&directory, arguments).succeeded();
    }
    directory
}

/// Runs `anchorhold` with the words of `arguments`.
fn run(directory: &Path, arguments: &str) -> Ended {
    anchorhold(directory, arguments.split(' '))
}

/// Seals with these words in place of the usual ones: `--manifest other.toml`, or a
/// first word that is the model.
fn seal(directory: &Path, model: &str, changes: &str) -> Ended {
    let mut options = vec![
        ("--manifest", "model.toml"),
        ("--publisher", "publisher.der"),
        ("--device", "device/record.cose"),
        ("--oem", "oem.der.pub"),
        ("-o", "sealed.tab"),
    ];
    let mut words = changes.split_whitespace();
    while let (Some(option), Some(value)) = (words.next(), words.next()) {
        match options.iter_mut().find(|(usual, _)| *usual == option) {
            Some(place) => place.1 = value,
            None => options.push((option, value)),
        }
    }
    let options = options
        .into_iter()
        .flat_map(|(option, value)| [option, value]);
    anchorhold(directory, ["seal", model].into_iter().chain(options))
}

/// The model with one byte `from` changed to `to`, so that it compiles no more and the
/// error `is_wanted`.
fn mutant(from: u8, to: u8, is_wanted: fn(&CompileError) -> bool) -> Vec<u8> {
    let model = fs::read(demo("model.tflite")).unwrap();
    let options = Options {
        raw_scale: Some(0.001),
    };
    let places = (0..model.len()).filter(|place| model[*place] == from);
    places
        .map(|place| {
            let mut mutant = model.clone();
            mutant[place] = to;
            mutant
        })
        .find(|mutant| compile(mutant, &options).is_err_and(|error| is_wanted(&error)))
        .expect("a mutant")
}

#[test]
fn models_that_cannot_be_sealed() {
    const CONV_2D: u8 = 3;
    const TRANSPOSE: u8 = 39;
    const INT8: u8 = 9;
    const FLOAT32: u8 = 0;
    let directory = workplace("models");
    let unsupported = mutant(CONV_2D, TRANSPOSE, |error| {
        matches!(
            error,
            CompileError::Operator {
                index: 0,
                problem: Problem::Unsupported { .. },
                ..
            }
        )
    });
    let float = mutant(INT8, FLOAT32, |error| {
        matches!(
            error,
            CompileError::Operator {
                index: 0,
                problem: Problem::Type {
                    found: "float32",
                    ..
                },
                ..
            }
        )
    });
    let problem = |model: &[u8]| {
        let options = Options {
            raw_scale: Some(0.001),
        };
        match compile(model, &options) {
            Err(CompileError::Operator { problem, .. }) => problem,
            other => panic!("{other:?}"),
        }
    };
    let (Problem::Unsupported { output }, Problem::Type { tensor, .. }) =
        (problem(&unsupported), problem(&float))
    else {
        panic!("other errors than before");
    };
    let model = fs::read(demo("model.tflite")).unwrap();
    let files = [
        ("notes.tflite", b"not a model".to_vec(), "notes.tflite: not a .tflite file (no TFL3 identifier); convert the model with TensorFlow Lite first".to_owned()),
        ("cut.tflite", model[..5000].to_vec(), "cut.tflite: the .tflite file is truncated or corrupt: operator codes at byte 52; copy or convert it again".to_owned()),
        ("transpose.tflite", unsupported, format!("transpose.tflite: operator 0 (TRANSPOSE): not supported (tensor \"{output}\"); use Conv2D, DepthwiseConv2D, FullyConnected, AveragePool2D, MaxPool2D, Add, Mul, Mean, Pad, Reshape, Concatenation, Softmax, Logistic, Relu, Relu6, LeakyRelu, Tanh or Quantize")),
        ("float.tflite", float, format!("float.tflite: operator 0 (CONV_2D): tensor \"{tensor}\" is float32, not int8; convert with full integer quantisation (int8 inputs and outputs)")),
    ];
    for (name, content, message) in files {
        fs::write(directory.join(name), content).unwrap();
        seal(&directory, name, "").failed(3, &message);
    }
    seal(&directory, "none.tflite", "").failed(
        3,
        "none.tflite: cannot be opened: No such file or directory (os error 2)",
    );
    assert!(!directory.join("sealed.tab").exists());
}

#[test]
fn models_that_do_not_fit() {
    let directory = workplace("fit");
    let pool = |input, output| node(17, &[input], output, pool_options(false, [1, 1], [1, 1]));
    let tensor = |name, shape: [usize; 4]| activation(name, &shape, 0.05, 0);
    let wide = [1, 256, 64, 3];
    let large = graph(
        vec![tensor("image", wide), tensor("greatest", wide)],
        vec![pool(0, 1)],
    );
    let deep = graph(
        (0..=50).map(|_| tensor("pixel", [1; 4])).collect(),
        (0..50).map(|layer| pool(layer, layer + 1)).collect(),
    );
    for (name, model, message) in [
        (
            "large.tflite",
            large,
            "arena: 98304 bytes, the limit is 56320; most at operator 0 (MAX_POOL_2D): \"image\" \
             49152, \"greatest\" 49152; make these tensors smaller; output tensor: 49152 bytes, \
             the limit is 64; let the model have at most 16 outputs, one a label",
        ),
        (
            "deep.tflite",
            deep,
            "resident part of the plan: 2452 bytes, the limit is 2048; the plan has 50 operators, \
             let it have at most 41",
        ),
    ] {
        fs::write(directory.join(name), model.file()).unwrap();
        seal(&directory, name, "").failed(3, &format!("{name}: does not fit opentitan: {message}"));
    }
    assert!(!directory.join("sealed.tab").exists());
}

#[test]
fn manifests_that_cannot_be_sealed() {
    let directory = workplace("manifests");
    let manifest = fs::read_to_string(demo("model.toml")).unwrap();
    for (from, to, message) in [
        (
            "samples = 256",
            "samples = 255",
            "input: 255 samples of 3 channels are 765 values, the model takes 768",
        ),
        ("\"normal\", ", "", "labels: 3 are named, the model has 4 outputs"),
        (
            "burst = 32",
            "bursts = 32",
            "line 26: unknown field `bursts`, expected one of `output`, `score-buckets`, `rate-per-minute`, `burst`, `answers`, `allowed-apps`, `resident`",
        ),
        ("7a73d964-", "", "uuid: not a UUID; make one with uuidgen"),
        (
            "scale = 0.001\n",
            "",
            "input.scale: missing; give the model's unit per milli-g, 0.001 for g",
        ),
    ] {
        let text = manifest.replace(from, to);
        assert_ne!(text, manifest);
        fs::write(directory.join("changed.toml"), text).unwrap();
        seal(&directory, "model.tflite", "--manifest changed.toml")
            .failed(3, &format!("changed.toml: {message}"));
    }
}

#[test]
fn keys_and_devices_that_do_not_fit() {
    let directory = workplace("keys");
    run(&directory, "keygen oem -o stranger.der").succeeded();
    fs::write(directory.join("empty"), "").unwrap();
    let cases = [
        ("--publisher none.der", 3, "none.der: cannot be opened: No such file or directory (os error 2)"),
        ("--publisher locked.der", 4, "locked.der: the key is encrypted; give its password with --password-file"),
        ("--publisher locked.der --password-file another", 4, "locked.der: wrong password; nothing was done"),
        ("--publisher locked.der --password-file empty", 4, "empty: the first line is empty; write the password there"),
        ("--publisher publisher.der.pub", 4, "publisher.der.pub: not a P-256 private key in PKCS#8 DER; make one with `anchorhold keygen`"),
        ("--oem publisher.der.pub", 5, "device/record.cose: the record is not signed by the expected OEM; ask the OEM for the record and its public key"),
        ("--oem publisher.der", 4, "publisher.der: not a P-256 public key in PEM; give the .pub file that `anchorhold keygen` wrote"),
        ("--oem stranger.der.pub", 5, "device/record.cose: the record is not signed by the expected OEM; ask the OEM for the record and its public key"),
        ("--slot 7", 2, "--slot 7: opentitan has slots 0 to 1"),
    ];
    for (changes, code, message) in cases {
        seal(&directory, "model.tflite", changes).failed(code, message);
    }
    let twice = "seal model.tflite --manifest model.toml --publisher publisher.der \
        --device device/record.cose device/record.cose --oem oem.der.pub -o sealed.tab";
    run(&directory, twice).failed(
        3,
        "device/record.cose: the record of a device that was given already; give each device once",
    );
    assert!(!directory.join("sealed.tab").exists());
    let fits = "--publisher locked.der --password-file password";
    seal(&directory, "model.tflite", fits).succeeded();
}

#[test]
fn nothing_is_overwritten() {
    let directory = workplace("overwrite");
    seal(&directory, "model.tflite", "").succeeded();
    let kept = [
        "oem.der",
        "oem.der.pub",
        "device/otp.bin",
        "device/record.cose",
        "sealed.tab",
    ];
    let read = || kept.map(|file| fs::read(directory.join(file)).unwrap());
    let before = read();
    let exists = |file: &str| {
        format!("{file}: exists and is not overwritten; remove it or name another file")
    };
    run(&directory, "keygen oem -o oem.der").failed(2, &exists("oem.der.pub"));
    fs::rename(directory.join("oem.der.pub"), directory.join("moved")).unwrap();
    run(&directory, "keygen oem -o oem.der").failed(2, &exists("oem.der"));
    assert!(!directory.join("oem.der.pub").exists());
    fs::rename(directory.join("moved"), directory.join("oem.der.pub")).unwrap();
    run(
        &directory,
        "provision --oem oem.der --publisher publisher.der.pub -o device",
    )
    .failed(2, &exists("device/otp.bin"));
    seal(&directory, "model.tflite", "").failed(2, &exists("sealed.tab"));
    assert_eq!(read(), before);
}

#[test]
fn secrets_are_for_their_owner() {
    use std::os::unix::fs::PermissionsExt;
    let directory = workplace("modes");
    for secret in ["oem.der", "locked.der", "device/otp.bin"] {
        let mode = fs::metadata(directory.join(secret))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{secret}");
    }
}

#[test]
fn tokens_and_records_that_are_none() {
    let directory = workplace("tokens");
    fs::write(directory.join("token"), b"not a token").unwrap();
    let verify = |words: &str| run(&directory, &format!("verify {words}"));
    let nonce = "--nonce 0011223344556677";
    let device = "--device device/record.cose";
    verify(&format!("token {device} {nonce}")).failed(
        5,
        "token: the token is malformed at byte 0: it was cut, changed, or is of another format version",
    );
    verify(&format!("none {device} {nonce}")).failed(
        3,
        "none: cannot be opened: No such file or directory (os error 2)",
    );
    verify(&format!("token --device token {nonce}")).failed(
        3,
        "token: not a device record; give the record.cose of the device",
    );
    for nonce in ["00112233", "0011223344556x", "xx"] {
        verify(&format!("token {device} --nonce {nonce}")).failed(
            2,
            "--nonce: not 8 to 64 bytes of hexadecimal; give the nonce that was sent",
        );
    }
    run(&directory, "inspect token").failed(
        3,
        "token: not a TAB, TBF, token or device record; see docs/formats for what these look like",
    );
}

#[test]
fn json_is_json() {
    let directory = workplace("json");
    let sealed = seal(&directory, "model.tflite", "--tile-bytes 512").succeeded();
    assert!(sealed.starts_with("sealed condition-monitor version 1 into sealed.tab\n"));
    let inspected = run(&directory, "inspect --json sealed.tab").succeeded();
    let inspected: serde_json::Value = serde_json::from_str(&inspected).unwrap();
    assert_eq!(inspected[0]["model"], "condition-monitor");
    assert_eq!(inspected[0]["tile_bytes"], 512);
    let record = run(&directory, "inspect --json device/record.cose").succeeded();
    let record: serde_json::Value = serde_json::from_str(&record).unwrap();
    assert_eq!(record[0]["board"], "opentitan");
    assert_eq!(record[0]["unseal_kid"], inspected[0]["devices"][0]);
}
