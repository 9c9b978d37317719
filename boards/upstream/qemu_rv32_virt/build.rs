//! Links the kernel with `layout.ld` and upstream's script for kernels.

fn main() {
    tock_build_scripts::default_linker_script();
}
