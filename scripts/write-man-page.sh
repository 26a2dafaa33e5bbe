#!/usr/bin/env bash
# Replaces what stands between the two marks of docs/ecdx.1 by what the program says of its subcommands.
set -euo pipefail
program="$(realpath "$1")"
cd "$(dirname "${BASH_SOURCE[0]}")/.."
commands="$("$program" help --manual)"
{
    sed '/^\.\\" begin subcommands$/q' docs/ecdx.1
    printf '%s\n' "$commands"
    sed -n '/^\.\\" end subcommands$/,$p' docs/ecdx.1
} > docs/ecdx.1.new
mv docs/ecdx.1.new docs/ecdx.1
