#!/usr/bin/env bash
# tokenizers 0.23.3 trains another WordPiece vocabulary in each run, of the same text by the same code; the words differ, not only ids.
#
# Training has no seed and draws nothing, and byte-level BPE of the same package gives the same vocabulary each time, so that one expects
# the same of BertWordPieceTokenizer. But pieces that continue a word (`##x`) are numbered as they come out of a hash table, and pairs of
# the same count are merged in the order of those numbers: which of them still come in when the vocabulary is full is drawn anew in each
# process. Unigram gives the same words in each run under other ids. One thread does not help. A
# table of embeddings that was trained with one vocabulary means nothing with the next, and no message says so.
#
# Bears on ecdx: fixtures of BERT count their vocabulary (Tests/ModelsTests/Fixtures/encoders/make_encoders.py) and do not train it; the
# tokenizer's files belong to the weights, and are never made anew beside them.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q tokenizers==0.23.3
cat > "$work/train.py" <<'PYTHON'
import hashlib
import json
from tokenizers import BertWordPieceTokenizer, ByteLevelBPETokenizer, SentencePieceUnigramTokenizer

lines = [
    f"All {a}(1)-{b}(1) bond lengths are {n}.{m} A in the {c} geometry of {a}{b}{n}"
    for a in "Cu Fe Mn Al Ti Na Cl".split() for b in "O S Se Te Ga".split() for n in "123" for m in ("07", "58")
    for c in ("octahedral", "tetrahedral", "cubic")]
wordpiece, bpe, unigram = BertWordPieceTokenizer(), ByteLevelBPETokenizer(), SentencePieceUnigramTokenizer()
wordpiece.train_from_iterator(lines, vocab_size=120, show_progress=False)
bpe.train_from_iterator(lines, vocab_size=300, show_progress=False)
unigram.train_from_iterator(lines, vocab_size=100, show_progress=False, unk_token="<unk>", special_tokens=["<unk>"])
short = lambda value: hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:8]
print(json.dumps({name: {"words": sorted(one.get_vocab()), "ids": short(one.get_vocab())} for name, one in
                  (("WordPiece", wordpiece), ("BPE", bpe), ("Unigram", unigram))}))
PYTHON
for run in 1 2 3 4 5 6 7 8 9 10 11 12; do
    RAYON_NUM_THREADS=1 TOKENIZERS_PARALLELISM=false PYTHONHASHSEED=0 "$work/venv/bin/python" "$work/train.py" > "$work/run-$run.json"
done
"$work/venv/bin/python" - "$work" <<'PYTHON'
import glob
import json
import sys

runs = [json.load(open(name)) for name in sorted(glob.glob(sys.argv[1] + "/run-*.json"))]
for kind in ("WordPiece", "BPE", "Unigram"):
    words = {tuple(run[kind]["words"]) for run in runs}
    ids = {run[kind]["ids"] for run in runs}
    print(f"{kind}: {len(runs)} runs on one thread, {len(ids)} numberings of {len(words)} sets of words")
    if kind == "WordPiece":
        first, last = set(min(words)), set(max(words))
        print(f"  two of the sets differ by {sorted(first ^ last)}")
        assert len(ids) > 1 and len(words) > 1, "WordPiece gives the same vocabulary in each run now"
    elif kind == "BPE":
        assert len(ids) == 1, "byte-level BPE gives another vocabulary in each run now"
    else:
        assert len(ids) > 1, "Unigram gives the same ids in each run now"
PYTHON
