#!/usr/bin/env bash
# What kernels and processes take of flash and RAM, against the budgets.
source "$(dirname "$0")/common.sh"

readonly TABS=(target/tab/{inference,reader,intruder}.tab)

for board in opentitan mps2_an386 qemu_rv32_virt nrf52840dk earlgrey_cw310; do
    kernel=target/$board/kernel.elf
    if [[ -e $kernel ]]; then
        "$HOST_TOOLS/firmware" size --board "$board" "$kernel" "${TABS[@]}"
    else
        echo "$board: not built; \`make upstream\` does"
    fi
    echo
done
