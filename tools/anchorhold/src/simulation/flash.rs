//! The flash image: kernel, then whatever the real tockloader installs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::board::Family;
use crate::error::{Class, Error};
use crate::files::{self, Access};

/// A file that holds the whole flash of a board of some family.
#[derive(Clone, Debug)]
pub struct FlashImage {
    family: &'static Family,
    path: PathBuf,
}

impl FlashImage {
    /// An erased flash with the kernel image at its start, as file `path`.
    pub fn create(family: &'static Family, kernel: &Path, path: &Path) -> Result<Self, Error> {
        let room = family.kernel_room();
        let kernel = files::read(kernel, room)?;
        let mut flash = vec![0xFF; family.flash_length as usize];
        flash[..kernel.len()].copy_from_slice(&kernel);
        files::write(path, &flash, Access::Public)?;
        Ok(Self {
            family,
            path: path.to_owned(),
        })
    }

    /// Installs `tabs` with tockloader, as it would on the board.
    pub fn install(&self, tockloader: &Path, tabs: &[PathBuf]) -> Result<(), Error> {
        for tab in tabs {
            files::must_be_there(tab, "give a TAB")?;
        }
        if tabs.is_empty() {
            return Ok(());
        }
        let output = Command::new(tockloader)
            .args(["install", "--board", self.family.tockloader, "--flash-file"])
            .arg(&self.path)
            .arg("--app-address")
            .arg(format!("{:#x}", self.family.applications))
            .args(tabs)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| {
                Error::environment(tockloader, format_args!("cannot be started: {error}"))
            })?;
        let report = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            return Err(Error::new(
                Class::Input,
                format!(
                    "tockloader refused to install {}: {}; check that each is for this board, and that no two share flash addresses",
                    list(tabs),
                    last_complaint(&report),
                ),
            ));
        }
        self.check_length()
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// tockloader writes past the end of flash without a word; this notices.
    fn check_length(&self) -> Result<(), Error> {
        let length = self.family.flash_length as usize;
        files::read(&self.path, length).map(drop).map_err(|_| {
            Error::input(
                &self.path,
                format_args!("the TABs end beyond the flash of {length} bytes; install fewer"),
            )
        })
    }
}

fn list(tabs: &[PathBuf]) -> String {
    let names: Vec<_> = tabs.iter().map(|tab| tab.display().to_string()).collect();
    names.join(", ")
}

/// The last line of tockloader's log that reports an error, without its label.
fn last_complaint(report: &str) -> &str {
    report
        .lines()
        .filter_map(|line| line.strip_prefix("[ERROR"))
        .filter_map(|line| line.split_once(']'))
        .map(|(_, text)| text.trim())
        .next_back()
        .or_else(|| report.lines().last())
        .unwrap_or("no reason given")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::EARL_GREY;
    use crate::scratch::Scratch;

    #[test]
    fn the_kernel_is_at_the_start_of_erased_flash() {
        let scratch = Scratch::new("flash-kernel");
        let kernel = scratch.path("kernel.bin");
        std::fs::write(&kernel, [1, 2, 3]).unwrap();
        let image = FlashImage::create(&EARL_GREY, &kernel, &scratch.path("flash.bin")).unwrap();
        let flash = std::fs::read(image.path()).unwrap();
        assert_eq!(flash.len(), 1024 * 1024);
        assert_eq!(flash[..4], [1, 2, 3, 0xFF]);
        assert!(flash[4..].iter().all(|byte| *byte == 0xFF));
    }

    #[test]
    fn a_kernel_that_reaches_into_the_applications_is_refused() {
        let scratch = Scratch::new("flash-large");
        let kernel = scratch.path("kernel.bin");
        std::fs::write(&kernel, vec![0; EARL_GREY.kernel_room() + 1]).unwrap();
        let error =
            FlashImage::create(&EARL_GREY, &kernel, &scratch.path("flash.bin")).unwrap_err();
        assert_eq!(error.class(), Class::Input);
    }

    #[test]
    fn a_missing_tab_is_not_looked_for_on_the_network() {
        let scratch = Scratch::new("flash-missing");
        let kernel = scratch.path("kernel.bin");
        std::fs::write(&kernel, [0]).unwrap();
        let image = FlashImage::create(&EARL_GREY, &kernel, &scratch.path("flash.bin")).unwrap();
        let tabs = [scratch.path("none.tab")];
        let error = image.install(Path::new("/bin/false"), &tabs).unwrap_err();
        assert!(error.to_string().contains("no such file"), "{error}");
    }

    #[test]
    fn tockloaders_reason_is_passed_on() {
        let report = "[INFO   ] a\n[ERROR  ] first\n[ERROR  ] Unable to sort.\n";
        assert_eq!(last_complaint(report), "Unable to sort.");
        assert_eq!(last_complaint("Traceback\nEOFError"), "EOFError");
    }
}
