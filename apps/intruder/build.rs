//! Links the process at the place that the environment names, and tells it what is
//! where around that place.

use std::env;

fn main() {
    println!("cargo:rustc-check-cfg=cfg(memory_map, values(\"virt\"))");
    // Upstream's board for QEMU's `virt` machine has applications where RAM is.
    let flash = env::var("LIBTOCK_LINKER_FLASH");
    if flash.is_ok_and(|flash| flash.starts_with("0x80")) {
        println!("cargo:rustc-cfg=memory_map=\"virt\"");
    }
    libtock_build_scripts::auto_layout();
}
