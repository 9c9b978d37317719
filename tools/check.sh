#!/usr/bin/env bash
# Everything that must hold before a change is kept: format, lints, tests on this
# computer, and tests end to end on the emulated device.
source "$(dirname "$0")/common.sh"

skipped=()

step() {
    say "$*"
}

# Debian's compiler comes without these two.
has() { host_cargo "$1" --version >/dev/null 2>&1; }

tools/setup.sh

if has fmt; then
    step "format"
    host_cargo fmt --all --check
else
    skipped+=("format: rustfmt is not installed")
fi

if has clippy && is_new_rust rustc && has_device_target rustc; then
    step "lints, this computer"
    host_cargo clippy --quiet --locked --all-targets -- -D warnings
    step "lints, device"
    LIBTOCK_LINKER_FLASH=0x20030000 LIBTOCK_LINKER_RAM=0x10006000 \
        device_cargo clippy --quiet --locked --release --target-dir target/apps/lints \
        -p opentitan -p inference -p reader -p intruder -p test-cells -- -D warnings
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

step "the demonstration"
tools/demo.sh

step "sizes"
tools/size.sh

for what in "${skipped[@]}"; do
    echo "SKIPPED $what"
done
say "all checks passed in $SECONDS s"
