#!/usr/bin/env bash
# Replaces what stands below the line "<!-- reference -->" of LANGUAGE.md by what `ecdx help --markdown` prints.
set -euo pipefail
program="$(realpath "$1")"
cd "$(dirname "${BASH_SOURCE[0]}")/.."
sed '/^<!-- reference -->$/q' LANGUAGE.md > LANGUAGE.md.new
{ echo; "$program" help --markdown; } >> LANGUAGE.md.new
mv LANGUAGE.md.new LANGUAGE.md
