#!/usr/bin/env bash
# Installs the Debian packages of packages.txt that are missing, saying which. Prints nothing when all are there.
# ECDX_SKIP_PACKAGES=1 skips it, for systems where the libraries come from elsewhere.
set -euo pipefail
[[ -n "${ECDX_SKIP_PACKAGES:-}" ]] && exit 0
list="$(dirname "${BASH_SOURCE[0]}")/packages.txt"

give_up() {
    {
        echo "error: $1"
        echo "ecdx needs these Debian packages, or the same libraries from elsewhere:"
        echo "    $2"
        echo "hint: install them, or set ECDX_SKIP_PACKAGES=1 when the libraries are there under other names"
    } >&2
    exit 1
}

wanted=()
while IFS= read -r line; do
    line="${line%%#*}"
    line="${line//[[:space:]]/}"
    [[ -n "$line" ]] && wanted+=("$line")
done < "$list"
first=("${wanted[@]%%|*}")

command -v dpkg-query > /dev/null || give_up "dpkg-query was not found: this is not a Debian system" "${first[*]}"
installed=" $(dpkg-query -W -f='${db:Status-Status} ${Package}\n' | awk '$1 == "installed" { printf "%s ", $2 }')"

missing=()
for alternatives in "${wanted[@]}"; do
    found=no
    IFS='|' read -ra names <<< "$alternatives"
    for name in "${names[@]}"; do
        [[ "$installed" == *" $name "* ]] && found=yes
    done
    [[ "$found" == yes ]] || missing+=("${names[0]}")
done
[[ ${#missing[@]} -eq 0 ]] && exit 0

echo "installing: ${missing[*]}"
command -v apt-get > /dev/null || give_up "apt-get was not found" "${missing[*]}"
as_root=()
if [[ "$(id -u)" -ne 0 ]]; then
    command -v sudo > /dev/null || give_up "installing packages needs root, and sudo was not found" "${missing[*]}"
    as_root=(sudo)
    # Nobody can type a password where there is no terminal.
    [[ -t 0 ]] || as_root=(sudo -n)
fi

log="$(mktemp)"
trap 'rm -f "$log"' EXIT
install() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" > "$log" 2>&1 < /dev/null
}
# The lists of packages are fetched only where the ones at hand do not do.
if ! install; then
    "${as_root[@]}" apt-get update -qq > "$log" 2>&1 || { cat "$log" >&2; give_up "apt-get update failed" "${missing[*]}"; }
    install || { cat "$log" >&2; give_up "apt-get install failed" "${missing[*]}"; }
fi
