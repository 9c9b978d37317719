//! Applications signed by others than the OEM, with the tool that signs ours.

use std::path::{Path, PathBuf};

use crate::artifacts::built;
use crate::command::run;
use crate::made;
use crate::people::Key;

/// The TAB of the application `name` with ShortId `short_id`, signed with `key`, or not
/// signed at all. Otherwise as `tools/build.sh` makes it.
#[track_caller]
pub fn tab(name: &str, short_id: u32, key: Option<&Key>) -> PathBuf {
    let elfs = ["riscv32imc", "cortex-m4"]
        .map(|processor| built(&format!("tab/elf/{name}/{processor}.elf")));
    let elf2tab = built("tools/bin/elf2tab");
    let mut inputs: Vec<_> = elfs.iter().map(PathBuf::as_path).collect();
    inputs.extend(key.map(|key| key.private.as_path()));
    let digest = made::digest_of(&inputs, &[name, &short_id.to_string()]);
    made::once(&format!("{name}-{digest}.tab"), |path| {
        let short_id = short_id.to_string();
        let mut arguments = vec![
            "--deterministic".as_ref(),
            "--package-name".as_ref(),
            name.as_ref(),
            "--output-file".as_ref(),
            path.as_os_str(),
            "--kernel-major".as_ref(),
            "2".as_ref(),
            "--kernel-minor".as_ref(),
            "2".as_ref(),
            "--app-heap".as_ref(),
            "0".as_ref(),
            "--kernel-heap".as_ref(),
            "2048".as_ref(),
            "--minimum-footer-size".as_ref(),
            "256".as_ref(),
            "--short-id".as_ref(),
            short_id.as_ref(),
        ];
        if let Some(key) = key {
            let private = key.private.as_os_str();
            arguments.extend(["--ecdsa-nist-p256-private".as_ref(), private]);
        }
        arguments.extend(elfs.iter().map(|elf| elf.as_os_str()));
        let directory = path.parent().unwrap_or(Path::new("."));
        run(&elf2tab, directory, arguments).succeeded();
    })
}
