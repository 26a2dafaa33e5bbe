#!/usr/bin/env bash
# All benchmarks, one after another. Figures are medians over interleaved rounds; machines are noisy, so read the ratios.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
echo "== start-up of ecdx help, against /bin/true and python3 -c pass"
python3 startup.py ../.build/release/ecdx
python3 completion.py ../.build/release/ecdx
echo "== a report of 50 figures and 200 tables"
python3 report.py ../.build/release/ecdx
echo "== from a save to the first output of ecdx run --watch"
python3 watch.py ../.build/release/ecdx
echo "== reading all CHGCAR files, against pymatgen"
python3 chgcar/run.py "$@"
if [ -n "${ECDX_SFE:-}" ]; then
  echo "== training the reference CNN, against Keras"
  python3 cnn/run.py ../.build/release/ecdx
  echo "== transfer learning with InceptionV3, against Keras and PyTorch"
  python3 backbones/run.py ../.build/release/ecdx
else
  echo "== training the reference CNN and InceptionV3: SKIPPED, ECDX_SFE does not say where the images are"
fi
