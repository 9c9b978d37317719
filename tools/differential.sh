#!/usr/bin/env bash
# Random operators, run on this computer and on both emulated boards, compared with a
# plain implementation of TensorFlow Lite's specification. INSTANCES says how many of
# each kind, SEED which; words after it, which kinds.
source "$(dirname "$0")/common.sh"

tools/setup.sh
build_engine_bench
host_cargo build --quiet --locked --profile search -p differential
exec target/search/differential --boards \
    --instances "${INSTANCES:-10000}" --seed "${SEED:-1}" "$@"
