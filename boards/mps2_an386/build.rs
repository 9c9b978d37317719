//! Links the kernel at its place in flash and RAM.

fn main() {
    let board = std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    println!("cargo:rerun-if-changed=layout.ld");
    println!("cargo:rerun-if-changed=../common/kernel.ld");
    println!("cargo:rustc-link-search={board}/../common");
    println!("cargo:rustc-link-arg-bins=-T{board}/layout.ld");
}
