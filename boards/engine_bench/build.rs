//! Links the image at its place in the board's flash and RAM.

fn main() {
    let folder = std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    let processor = std::env::var("CARGO_CFG_TARGET_ARCH").expect("cargo sets it");
    let board = match processor.as_str() {
        "riscv32" => "opentitan",
        _ => "mps2_an386",
    };
    println!("cargo:rerun-if-changed={board}.ld");
    println!("cargo:rerun-if-changed=../common/kernel.ld");
    println!("cargo:rustc-link-search={folder}/../common");
    println!("cargo:rustc-link-arg-bins=-T{folder}/{board}.ld");
}
