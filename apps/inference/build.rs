//! Links the process at the place that the environment names. Host tests of the
//! library are linked as the host does it.

fn main() {
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "none") {
        libtock_build_scripts::auto_layout();
    }
}
