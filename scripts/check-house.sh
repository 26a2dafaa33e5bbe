#!/usr/bin/env bash
# The rules of the house that a machine can check (see CONTRIBUTING.md). Prints every breach; exit status 1 if any.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
longest=400 widest=140
breaches="$(
    find Sources -name '*.swift' -exec wc -l {} + | awk -v longest="$longest" \
        '$2 != "total" && $1 > longest { print $2 ": " $1 " lines, expected at most " longest }'
    # Characters, not bytes: awk counts them in a locale of UTF-8 alone.
    find Sources Tests Package.swift \( -name '*.swift' -o -path 'Tests/Soak/*' -name '*.py' \) -exec env LC_ALL=C.UTF-8 awk -v widest="$widest" \
        'length($0) > widest { print FILENAME ":" FNR ": " length($0) " characters, expected at most " widest }' {} +
    # What traps has no place where a script or a file of data can reach.
    grep -rnE --include='*.swift' 'try!|[[:space:]]as!|fatalError\(|preconditionFailure\(' Sources || true
    # A word has one home: what it means stands beside its description, and nobody asks for its name.
    grep -rnE --include='*.swift' 'switch [^{]*\.builtin[[:space:]]*\{|\.builtin[[:space:]]*[=!]=|[=!]= [a-z.]*\.builtin\>|contains\([^)]*\.builtin\)' \
        Sources || true
    # The fields of what a script declares are read by name where its kind is at home, and have a type everywhere else.
    grep -rnE --include='*.swift' '\[field: "|\.(fields|given)\["' Sources | grep -vE '^Sources/(Builtins/(Kinds|Settings)|Language)/' || true
    places=()
    for place in Sources stdlib experiments docs *.md; do [[ -e "$place" ]] && places+=("$place"); done
    grep -rnIwE --exclude='*.gz' 'TODO|FIXME' "${places[@]}" || true
)"
if [[ -n "$breaches" ]]; then
    echo "$breaches" >&2
    echo "error: the rules of the house are broken in the places above" >&2
    exit 1
fi
