//! The commands as a person runs them: files in, exit codes and lines out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anchorhold_crypto::es256::SigningKey;
use anchorhold_crypto::kdf::Purpose;
use anchorhold_evidence::{
    Claims, Counter, DebugStatus, Input, InputSource, Model, Outcome, ResultStatus, SelfTest,
};
use anchorhold_policy::{InputStatus, Summary};
use anchorhold_provisioning::{KeyTier, Page, PAGE_BYTES};

const NONCE: [u8; 16] = [0xA5; 16];

/// A directory with keys and a device in it.
struct World(PathBuf);

impl World {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("command-line-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        let world = Self(path);
        world.succeed(&["keygen", "oem", "-o", "oem.der"]);
        world.succeed(&["keygen", "publisher", "-o", "publisher.der"]);
        world.provision("device");
        world
    }

    fn provision(&self, output: &str) {
        self.succeed(&[
            "provision",
            "--oem",
            "oem.der",
            "--publisher",
            "publisher.der.pub",
            "-o",
            output,
        ]);
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_anchorhold"))
            .args(arguments)
            .current_dir(&self.0)
            .output()
            .unwrap()
    }

    fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {complaint}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The command must stop with this code and one line that contains `words`.
    fn fail(&self, code: i32, words: &str, arguments: &[&str]) {
        let output = self.run(arguments);
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{complaint}");
        assert!(complaint.contains(words), "{complaint}");
        assert_eq!(complaint.lines().count(), 1, "{complaint}");
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A token as the device would sign it.
    fn token(&self, change: impl FnOnce(&mut Claims<'_>)) -> Vec<u8> {
        let page: [u8; PAGE_BYTES] = fs::read(self.file("device/otp.bin"))
            .unwrap()
            .try_into()
            .unwrap();
        let huk = Page::check(&page).unwrap().huk();
        let key = SigningKey::derive(&huk, Purpose::EvidenceKey).unwrap();
        let mut claims = Claims {
            nonce: &NONCE,
            ueid: anchorhold_crypto::kdf::ueid(&huk),
            uptime_s: 12,
            debug: DebugStatus::Enabled,
            version: "0.1.0",
            model: Some(Model {
                uuid: [1; 16],
                version: 1,
                manifest_digest: [2; 32],
            }),
            input: Some(Input {
                source: InputSource::Accelerometer,
                commitment: [3; 32],
                first_sample: 256,
                samples: 256,
                status: InputStatus::Accepted,
            }),
            outcome: Some(Outcome {
                status: ResultStatus::Answered,
                summary: Some(Summary {
                    label: 1,
                    score_bucket: Some(3),
                }),
            }),
            requester: 0x1002,
            counter: Counter {
                boot: 1,
                sequence: 7,
            },
            boot_measurement: [4; 32],
            key_tier: KeyTier::Development,
            self_test: SelfTest::Passed,
        };
        change(&mut claims);
        let mut token = vec![0; 512];
        let kid = key.public_key().kid();
        let length = anchorhold_evidence::sign(&claims, &[], &kid, &key, &mut token).unwrap();
        token.truncate(length);
        token
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.file(name), bytes).unwrap();
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn demo(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo/condition-monitor");
    path.join(name).to_str().unwrap().to_owned()
}

fn seal<'a>(model: &'a str, manifest: &'a str, output: &'a str) -> Vec<&'a str> {
    vec![
        "seal",
        model,
        "--manifest",
        manifest,
        "--publisher",
        "publisher.der",
        "--device",
        "device/record.cose",
        "--oem",
        "oem.der.pub",
        "-o",
        output,
    ]
}

fn verify<'a>(token: &'a str, nonce: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let device = "device/record.cose";
    let mut arguments = vec!["verify", token, "--device", device, "--nonce", nonce];
    arguments.extend(more);
    arguments
}

const TESTING: &str = "--allow-development-keys";
const NONCE_TEXT: &str = "a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5";

#[test]
fn nothing_is_overwritten() {
    let world = World::new("overwrite");
    let before = fs::read(world.file("oem.der")).unwrap();
    world.fail(2, "not overwritten", &["keygen", "oem", "-o", "oem.der"]);
    assert_eq!(fs::read(world.file("oem.der")).unwrap(), before);

    fs::remove_file(world.file("device/record.cose")).unwrap();
    let page = fs::read(world.file("device/otp.bin")).unwrap();
    let again = [
        "provision",
        "--oem",
        "oem.der",
        "--publisher",
        "publisher.der.pub",
    ];
    world.fail(
        2,
        "not overwritten",
        &[&again[..], &["-o", "device"]].concat(),
    );
    assert_eq!(fs::read(world.file("device/otp.bin")).unwrap(), page);
    assert!(!world.file("device/record.cose").exists());
}

#[test]
fn an_encrypted_key_seals_with_its_password_alone() {
    let world = World::new("password");
    world.write("right", b"correct horse\n");
    world.write("wrong", b"battery staple\n");
    let keygen = ["keygen", "publisher", "-o", "locked.der"];
    world.succeed(&[&keygen[..], &["--password-file", "right"]].concat());
    let (model, manifest) = (demo("model.tflite"), demo("model.toml"));
    let mut arguments = seal(&model, &manifest, "model.tab");
    arguments[5] = "locked.der";
    world.fail(4, "--password-file", &arguments);
    arguments.extend(["--password-file", "wrong"]);
    world.fail(4, "wrong password", &arguments);
    *arguments.last_mut().unwrap() = "right";
    world.succeed(&arguments);
}

#[test]
fn a_sealed_model_shows_what_anybody_may_see() {
    let world = World::new("seal");
    let (model, manifest) = (demo("model.tflite"), demo("model.toml"));
    let summary = world.succeed(&seal(&model, &manifest, "model.tab"));
    assert!(summary.contains("condition-monitor version 1"), "{summary}");
    world.fail(2, "not overwritten", &seal(&model, &manifest, "model.tab"));

    let text = world.succeed(&["inspect", "model.tab", "--json"]);
    let found: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(found[0]["name"], "condition-monitor-v1-s0");
    assert_eq!(found[0]["labels"][3], "bearing fault");
    assert_eq!(found[0]["devices"].as_array().unwrap().len(), 1);
    // The weights are nowhere in it.
    let weights = fs::read(&model).unwrap();
    let sealed = fs::read(world.file("model.tab")).unwrap();
    let sample = &weights[weights.len() / 2..][..16];
    assert!(!sealed.windows(16).any(|window| window == sample));
}

#[test]
fn malformed_files_are_refused_in_one_line() {
    let world = World::new("malformed");
    let (model, manifest) = (demo("model.tflite"), demo("model.toml"));
    world.write("text", b"hello");
    world.fail(3, "text", &seal("text", &manifest, "model.tab"));
    world.fail(3, "line 1", &seal(&model, "text", "model.tab"));
    world.fail(3, "none", &seal("none", &manifest, "model.tab"));
    world.fail(3, "not a TAB", &["inspect", "text"]);
    let mut arguments = seal(&model, &manifest, "model.tab");
    arguments[7] = "text";
    world.fail(3, "not a device record", &arguments);
    assert!(!world.file("model.tab").exists());

    let text = fs::read_to_string(&manifest).unwrap();
    for (from, to, words) in [
        ("samples = 256", "samples = 255", "the model takes 768"),
        ("\"normal\", ", "", "labels: 3 are named"),
        ("tile-bytes = 1024", "tile-bytes = 1000", "tile-bytes: 1000"),
    ] {
        world.write("model.toml", text.replace(from, to).as_bytes());
        world.fail(3, words, &seal(&model, "model.toml", "model.tab"));
    }
}

#[test]
fn a_devices_answer_verifies() {
    let world = World::new("verify");
    world.write("token.cose", &world.token(|_| {}));
    let text = world.succeed(&verify("token.cose", NONCE_TEXT, &[TESTING, "--json"]));
    let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(answer["result"]["label"], 1);
    assert_eq!(answer["requester"], "0x1002");
    assert_eq!(answer["key_tier"], "development");
    world.succeed(&verify(
        "token.cose",
        NONCE_TEXT,
        &[TESTING, "--oem", "oem.der.pub"],
    ));
}

#[test]
fn every_wrong_answer_is_refused() {
    let world = World::new("refuse");
    let token = world.token(|_| {});
    world.write("token.cose", &token);
    world.fail(
        5,
        "development keys",
        &verify("token.cose", NONCE_TEXT, &[]),
    );
    let other = "00".repeat(16);
    world.fail(
        5,
        "another challenge",
        &verify("token.cose", &other, &[TESTING]),
    );
    world.fail(2, "--nonce", &verify("token.cose", "a5", &[TESTING]));

    let mut changed = token.clone();
    *changed.last_mut().unwrap() ^= 1;
    world.write("changed.cose", &changed);
    world.fail(
        5,
        "signature",
        &verify("changed.cose", NONCE_TEXT, &[TESTING]),
    );
    world.write("cut.cose", &token[..token.len() - 1]);
    world.fail(5, "malformed", &verify("cut.cose", NONCE_TEXT, &[TESTING]));

    world.provision("other");
    let mut arguments = verify("token.cose", NONCE_TEXT, &[TESTING]);
    arguments[3] = "other/record.cose";
    world.fail(5, "another device", &arguments);

    let key = ["--oem", "publisher.der.pub"];
    let arguments = verify("token.cose", NONCE_TEXT, &[TESTING, key[0], key[1]]);
    world.fail(5, "expected OEM", &arguments);

    let (model, manifest) = (demo("model.tflite"), demo("model.toml"));
    world.succeed(&seal(&model, &manifest, "model.tab"));
    let arguments = verify("token.cose", NONCE_TEXT, &[TESTING, "--model", "model.tab"]);
    world.fail(5, "another model", &arguments);
}

// tockloader would look for them on the network, and program a board with what it finds.
#[test]
fn files_that_are_not_there_are_not_flashed() {
    let world = World::new("flash-missing");
    let flash = ["flash", "--board", "nrf52840dk"];
    let missing = [&flash[..], &["--app", "none.tab"]].concat();
    world.fail(3, "none.tab: no such file; give a TAB", &missing);
    fs::write(world.file("there.tab"), []).unwrap();
    let missing = [&flash[..], &["--app", "there.tab", "--device", "none"]].concat();
    world.fail(3, "none/otp.bin: no such file", &missing);
}

#[test]
fn usage_errors_have_their_own_code() {
    let world = World::new("usage");
    for arguments in [&["nonsense"][..], &["keygen", "oem"], &[]] {
        assert_eq!(world.run(arguments).status.code(), Some(2));
    }
}
