#!/usr/bin/env bash
# Programs the real board BOARD with a kernel, the inference process, the reader and,
# if they are named, with the page of the DEVICE whose directory `anchorhold provision`
# made, and the sealed MODEL's TAB. With --dry-run, prints the commands only.
source "$(dirname "$0")/common.sh"

if [[ -z ${BOARD:-} ]]; then
    echo "which board? give BOARD=nrf52840dk or BOARD=earlgrey_cw310" >&2
    exit 2
fi
options=(--board "$BOARD")
if [[ -n ${DEVICE:-} ]]; then
    options+=(--device "$DEVICE")
fi
if [[ -n ${MODEL:-} ]]; then
    options+=(--model "$MODEL")
fi

tools/setup.sh >&2
tools/build.sh >&2

exec "$HOST_TOOLS/anchorhold" flash "${options[@]}" "$@"
