#!/usr/bin/env bash
# Builds the command line, the kernel image and the applications' TABs. Makes again
# only what has changed.
source "$(dirname "$0")/common.sh"

# The demonstration's OEM key signs the applications; any OEM puts its own here.
readonly OEM_KEY=${OEM_KEY:-target/demo/oem.der}
readonly RELEASE=$DEVICE_TARGET/release

# Where each application is linked to, what the kernel needs of its RAM, and its
# identity; one without is not signed. Tock applications for RISC-V are not relocatable,
# so no two that run together may overlap. The `_cell`s, `guess` and the `relapse_`s
# take the inference process's place in tests, `busy` the intruder's.
#   name            package    flash      length  RAM        length  kernel ShortId
readonly APPLICATIONS='
    inference       inference  0x20030000 0x10000 0x10006000 0x10000 4096   0x1001
    exiting_cell    intruder   0x20030000 0x10000 0x10006000 0x10000 4096   0x1001
    faulting_cell   intruder   0x20030000 0x10000 0x10006000 0x10000 4096   0x1001
    hanging_cell    intruder   0x20030000 0x10000 0x10006000 0x10000 4096   0x1001
    lying_cell      intruder   0x20030000 0x10000 0x10006000 0x10000 4096   0x1001
    guess           test-cells 0x20030000 0x10000 0x10006000 0x10000 4096   0x1001
    relapse_end     test-cells 0x20030000 0x10000 0x10006000 0x10000 4096   0x1001
    relapse_fault   test-cells 0x20030000 0x10000 0x10006000 0x10000 4096   0x1001
    relapse_hang    test-cells 0x20030000 0x10000 0x10006000 0x10000 4096   0x1001
    relapse_restart test-cells 0x20030000 0x10000 0x10006000 0x10000 4096   0x1001
    reader          reader     0x20040000 0x8000  0x10016000 0x3000  2048   0x1002
    intruder        intruder   0x20048000 0x8000  0x10019000 0x3000  2048   -
    busy            test-cells 0x20048000 0x8000  0x10019000 0x3000  2048   -
'

build_kernel() {
    device_cargo build --quiet --locked --release -p opentitan
    mkdir -p target/opentitan
    if ! cmp -s "target/$RELEASE/opentitan" target/opentitan/kernel.elf; then
        "$HOST_TOOLS/firmware" image "target/$RELEASE/opentitan" -o target/opentitan/kernel.bin
        cp "target/$RELEASE/opentitan" target/opentitan/kernel.elf
        say "made target/opentitan/kernel.bin"
    fi
}

# An application's link addresses are environment variables of its build, so each
# address has a target directory of its own: a shared one would be rebuilt every time.
build_application() {
    local name=$1 package=$2 flash=$3 flash_length=$4 ram=$5 ram_length=$6 kernel_heap=$7 short_id=$8
    local directory=target/apps/$flash
    LIBTOCK_LINKER_FLASH=$flash LIBTOCK_LINKER_FLASH_LENGTH=$flash_length \
        LIBTOCK_LINKER_RAM=$ram LIBTOCK_LINKER_RAM_LENGTH=$ram_length \
        LIBTOCK_TBF_HEADER_SIZE=0x80 \
        device_cargo build --quiet --locked --release -p "$package" --bin "$name" \
        --target-dir "$directory"
    make_tab "$name" "$directory/$RELEASE/$name" "$kernel_heap" "$short_id"
}

make_tab() {
    local name=$1 built=$2 kernel_heap=$3 short_id=$4
    local work=target/tab/elf/$name tab=target/tab/$name.tab
    local elf=$work/riscv32imc.elf
    if [[ -e $tab && ! $OEM_KEY -nt $tab && ! tools/build.sh -nt $tab ]] && cmp -s "$built" "$elf"; then
        return
    fi
    local identity=()
    if [[ $short_id != - ]]; then
        identity=(--short-id "$((short_id))" --ecdsa-nist-p256-private "$OEM_KEY")
    fi
    mkdir -p "$work"
    cp "$built" "$elf"
    # A footer of less than this makes elf2tab panic on RISC-V; and when it fails it
    # leaves half a TAB behind, so the real name comes last.
    target/tools/bin/elf2tab --deterministic --package-name "$name" --output-file "$work/app.tab" \
        --kernel-major 2 --kernel-minor 2 --app-heap 0 --kernel-heap "$kernel_heap" \
        --minimum-footer-size 256 "${identity[@]}" "$elf" >/dev/null
    mv "$work/app.tab" "$tab"
    say "made $tab"
}

say "building"
host_cargo build --quiet --locked -p anchorhold
if [[ ! -e $OEM_KEY ]]; then
    mkdir -p "$(dirname "$OEM_KEY")"
    "$HOST_TOOLS/anchorhold" keygen oem -o "$OEM_KEY" >/dev/null
fi
build_kernel
while read -r application; do
    # shellcheck disable=SC2086 # one word a column
    [[ -z $application ]] || build_application $application </dev/null
done <<<"$APPLICATIONS"
