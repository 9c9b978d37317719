#!/usr/bin/env bash
# Programs the real board BOARD with a kernel, the inference process, the reader and,
# if MODEL names its TAB, a sealed model. With --dry-run, prints the commands only.
source "$(dirname "$0")/common.sh"

if [[ -z ${BOARD:-} ]]; then
    echo "which board? give BOARD=nrf52840dk or BOARD=earlgrey_cw310" >&2
    exit 2
fi
options=(--board "$BOARD")
if [[ -n ${MODEL:-} ]]; then
    options+=(--model "$MODEL")
fi

tools/setup.sh >&2
tools/build.sh >&2

exec "$HOST_TOOLS/anchorhold" flash "${options[@]}" "$@"
