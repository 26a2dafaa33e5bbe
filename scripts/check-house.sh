#!/usr/bin/env bash
# The rules of the house that a machine can check (see CONTRIBUTING.md). Prints every breach; exit status 1 if any.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
longest=400
breaches="$(
    find Sources -name '*.swift' -exec wc -l {} + | awk -v longest="$longest" \
        '$2 != "total" && $1 > longest { print $2 ": " $1 " lines, expected at most " longest }'
    # What traps has no place where a script or a file of data can reach.
    grep -rnE --include='*.swift' 'try!|[[:space:]]as!|fatalError\(|preconditionFailure\(' Sources || true
    places=()
    for place in Sources stdlib experiments docs *.md; do [[ -e "$place" ]] && places+=("$place"); done
    grep -rnIwE --exclude='*.gz' 'TODO|FIXME' "${places[@]}" || true
)"
if [[ -n "$breaches" ]]; then
    echo "$breaches" >&2
    echo "error: the rules of the house are broken in the places above" >&2
    exit 1
fi
