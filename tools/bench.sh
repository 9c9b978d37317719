#!/usr/bin/env bash
# What the emulated boards take, in instructions, beside others; docs/benchmarks.md.
# Sections may be named; --json prints for programs.
source "$(dirname "$0")/common.sh"

readonly FLOAT_TARGET=thumbv7em-none-eabihf

# Whether cargo finds, or makes, the core library for processors that have a
# floating-point unit.
has_float_target() {
    if ! is_new_rust rustc || ! has_device_targets rustc; then
        return # Debian's compiler makes it
    fi
    [[ -d $(rustc --print sysroot)/lib/rustlib/$FLOAT_TARGET ]] ||
        timeout 300 rustup target add "$FLOAT_TARGET"
}

# microflow, which reads the models when it is compiled: the boards are measured
# without it where it cannot be had.
build_microflow() {
    local models=${ANCHORHOLD_SHARED:-../shared}/models
    # Lest one of other models be measured.
    rm -f "target/$FLOAT_TARGET/release/microflow-bench"
    if [[ ! -e $models/vectors/index.json ]]; then
        echo "SKIPPED: microflow is not built: no reference models in $models"
    elif ! has_float_target; then
        echo "SKIPPED: microflow is not built: no Rust target $FLOAT_TARGET"
    else
        ln -sfn "$(realpath "$models")" target/reference-models
        device_cargo "$FLOAT_TARGET" build --quiet --locked --release \
            --manifest-path boards/microflow_bench/Cargo.toml ||
            echo "SKIPPED: microflow is not built, for the reason above"
    fi
}

{
    tools/setup.sh
    tools/build.sh
    tools/devices.sh
    build_engine_bench
    build_microflow
    host_cargo build --quiet --locked -p bench
} >&2
"$HOST_TOOLS/bench" "$@"
