//! Design 11, host files: whatever is wrong with a file, `anchorhold` says so in one
//! line, with the exit code of its class, and leaves everything as it was.

use std::fs;

use end_to_end::artifacts::demo;
use end_to_end::workplace::{run, seal, workplace};

#[test]
fn manifests_that_cannot_be_sealed() {
    let directory = workplace("manifests");
    let manifest = fs::read_to_string(demo("model.toml")).unwrap();
    for (from, to, message) in [
        (
            "samples = 256",
            "samples = 255",
            "input: 255 samples of 3 channels are 765 values, the model takes 768; correct samples and channels",
        ),
        ("\"normal\", ", "", "labels: 3 are named, the model has 4 outputs; name each once"),
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
        ("--publisher none.der", 3, "none.der: no such file; check its name and directory"),
        ("--publisher locked.der", 4, "locked.der: the key is encrypted; give its password with --password-file"),
        ("--publisher locked.der --password-file another", 4, "locked.der: wrong password; nothing was done"),
        ("--publisher locked.der --password-file empty", 4, "empty: the first line is empty; write the password there"),
        ("--publisher publisher.der.pub", 4, "publisher.der.pub: not a P-256 private key in PKCS#8 DER; make one with `anchorhold keygen`"),
        ("--oem publisher.der.pub", 5, "device/record.cose: the record is not signed by the expected OEM; ask the OEM for the record and its public key"),
        ("--oem publisher.der", 4, "publisher.der: not a P-256 public key in PEM; give the .pub file that `anchorhold keygen` wrote"),
        ("--oem stranger.der.pub", 5, "device/record.cose: the record is not signed by the expected OEM; ask the OEM for the record and its public key"),
        ("--slot 7", 2, "--slot 7: opentitan has slots 0 to 1; give one of these"),
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
    verify(&format!("none {device} {nonce}"))
        .failed(3, "none: no such file; check its name and directory");
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
