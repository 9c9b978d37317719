//! Links the process at the place that the environment names.

fn main() {
    libtock_build_scripts::auto_layout();
}
