#!/usr/bin/env bash
# Everything that must hold before a change is kept: format, lints, tests on this
# computer, and tests end to end on the emulated devices.
source "$(dirname "$0")/common.sh"

skipped=()

step() {
    say "$*"
}

# The kernel of board $2, the bare image that measures the engine, and the applications
# for it, which are not linked here.
lint_device() {
    LIBTOCK_LINKER_FLASH=0 LIBTOCK_LINKER_RAM=0 \
        device_cargo "$1" clippy --quiet --locked --release --target-dir target/apps/lints \
        -p "$2" -p bare-bench -p engine-bench \
        -p inference -p reader -p intruder -p test-cells -p conformance -p bench-apps \
        -- -D warnings
}

# microflow's image, where there is what it is compiled from.
lint_microflow() {
    local libraries
    libraries=$(rustc --print sysroot)/lib/rustlib
    if [[ ! -d $libraries/$FLOAT_TARGET ]]; then
        skipped+=("lints of boards/microflow_bench: no Rust target $FLOAT_TARGET")
    elif ! link_models; then
        skipped+=("lints of boards/microflow_bench: no reference models in $MODELS")
    else
        device_cargo "$FLOAT_TARGET" clippy --quiet --locked --release \
            --target-dir target/apps/lints \
            --manifest-path boards/microflow_bench/Cargo.toml -- -D warnings
    fi
}

# Debian's compiler comes without these two.
has() { host_cargo "$1" --version >/dev/null 2>&1; }

tools/setup.sh

if has fmt; then
    step "format"
    host_cargo fmt --all --check
    # Workspaces of their own: cargo cannot read one without upstream Tock.
    rustfmt --edition 2021 --check boards/upstream/*/src/{lib,main}.rs \
        boards/microflow_bench/{build,src/main}.rs
else
    skipped+=("format: rustfmt is not installed")
fi

if has clippy && is_new_rust rustc && has_device_targets rustc; then
    step "lints, this computer"
    host_cargo clippy --quiet --locked --all-targets -- -D warnings
    step "lints, devices"
    lint_device "$RISCV_TARGET" opentitan
    lint_device "$ARM_TARGET" mps2_an386
    lint_microflow
else
    skipped+=("lints: clippy is not installed")
fi

tools/build.sh

step "tests, this computer and end to end"
if has nextest; then
    host_cargo nextest run --locked --no-fail-fast -p inference --lib </dev/null
    host_cargo nextest run --locked --no-fail-fast </dev/null
    host_cargo test --quiet --locked --doc </dev/null
else
    host_cargo test --quiet --locked --no-fail-fast -p inference --lib </dev/null
    host_cargo test --quiet --locked --no-fail-fast </dev/null
fi

step "how long the engine's code is"
build_engine_bench
host_cargo run --quiet --locked -p bench -- code

step "random operators and mutated plans on both boards"
host_cargo run --quiet --locked -p differential -- --boards --instances 100
host_cargo run --quiet --locked -p fuzz -- boards --executions 10000

step "the demonstration, on both boards"
BOARD=opentitan tools/demo.sh
BOARD=mps2_an386 tools/demo.sh

step "sizes"
tools/size.sh

for what in "${skipped[@]}"; do
    echo "SKIPPED $what"
done
say "all checks passed in $SECONDS s"
