#!/usr/bin/env bash
# Says in words when the Swift toolchain is missing or too old.
set -euo pipefail
if ! command -v swift > /dev/null; then
    echo "error: expected a Swift toolchain of at least 6.0 on the PATH, found none" >&2
    echo "hint: install it from https://www.swift.org/install/linux/" >&2
    exit 1
fi
version="$(swift --version 2> /dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)"
if [[ -z "$version" || "${version%%.*}" -lt 6 ]]; then
    echo "error: expected a Swift toolchain of at least 6.0, found ${version:-one that does not say its version}" >&2
    echo "hint: install a newer one from https://www.swift.org/install/linux/" >&2
    exit 1
fi
