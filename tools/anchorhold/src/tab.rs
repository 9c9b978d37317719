//! TABs: tar archives of TBFs, as tockloader installs them.

use std::io::{Cursor, Read};

use tar::{Archive, Builder, Header};

/// A TBF in a TAB, under the name that tockloader picks it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// `<architecture>.tbf`, or `<architecture>.<flash address>.<RAM address>.tbf`.
    pub name: String,
    /// The TBF.
    pub tbf: Vec<u8>,
}

impl Entry {
    /// The instruction set that it is for.
    pub fn architecture(&self) -> &str {
        self.name.split('.').next().unwrap_or_default()
    }
}

/// Longest TBF that is taken from a TAB: more than any board's flash.
const TBF_LIMIT: u64 = 16 * 1024 * 1024;

/// A TAB with these TBFs, the same bytes every time.
pub fn pack(package: &str, entries: &[Entry]) -> std::io::Result<Vec<u8>> {
    // The package's name is a manifest's name, so it needs no escape beyond TOML's own.
    let package = toml::Value::String(package.to_owned());
    let metadata = format!(
        "tab-version = 1\nname = {package}\nonly-for-boards = \"\"\n\
         minimum-tock-kernel-version = \"2.2\"\nbuild-date = 1970-01-01T00:00:00Z\n"
    );
    let mut archive = Builder::new(Vec::new());
    let tbfs = entries
        .iter()
        .map(|entry| (entry.name.as_str(), entry.tbf.as_slice()));
    for (name, content) in [("metadata.toml", metadata.as_bytes())]
        .into_iter()
        .chain(tbfs)
    {
        let mut header = Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, name, content)?;
    }
    archive.into_inner()
}

/// The TBFs in the TAB `bytes`.
pub fn unpack(bytes: &[u8]) -> Result<Vec<Entry>, String> {
    let malformed = |error: std::io::Error| format!("not a TAB: {error}");
    let mut entries = Vec::new();
    let mut archive = Archive::new(Cursor::new(bytes));
    for file in archive.entries().map_err(malformed)? {
        let file = file.map_err(malformed)?;
        let name = String::from_utf8_lossy(&file.path_bytes()).into_owned();
        if name.ends_with(".tbf") {
            let mut tbf = Vec::new();
            file.take(TBF_LIMIT)
                .read_to_end(&mut tbf)
                .map_err(malformed)?;
            entries.push(Entry { name, tbf });
        }
    }
    if entries.is_empty() {
        return Err("not a TAB: no .tbf file is in it".into());
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_unpacks() {
        let entries = [
            Entry {
                name: "riscv32imc.0x20080040.0x10006000.tbf".into(),
                tbf: vec![2, 0, 1],
            },
            Entry {
                name: "cortex-m4.tbf".into(),
                tbf: vec![2, 0, 2],
            },
        ];
        let tab = pack("quo\"ted", &entries).unwrap();
        assert_eq!(pack("quo\"ted", &entries).unwrap(), tab);
        assert_eq!(unpack(&tab).unwrap(), entries);
        assert_eq!(entries[0].architecture(), "riscv32imc");
        assert_eq!(entries[1].architecture(), "cortex-m4");
    }

    #[test]
    fn other_files_are_not_tabs() {
        assert!(unpack(b"").is_err());
        assert!(unpack(&[7; 2000]).is_err());
    }
}
