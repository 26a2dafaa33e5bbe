#!/usr/bin/env bash
# The slow tokenizer of ALBERT of transformers 4.57.6 gives other ids once the fast one was saved into its folder.
#
# The model of SentencePiece that ALBERT was trained with has brackets, hyphens, full stops and quotes as pieces of the user's. Saved, the
# fast tokenizer lists them in `tokenizer_config.json` as added tokens; the slow one, read from the same folder afterwards, takes the list
# over and cuts a text at each of them before SentencePiece sees it. What stands between two of them is then a text of its own, which
# begins with a space: `Fm-3m (225)` has more pieces and others, without a word of warning. Nothing but the settings beside the model
# changed.
#
# Bears on ecdx: `tokenizer: slow` follows the list where there is one (Sources/Texts/TokenizerReading.swift, FileTests).
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q transformers==4.57.6 sentencepiece==0.2.1 protobuf
export HF_HUB_OFFLINE=1 TRANSFORMERS_VERBOSITY=error
"$work/venv/bin/python" - "$work" 2>/dev/null <<'PYTHON'
import os
import sys
import sentencepiece
import transformers

work = sys.argv[1]
words = "Al Ni Cu Mn Ti Rh bond lengths are is bonded to four six equivalent atoms in a geometry All Both The cubic space group".split()
with open(work + "/text", "w") as file:
    for place in range(2000):
        file.write(" ".join(words[(place * step + step) % len(words)] for step in (1, 3, 5, 7, 11)) + f" Fm-{place % 9}m ({place % 97}).\n")
os.mkdir(work + "/albert")
sentencepiece.SentencePieceTrainer.train(
    input=work + "/text", model_prefix=work + "/albert/spiece", vocab_size=60, model_type="unigram", pad_id=0, unk_id=1, bos_id=-1,
    eos_id=-1, control_symbols=["[CLS]", "[SEP]", "[MASK]"], user_defined_symbols=["(", ")", '"', "-", "."], minloglevel=2)


def show(when):
    tokenizer = transformers.AlbertTokenizer.from_pretrained(work + "/albert")
    pieces = tokenizer.tokenize("Al (225) in Fm-3m.")
    print(f"transformers {transformers.__version__}, the slow tokenizer {when}: {len(pieces)} pieces,", " ".join(pieces))
    return pieces


before = show("of spiece.model alone")
transformers.AlbertTokenizerFast.from_pretrained(work + "/albert").save_pretrained(work + "/albert")
after = show("once the fast one was saved beside it")
assert before != after, "this has changed"
PYTHON
