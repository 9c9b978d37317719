#!/usr/bin/env bash
# Builds the kernels of boards/upstream, which are the real Tock with our capsules, and
# boots the one that QEMU emulates. CARGOFLAGS goes to cargo: with --config it can put a
# checkout in the place of the git dependency (docs/upstream.md).
source "$(dirname "$0")/common.sh"

readonly SOURCE=https://github.com/tock/tock
readonly LOCK=boards/upstream/Cargo.lock
readonly BUILT=$PWD/target/upstream

# Boards and their processors.
readonly KERNELS="
    qemu_rv32_virt $RISCV_TARGET
    nrf52840dk     $ARM_TARGET
    earlgrey_cw310 $RISCV_TARGET
"

# A caller's flags hold quotes that are TOML's, within quotes that are a shell's or not.
case ${CARGOFLAGS:-} in
    '') flags=(--locked) ;;
    *[\'\\]*) eval "flags=($CARGOFLAGS)" ;;
    *) read -ra flags <<<"$CARGOFLAGS" ;;
esac

# Cargo notes in the lock file where crates really come from; what is kept there is
# where they come from without flags.
keep_lock() {
    mkdir -p "$BUILT"
    cp "$LOCK" "$BUILT/Cargo.lock"
    trap 'cp "$BUILT/Cargo.lock" "$LOCK"' EXIT
}

# Whether everything can be had, before anything is built.
fetch() {
    local reason
    if ! reason=$(cd boards/upstream && CARGO_NET_RETRY=0 host_cargo fetch --quiet "${flags[@]}" 2>&1); then
        reason=$(tail -n 1 <<<"$reason")
        missing "make upstream: cargo cannot get $SOURCE (${reason#"${reason%%[![:space:]]*}"}); go online, or name a checkout in CARGOFLAGS as docs/upstream.md says"
    fi
}

# Cargo reads boards/upstream/.cargo from there only.
build_kernel() {
    local board=$1 target=$2
    local built=$BUILT/$target/release/$board kernel=target/$board/kernel
    (
        cd boards/upstream
        device_cargo "$target" build --quiet --release --target-dir "$BUILT" \
            -p "anchorhold-${board//_/-}" "${flags[@]}"
    )
    mkdir -p "target/$board"
    "$HOST_TOOLS/firmware" image --board "$board" "$built" -o "$kernel.bin"
    cp "$built" "$kernel.elf"
    say "made $kernel.bin"
}

tools/setup.sh
keep_lock
fetch
tools/build.sh
say "testing what its boards share, on this computer"
(cd boards/upstream && host_cargo test --quiet --target-dir "$BUILT" -p anchorhold-upstream "${flags[@]}")
say "building upstream Tock's kernels"
for_each build_kernel "$KERNELS"
for board in qemu_rv32_virt nrf52840dk earlgrey_cw310; do
    "$HOST_TOOLS/firmware" size --board "$board" "target/$board/kernel.elf"
done
BOARD=qemu_rv32_virt tools/demo.sh
say "conformance: its system calls and its loader, compared with ours"
host_cargo test --quiet --locked -p end-to-end --test conformance --test tbf -- --ignored </dev/null
