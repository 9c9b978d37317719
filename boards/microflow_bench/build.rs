//! Links the image at its place in the board's flash and RAM, and builds it again when
//! a model has changed.

fn main() {
    let folder = std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    println!("cargo:rerun-if-changed=mps2_an386.ld");
    println!("cargo:rerun-if-changed=../common/kernel.ld");
    println!("cargo:rustc-link-search={folder}/../common");
    println!("cargo:rustc-link-arg-bins=-T{folder}/mps2_an386.ld");
    for model in ["ad", "hello_world", "kws", "micro_speech", "vww"] {
        println!("cargo:rerun-if-changed=../../target/reference-models/{model}.tflite");
    }
}
