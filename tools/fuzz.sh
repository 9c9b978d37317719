#!/usr/bin/env bash
# Mutants of real models and plans: the compiler and the engine's validator refuse or
# run them, and never panic, hang or leave their buffers. EXECUTIONS says how many of
# each, SEED which. A hundredth of the plans' mutants also go to the emulated boards,
# which must compute what this computer does.
source "$(dirname "$0")/common.sh"

executions=${EXECUTIONS:-10000000}
seed=${SEED:-1}

tools/setup.sh
build_engine_bench
host_cargo build --quiet --locked --profile search -p fuzz
status=0
for target in plan tflite; do
    target/search/fuzz "$target" --executions "$executions" --seed "$seed" || status=$?
done
target/search/fuzz boards --executions $((executions / 100)) --seed "$seed" || status=$?
exit "$status"
