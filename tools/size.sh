#!/usr/bin/env bash
# What the kernel and each process take of flash and RAM, against the budgets.
source "$(dirname "$0")/common.sh"

"$HOST_TOOLS/firmware" size target/opentitan/kernel.elf target/tab/{inference,reader,intruder}.tab
