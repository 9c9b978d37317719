#!/usr/bin/env bash
# The demonstration: an emulated device classifies vibration with a sealed model, an
# intruder beside it, and this computer verifies every answer. BOARD says which device.
source "$(dirname "$0")/common.sh"

readonly DEMO=target/demo
readonly SOURCE=demo/condition-monitor
readonly MODEL=$DEMO/condition-monitor.tab
readonly BOARD=${BOARD:-opentitan}
readonly ANSWERS=${ANSWERS:-16}

anchorhold() { "$HOST_TOOLS/anchorhold" "$@"; }

tools/setup.sh
tools/build.sh
tools/devices.sh

records=("$DEMO"/{opentitan,mps2_an386,qemu_rv32_virt}/record.cose)

# One sealed model for all.
seal() {
    rm -f "$MODEL"
    anchorhold seal "$SOURCE/model.tflite" --manifest "$SOURCE/model.toml" \
        --publisher "$DEMO/publisher.der" --device "${records[@]}" \
        --oem "$DEMO/oem.der.pub" -o "$MODEL"
}
for input in "$SOURCE/model.tflite" "$SOURCE/model.toml" "$HOST_TOOLS/anchorhold" \
    "${records[@]}"; do
    if [[ ! -e $MODEL || $input -nt $MODEL ]]; then
        seal
        break
    fi
done

say "booting $BOARD"
rm -rf "$DEMO/run"
anchorhold sim --board "$BOARD" --artifacts target --device "$DEMO/$BOARD" \
    --app target/tab/inference.tab --app target/tab/reader.tab --app target/tab/intruder.tab \
    --model "$MODEL" --answers "$ANSWERS" --out "$DEMO/run" \
    --sensor "$SOURCE/recordings/normal.csv" \
    --sensor "$SOURCE/recordings/imbalance.csv" \
    --sensor "$SOURCE/recordings/looseness.csv" \
    --sensor "$SOURCE/recordings/bearing-fault.csv" \
    "$@"
