#!/usr/bin/env bash
# Installs a built program with all that belongs to it, or takes it away again:
#     scripts/install.sh PROGRAM         below $DESTDIR$PREFIX (PREFIX is /usr/local where not given)
#     scripts/install.sh --remove
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root="${DESTDIR:-}${PREFIX:-/usr/local}"
share="$root/share"
files=(
    "$root/bin/ecdx" "$share/man/man1/ecdx.1" "$share/bash-completion/completions/ecdx" "$share/zsh/site-functions/_ecdx"
    "$share/fish/vendor_completions.d/ecdx.fish"
)

if [[ "${1:-}" == --remove ]]; then
    rm -f "${files[@]}"
    rm -rf "$share/ecdx" "$share/doc/ecdx"
    echo "removed ecdx from $root"
    exit 0
fi

program="$1"
install -D -m 755 "$program" "$root/bin/ecdx"
install -D -m 644 docs/ecdx.1 "$share/man/man1/ecdx.1"
# What an earlier version put there and this one does not is not left behind.
rm -rf "$share/ecdx"
while IFS= read -r file; do
    install -D -m 644 "$file" "$share/ecdx/$file"
done < <(find stdlib -name '*.ecdx')
while IFS= read -r file; do
    install -D -m 644 "Editors/$file" "$share/ecdx/$file"
done < <(cd Editors && find vim vscode -type f)
# Documents, and the examples with the data that the repository holds.
rm -rf "$share/doc/ecdx"
for file in README.md LANGUAGE.md REPL.md CHANGELOG.md LICENSE; do
    install -D -m 644 "$file" "$share/doc/ecdx/$file"
done
while IFS= read -r file; do
    install -D -m 644 "$file" "$share/doc/ecdx/$file"
done < <(find experiments docs -type f ! -path '*/.ecdx/*' ! -path '*/out/*' ! -name '*.1')
for shell in bash zsh fish; do
    case "$shell" in
        bash) target="${files[2]}" ;;
        zsh) target="${files[3]}" ;;
        fish) target="${files[4]}" ;;
    esac
    mkdir -p "$(dirname "$target")"
    "$program" --generate-completion-script "$shell" > "$target"
    chmod 644 "$target"
done
echo "installed ecdx in $root"
