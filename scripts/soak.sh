#!/usr/bin/env bash
# The campaigns of `make soak` on a built program: scripts/soak.sh PROGRAM [--only NAME] [--count N] [--seed N] [--tests].
# They run for hours and are no part of `make test`.
set -euo pipefail
if ! command -v python3 > /dev/null; then
    echo "error: expected python3, which the campaigns are written in, found none: apt-get install python3" >&2
    exit 1
fi
exec python3 -B "$(dirname "${BASH_SOURCE[0]}")/../Tests/Soak/soak.py" "$@"
