#!/usr/bin/env bash
# What kernels and processes take of flash and RAM, against the budgets.
source "$(dirname "$0")/common.sh"

readonly TABS=(target/tab/{inference,reader,intruder}.tab)

"$HOST_TOOLS/firmware" size --board opentitan target/opentitan/kernel.elf "${TABS[@]}"
echo
"$HOST_TOOLS/firmware" size --board mps2_an386 target/mps2_an386/kernel.elf "${TABS[@]}"
