#!/usr/bin/env bash
# Makes sure that everything the build and the tests need is there. Changes nothing,
# and takes a second, if it is.
source "$(dirname "$0")/common.sh"

readonly ELF2TAB=0.13.0

# One set-up at a time: two would write the same files.
mkdir -p target
exec 9>target/setup.lock
flock 9

install_packages() {
    [[ $# -gt 0 ]] || return 0
    if [[ $(id -u) -ne 0 ]]; then
        missing "missing Debian packages: $*; as root, run: apt-get install $*"
    fi
    if ! command -v apt-get >/dev/null; then
        missing "missing Debian packages: $*; this system has no apt-get, install what they hold"
    fi
    say "installing Debian packages: $*"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" </dev/null
}

packages_for_programs() {
    command -v qemu-system-riscv32 >/dev/null || echo qemu-system-misc
    command -v qemu-system-arm >/dev/null || echo qemu-system-arm
    # Without it neither cargo nor pip trusts the registries.
    [[ -e /etc/ssl/certs/ca-certificates.crt ]] || echo ca-certificates
    command -v cc >/dev/null || echo gcc libc6-dev
    python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
}

packages_for_rust() {
    has_debian_sources || echo rustc-web cargo-web rust-web-src
    device_linker >/dev/null || echo lld-22
}

setup_rust() {
    if is_new_rust rustc && has_device_targets rustc; then
        return
    fi
    if is_new_rust rustc && command -v rustup >/dev/null; then
        say "adding the Rust targets $RISCV_TARGET and $ARM_TARGET"
        if timeout 300 rustup target add "$RISCV_TARGET" "$ARM_TARGET" && has_device_targets rustc; then
            return
        fi
        say "rustup cannot add them; falling back on Debian's compiler and its sources"
    fi
    # shellcheck disable=SC2046 # one word a package
    install_packages $(packages_for_rust)
    has_debian_sources || missing \
        "rustc 1.$OLDEST_RUST or newer with its sources is needed; Debian has rustc-web cargo-web rust-web-src"
}

setup_elf2tab() {
    if [[ $(target/tools/bin/elf2tab --version 2>/dev/null) == "elf2tab $ELF2TAB" ]]; then
        return
    fi
    say "building elf2tab $ELF2TAB"
    # Into a temporary build directory: nothing else here has its dependencies.
    (
        unset CARGO_TARGET_DIR
        host_cargo install --quiet --locked --root target/tools --version "$ELF2TAB" elf2tab
    )
}

setup_python() {
    if cmp -s tools/requirements.txt target/venv/requirements.txt; then
        return
    fi
    say "installing tockloader and pycose into target/venv"
    python3 -m venv --clear target/venv
    target/venv/bin/pip install --quiet --disable-pip-version-check \
        --requirement tools/requirements.txt
    cp tools/requirements.txt target/venv/requirements.txt
}

# shellcheck disable=SC2046 # one word a package
install_packages $(packages_for_programs)
setup_rust
setup_elf2tab
setup_python
