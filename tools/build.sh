#!/usr/bin/env bash
# Builds the command line, the kernels' images and the applications' TABs. Makes again
# only what has changed.
source "$(dirname "$0")/common.sh"

# The demonstration's OEM key signs the applications; any OEM puts its own here.
readonly OEM_KEY=${OEM_KEY:-target/demo/oem.der}

# Boards and their processors.
readonly KERNELS="
    opentitan  $RISCV_TARGET
    mps2_an386 $ARM_TARGET
"

# Where applications are linked to. What Rust links runs at one place only, so that no
# two that run together may overlap. One TAB holds an application for all boards: the
# places are those of OpenTitan Earl Grey and of the nRF52840, emulated or real, and,
# for what `make upstream` runs, those of upstream's board in QEMU. A place is for all
# applications there, or for the one of that name.
#   place    elf2tab's name  target        flash      length  RAM        length
readonly PLACES="
    cell     riscv32imc      $RISCV_TARGET 0x20030000 0x10000 0x10006000 0x12000
    cell     cortex-m4       $ARM_TARGET   0x00040000 0x10000 0x20010000 0x12000
    reader   riscv32imc      $RISCV_TARGET 0x20040000 0x8000  0x10018000 0x3000
    reader   cortex-m4       $ARM_TARGET   0x00050000 0x8000  0x20028000 0x4000
    stranger riscv32imc      $RISCV_TARGET 0x20048000 0x8000  0x1001B000 0x3000
    stranger cortex-m4       $ARM_TARGET   0x00058000 0x8000  0x2002C000 0x4000
    inference riscv32imac    $RISCV_TARGET 0x80100000 0x10000 0x80300000 0x12000
    witness  riscv32imac     $RISCV_TARGET 0x80100000 0x10000 0x80300000 0x10000
    reader   riscv32imac     $RISCV_TARGET 0x80110000 0x8000  0x80320000 0x4000
    intruder riscv32imac     $RISCV_TARGET 0x80118000 0x8000  0x80330000 0x4000
    bystander riscv32imac    $RISCV_TARGET 0x80118000 0x8000  0x80330000 0x4000
"

# The applications, what the kernel needs of their RAM, and their identities; one
# without is not signed. The `_cell`s, `guess`, the `relapse_`s and `witness` take the
# inference process's place in tests, `conformance` the reader's, `busy`, `bystander`,
# `dice` and `last_words` the intruder's. The `bench_`s measure, and run without any other.
#   name            package    place    kernel ShortId
readonly APPLICATIONS='
    inference       inference  cell     4096   0x1001
    exiting_cell    intruder   cell     4096   0x1001
    faulting_cell   intruder   cell     4096   0x1001
    hanging_cell    intruder   cell     4096   0x1001
    lying_cell      intruder   cell     4096   0x1001
    guess           test-cells cell     4096   0x1001
    relapse_end     test-cells cell     4096   0x1001
    relapse_fault   test-cells cell     4096   0x1001
    relapse_hang    test-cells cell     4096   0x1001
    relapse_restart test-cells cell     4096   0x1001
    reader          reader     reader   2048   0x1002
    conformance     conformance reader  2048   0x1002
    witness         conformance cell    2048   -
    bystander       conformance stranger 2048  -
    intruder        intruder   stranger 2048   -
    busy            test-cells stranger 2048   -
    dice            test-cells stranger 2048   -
    last_words      test-cells stranger 2048   -
    bench_calls     bench-apps cell     2048   -
    bench_turns     bench-apps reader   2048   -
    bench_other     bench-apps stranger 2048   -
    bench_answers   bench-apps reader   2048   0x1002
'

build_kernel() {
    local board=$1 target=$2
    local built=target/$target/release/$board kernel=target/$board/kernel
    device_cargo "$target" build --quiet --locked --release -p "$board"
    mkdir -p "target/$board"
    if ! cmp -s "$built" "$kernel.elf"; then
        "$HOST_TOOLS/firmware" image --board "$board" "$built" -o "$kernel.bin"
        cp "$built" "$kernel.elf"
        say "made $kernel.bin"
    fi
}

# An application's link addresses are environment variables of its build, so each
# address has a target directory of its own: a shared one would be rebuilt every time.
build_application() {
    local name=$1 package=$2 place=$3 kernel_heap=$4 short_id=$5
    local where processor target flash flash_length ram ram_length
    local processors=()
    while read -r where processor target flash flash_length ram ram_length; do
        [[ $where == "$place" || $where == "$name" ]] || continue
        LIBTOCK_LINKER_FLASH=$flash LIBTOCK_LINKER_FLASH_LENGTH=$flash_length \
            LIBTOCK_LINKER_RAM=$ram LIBTOCK_LINKER_RAM_LENGTH=$ram_length \
            LIBTOCK_TBF_HEADER_SIZE=0x80 \
            device_cargo "$target" build --quiet --locked --release -p "$package" \
            --bin "$name" --target-dir "target/apps/$flash" </dev/null
        processors+=("$processor=target/apps/$flash/$target/release/$name")
    done <<<"$PLACES"
    make_tab "$name" "$kernel_heap" "$short_id" "${processors[@]}"
}

# Each of the last arguments is a processor and the ELF file that was built for it.
make_tab() {
    local name=$1 kernel_heap=$2 short_id=$3
    shift 3
    local work=target/tab/elf/$name tab=target/tab/$name.tab
    local built elf elfs=() is_old=false
    if [[ ! -e $tab || $OEM_KEY -nt $tab || tools/build.sh -nt $tab ]]; then
        is_old=true
    fi
    mkdir -p "$work"
    for built in "$@"; do
        elf=$work/${built%%=*}.elf
        elfs+=("$elf")
        if ! cmp -s "${built#*=}" "$elf"; then
            cp "${built#*=}" "$elf"
            is_old=true
        fi
    done
    if ! $is_old; then
        return
    fi
    # Lest it seem up to date should this fail now.
    rm -f "$tab"
    local identity=()
    if [[ $short_id != - ]]; then
        identity=(--short-id "$((short_id))" --ecdsa-nist-p256-private "$OEM_KEY")
    fi
    # A footer of less than this makes elf2tab panic on RISC-V; and when it fails it
    # leaves half a TAB behind, so the real name comes last.
    target/tools/bin/elf2tab --deterministic --package-name "$name" --output-file "$work/app.tab" \
        --kernel-major 2 --kernel-minor 2 --app-heap 0 --kernel-heap "$kernel_heap" \
        --minimum-footer-size 256 "${identity[@]}" "${elfs[@]}" >/dev/null
    mv "$work/app.tab" "$tab"
    say "made $tab"
}

say "building"
host_cargo build --quiet --locked -p anchorhold
if [[ ! -e $OEM_KEY ]]; then
    mkdir -p "$(dirname "$OEM_KEY")"
    "$HOST_TOOLS/anchorhold" keygen oem -o "$OEM_KEY" >/dev/null
fi
for_each build_kernel "$KERNELS"
for_each build_application "$APPLICATIONS"
