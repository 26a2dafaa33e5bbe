#!/usr/bin/env bash
# Runs all tests of the build that `make build` made; arguments go to `swift test` (for example --filter NAME). Ends with
# the slowest tests and the last line of `swift test`; the exit status is that of the tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
log="$(mktemp)" times="$(mktemp)"
trap 'rm -f "$log" "$times"' EXIT

# The log keeps all lines; the screen is spared those that only say that something starts.
status=0
ECDX_TEST_TIMES="$times" NO_COLOR=1 swift test -c release --skip-build -Xswiftc -enable-testing --disable-xctest "$@" 2>&1 \
    | tee "$log" | sed -u -E '/^◇ (Test|Suite) .* started\.$/d; /^◇ Test case passing /d' || status=$?

summary="$(grep -E 'Test run with [0-9]+ test' "$log" | tail -n 1 || true)"
if [[ -z "$summary" ]]; then
    echo
    echo "tests that started and did not end:"
    awk '
        / Test .* started\.$/ && !/Test (run|case) / { sub(/^[^T]*Test /, ""); sub(/ started\.$/, ""); open[$0] = 1 }
        / Test .* (passed|failed) after / { sub(/^[^T]*Test /, ""); sub(/( with [0-9]+ test cases?)? (passed|failed) after .*/, ""); delete open[$0] }
        END { for (name in open) print "  " name }
    ' "$log"
    echo "error: the tests did not run to the end" >&2
    exit $((status == 0 ? 1 : status))
fi

# `swift test` counts the seconds too that a test waits for its turn; the trait `timed` of the suites those in its body alone.
echo
echo "slowest tests, seconds spent (of a test with several cases their sum):"
awk '
    { name = $2; for (i = 3; i <= NF; i++) name = name " " $i; spent[name] += $1; cases[name]++ }
    END { for (name in spent) printf "%9.3f s  %s%s\n", spent[name], name, (cases[name] > 1 ? " with " cases[name] " cases" : "") }
' "$times" | sort -rn | awk 'NR <= 20'

echo
echo "$summary"
exit "$status"
