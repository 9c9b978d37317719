#!/usr/bin/env bash
# The demonstration: an emulated device classifies vibration with a sealed model, an
# intruder beside it, and this computer verifies every answer.
source "$(dirname "$0")/common.sh"

readonly DEMO=target/demo
readonly SOURCE=demo/condition-monitor
readonly MODEL=$DEMO/condition-monitor.tab
readonly ANSWERS=${ANSWERS:-16}

anchorhold() { "$HOST_TOOLS/anchorhold" "$@"; }

tools/setup.sh
tools/build.sh

# build.sh has made the OEM's key; the rest is made once and kept.
if [[ ! -e $DEMO/publisher.der ]]; then
    anchorhold keygen publisher -o "$DEMO/publisher.der" >/dev/null
fi
if [[ ! -e $DEMO/device/otp.bin ]]; then
    anchorhold provision --board opentitan --oem "$DEMO/oem.der" \
        --publisher "$DEMO/publisher.der.pub" -o "$DEMO/device"
fi

seal() {
    rm -f "$MODEL"
    anchorhold seal "$SOURCE/model.tflite" --manifest "$SOURCE/model.toml" \
        --publisher "$DEMO/publisher.der" --device "$DEMO/device/record.cose" \
        --oem "$DEMO/oem.der.pub" -o "$MODEL"
}
for input in "$SOURCE/model.tflite" "$SOURCE/model.toml" "$HOST_TOOLS/anchorhold"; do
    if [[ ! -e $MODEL || $input -nt $MODEL ]]; then
        seal
        break
    fi
done

say "booting the emulated OpenTitan"
rm -rf "$DEMO/run"
anchorhold sim --board opentitan --artifacts target --device "$DEMO/device" \
    --app target/tab/inference.tab --app target/tab/reader.tab --app target/tab/intruder.tab \
    --model "$MODEL" --answers "$ANSWERS" --out "$DEMO/run" \
    --sensor "$SOURCE/recordings/normal.csv" \
    --sensor "$SOURCE/recordings/imbalance.csv" \
    --sensor "$SOURCE/recordings/looseness.csv" \
    --sensor "$SOURCE/recordings/bearing-fault.csv" \
    "$@"
