#!/usr/bin/env bash
# All benchmarks, one after another. Figures are medians over interleaved rounds; machines are noisy, so read the ratios.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
echo "== start-up of ecdx help, against /bin/true and python3 -c pass"
python3 startup.py ../.build/release/ecdx
python3 completion.py ../.build/release/ecdx
echo "== reading all CHGCAR files, against pymatgen"
python3 chgcar/run.py "$@"
