#!/usr/bin/env bash
# What the emulated boards take, in instructions, beside others; docs/benchmarks.md.
# Sections may be named; --json prints for programs.
source "$(dirname "$0")/common.sh"

# The reference models are no part of the project; sections that want one say so. Tiles
# are as long as they are unless an owner says otherwise.
seal() { # model, manifest, TAB
    local manifest=target/bench/$3.toml
    sed "/^tile-bytes/d" "$2" >"$manifest"
    if [[ $3 == *-resident ]]; then
        sed -i 's/^\[policy\]/&\nresident = true/' "$manifest"
    fi
    rm -f "target/bench/$3.tab"
    "$HOST_TOOLS/anchorhold" seal "$MODELS/$1.tflite" --manifest "$manifest" \
        --publisher target/demo/publisher.der --oem target/demo/oem.der.pub \
        --device target/demo/{opentitan,mps2_an386}/record.cose -o "target/bench/$3.tab"
}

seal_all() {
    mkdir -p target/bench
    local model
    for model in kws vww ic; do
        seal "$model" "tests/models/$model.toml" "$model"
    done
    seal kws tests/models/kws.toml kws-resident
}

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
    # Lest one of other models be measured.
    rm -f "target/$FLOAT_TARGET/release/microflow-bench"
    if ! link_models; then
        echo "SKIPPED: microflow is not built: no reference models in $MODELS"
    elif ! has_float_target; then
        echo "SKIPPED: microflow is not built: no Rust target $FLOAT_TARGET"
    else
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
    if [[ -e $MODELS/kws.tflite ]]; then
        seal_all
    fi
} >&2
"$HOST_TOOLS/bench" "$@"
