#!/usr/bin/env bash
# Provisions one device of each emulated board for the demonstration and the benchmarks,
# under target/demo. Made once and kept.
source "$(dirname "$0")/common.sh"

readonly DEMO=target/demo

# build.sh has made the OEM's key.
if [[ ! -e $DEMO/publisher.der ]]; then
    "$HOST_TOOLS/anchorhold" keygen publisher -o "$DEMO/publisher.der" >/dev/null
fi
for board in opentitan mps2_an386 qemu_rv32_virt; do
    if [[ ! -e $DEMO/$board/otp.bin ]]; then
        "$HOST_TOOLS/anchorhold" provision --board "$board" --oem "$DEMO/oem.der" \
            --publisher "$DEMO/publisher.der.pub" -o "$DEMO/$board"
    fi
done
