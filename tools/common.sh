# What the scripts beside this one share. Sourced, from the root of the repository.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The scripts name files under target/, wherever the caller likes to build.
export CARGO_TARGET_DIR=$PWD/target

readonly RISCV_TARGET=riscv32imc-unknown-none-elf
readonly ARM_TARGET=thumbv7em-none-eabi
# The same Arm processor with its floating-point unit, which only another engine uses.
readonly FLOAT_TARGET=thumbv7em-none-eabihf
# The reference models, which are no part of the project.
readonly MODELS=${ANCHORHOLD_SHARED:-../shared}/models
readonly OLDEST_RUST=88 # the minor version in Cargo.toml's rust-version
readonly HOST_TOOLS=target/debug

say() { printf '== %s\n' "$*"; }

# Calls function $1 with the words of each row of table $2.
for_each() {
    local row
    while read -r row; do
        # shellcheck disable=SC2086 # one word a column
        [[ -z $row ]] || "$1" $row </dev/null
    done <<<"$2"
}

# Stops with the exit code for a missing tool (docs/command-line.md).
missing() {
    printf '%s\n' "$*" >&2
    exit 6
}

# Whether compiler $1 exists and is new enough.
is_new_rust() {
    local version
    version=$("$1" --version 2>/dev/null) || return 1
    [[ $version =~ ^rustc\ 1\.([0-9]+)\. ]] && ((BASH_REMATCH[1] >= OLDEST_RUST))
}

# Whether compiler $1 comes with the devices' core libraries.
has_device_targets() {
    local libraries
    libraries=$("$1" --print sysroot 2>/dev/null)/lib/rustlib
    [[ -d $libraries/$RISCV_TARGET && -d $libraries/$ARM_TARGET ]]
}

# Whether Debian's compiler and its library sources are there, from which cargo
# builds the devices' core libraries itself.
has_debian_sources() {
    [[ -x /usr/bin/cargo ]] && is_new_rust /usr/bin/rustc &&
        [[ -d $(/usr/bin/rustc --print sysroot)/lib/rustlib/src/rust/library/core ]]
}

# A linker for devices that Debian's compiler can call: one of its own LLVM's age.
device_linker() {
    local candidate
    for candidate in "$(rustc --print sysroot 2>/dev/null)"/lib/rustlib/*/bin/rust-lld \
        /usr/bin/ld.lld-22; do
        if [[ -x $candidate ]]; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    return 1
}

# cargo for what runs on this computer.
host_cargo() {
    if is_new_rust rustc; then
        cargo "$@"
    else
        RUSTC=/usr/bin/rustc /usr/bin/cargo "$@"
    fi
}

# cargo for what runs on devices of target $1. The options are in the environment
# because a caller's may end in a `--`.
device_cargo() {
    local -x CARGO_BUILD_TARGET=$1
    shift
    if is_new_rust rustc && has_device_targets rustc; then
        cargo "$@"
    else
        local name=${CARGO_BUILD_TARGET^^}
        local -x "CARGO_TARGET_${name//-/_}_LINKER=$(device_linker)"
        CARGO_UNSTABLE_BUILD_STD=core,alloc RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc \
            /usr/bin/cargo "$@"
    fi
}

# Builds the image that runs plans, and nothing else, on each emulated board.
build_engine_bench() {
    local target
    for target in "$RISCV_TARGET" "$ARM_TARGET"; do
        device_cargo "$target" build --quiet --locked --release -p engine-bench
    done
}

# Puts the reference models where microflow's image finds them when it is compiled.
# Fails where there are none.
link_models() {
    [[ -e $MODELS/vectors/index.json ]] || return 1
    mkdir -p target
    ln -sfn "$(realpath "$MODELS")" target/reference-models
}
