#!/usr/bin/env bash
# What the emulated boards take, in instructions, beside others; docs/benchmarks.md.
# Sections may be named; --json prints for programs.
source "$(dirname "$0")/common.sh"

{
    tools/setup.sh
    tools/build.sh
    tools/devices.sh
    host_cargo build --quiet --locked -p bench
} >&2
"$HOST_TOOLS/bench" "$@"
