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

# build.sh has made the OEM's key; the rest is made once and kept.
if [[ ! -e $DEMO/publisher.der ]]; then
    anchorhold keygen publisher -o "$DEMO/publisher.der" >/dev/null
fi
records=()
for board in opentitan mps2_an386 qemu_rv32_virt; do
    if [[ ! -e $DEMO/$board/otp.bin ]]; then
        anchorhold provision --board "$board" --oem "$DEMO/oem.der" \
            --publisher "$DEMO/publisher.der.pub" -o "$DEMO/$board"
    fi
    records+=("$DEMO/$board/record.cose")
done

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
