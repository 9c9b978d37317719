//! Linker layout for Tock processes, for use in build scripts.
//!
//! A process that Rust links runs at one place in flash and RAM only. Which one
//! comes from the environment, so that one source builds for all of them:
//!
//! | variable | meaning | otherwise |
//! |---|---|---|
//! | `LIBTOCK_PLATFORM` | a board's name, see [`Platform`] | give both of the next two |
//! | `LIBTOCK_LINKER_FLASH` | address of the TBF header | |
//! | `LIBTOCK_LINKER_RAM` | address of the process's RAM | |
//! | `LIBTOCK_LINKER_FLASH_LENGTH` | bytes, also as `62K` or `1M` | `0xD0000` |
//! | `LIBTOCK_LINKER_RAM_LENGTH` | bytes, also as `62K` or `1M` | `46K` |
//! | `LIBTOCK_TBF_HEADER_SIZE` | bytes before the code, for the header | `0x80` |
//!
//! Names and defaults are those of upstream's `libtock_build_scripts`.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod layout;
mod platform;

pub use layout::{Layout, LayoutError};
pub use platform::Platform;

use std::path::Path;
use std::{env, fs};

/// Where a process's linker script for all boards is, next to the generated one.
const COMMON_SCRIPT: &str = "libtock_layout.ld";

/// To be called from the build script of a process: writes the linker script
/// for the place that the environment asks for, and tells cargo to link with
/// it.
///
/// # Panics
/// When the environment does not name a place, or the output directory cannot
/// be written; which is how a build script reports an error.
pub fn auto_layout() {
    for variable in layout::VARIABLES {
        println!("cargo:rerun-if-env-changed={variable}");
    }
    let layout = Layout::from_variables(|name| env::var(name).ok())
        .unwrap_or_else(|error| panic!("{error}"));

    let directory = env::var("OUT_DIR").expect("cargo sets OUT_DIR for build scripts");
    let script = Path::new(&directory).join("layout.ld");
    fs::write(&script, layout.script()).expect("cannot write the linker script");
    fs::write(
        Path::new(&directory).join(COMMON_SCRIPT),
        include_str!("../libtock_layout.ld"),
    )
    .expect("cannot write the linker script");

    println!("cargo:rustc-link-arg=-T{}", script.display());
    println!("cargo:rustc-link-search={directory}");
    // Linkers align segments to the largest page they know of, 64 KiB, and
    // would place one below the start of flash.
    println!("cargo:rustc-link-arg=-zmax-page-size=4096");
}
