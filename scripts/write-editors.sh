#!/usr/bin/env bash
# Writes the lists of words in the files of Editors anew, from what `ecdx help --words` prints. In these files a line that
# holds `words: GROUP` says that the list in the next line, (?:a|b) or %(a|b), is that group.
set -euo pipefail
program="$(realpath "$1")"
cd "$(dirname "${BASH_SOURCE[0]}")/.."
words="$(mktemp)"
trap 'rm -f "$words"' EXIT
"$program" help --words > "$words"
for file in Editors/vscode/syntaxes/ecdx.tmLanguage.json Editors/vim/syntax/ecdx.vim; do
    awk '
        NR == FNR { list = $2; for (i = 3; i <= NF; i++) list = list "|" $i; lists[$1] = list; next }
        group in lists { sub(/\(\?:[^)]*\)/, "(?:" lists[group] ")") || sub(/%\([^)]*\)/, "%(" lists[group] ")") }
        { print; group = match($0, /words: [a-z]+/) ? substr($0, RSTART + 7, RLENGTH - 7) : "" }
    ' "$words" "$file" > "$file.new"
    mv "$file.new" "$file"
done
