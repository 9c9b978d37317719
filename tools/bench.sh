#!/usr/bin/env bash
# What the emulated boards take, in instructions, beside others; docs/benchmarks.md.
# Sections may be named; --json prints for programs.
source "$(dirname "$0")/common.sh"

readonly MODEL=${ANCHORHOLD_SHARED:-../shared}/models/kws.tflite
readonly SEALED=target/bench/kws.tab

# The reference models are no part of the project; sections that want one say so.
seal() {
    mkdir -p "$(dirname "$SEALED")"
    rm -f "$SEALED"
    "$HOST_TOOLS/anchorhold" seal "$MODEL" --manifest tests/models/kws.toml \
        --publisher target/demo/publisher.der --oem target/demo/oem.der.pub \
        --device target/demo/{opentitan,mps2_an386}/record.cose -o "$SEALED"
}

{
    tools/setup.sh
    tools/build.sh
    tools/devices.sh
    build_engine_bench
    host_cargo build --quiet --locked -p bench
    if [[ -e $MODEL ]]; then
        seal
    fi
} >&2
"$HOST_TOOLS/bench" "$@"
