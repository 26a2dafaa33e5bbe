#!/usr/bin/env bash
# A tokenizer of ALBERT that transformers 4.57.6 saved gives other ids in transformers 5.24.0, which reads the same folder without a word.
#
# Version 5 takes the vocabulary out of `tokenizer.json` and builds the steps around it anew: white space is split off before the words are
# marked, where the file (and version 4, and tokenizers alone) marks what there is. A blank at the end of a text is a piece of its own by
# the file and nothing in version 5, so every mean over the tokens of such a text is another. 11 of the 781 published descriptions of the
# crystals of arXiv:2401.09301 are tokenized otherwise for that (seen with a vocabulary of 30,000 pieces, not shown here).
#
# Bears on ecdx: its tokenizers follow `tokenizer.json` as it stands (Sources/Texts).
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
for version in 4.57.6 5.24.0; do
    python3 -m venv "$work/$version"
    "$work/$version/bin/pip" install -q "transformers==$version" sentencepiece==0.2.1 protobuf
done
export HF_HUB_OFFLINE=1 TRANSFORMERS_VERBOSITY=error
cat > "$work/show.py" <<'PYTHON'
import sys
import tokenizers
import transformers

folder, text = sys.argv[1], "All Ni(1)-Al(1) bond lengths are 2.58 A. "
auto = transformers.AutoTokenizer.from_pretrained(folder)
plain = tokenizers.Tokenizer.from_file(folder + "/tokenizer.json").encode(text).ids
ids = auto(text)["input_ids"]
ends = [" ".join(auto.convert_ids_to_tokens(one)[-4:]) for one in (ids, plain)]
print(f"transformers {transformers.__version__}: {len(ids)} ids that end in {ends[0]}; tokenizers {tokenizers.__version__} on the file alone:",
      f"{len(plain)} that end in {ends[1]}")
assert (ids == plain) == transformers.__version__.startswith("4"), "this has changed"
assert len(plain) == len(ids) + (0 if transformers.__version__.startswith("4") else 1), "this has changed"
PYTHON
"$work/4.57.6/bin/python" - "$work" <<'PYTHON'
import sys
import sentencepiece
import transformers

work = sys.argv[1]
words = "Al Ni Cu Mn Ti Rh bond lengths are is bonded to four six equivalent atoms in a geometry All Both The cubic space group".split()
with open(work + "/text", "w") as file:
    for place in range(2000):
        file.write(" ".join(words[(place * step + step) % len(words)] for step in (1, 3, 5, 7, 11)) + f" {place % 9}.{place % 97}(1)-A.\n")
sentencepiece.SentencePieceTrainer.train(
    input=work + "/text", model_prefix=work + "/spiece", vocab_size=120, model_type="unigram", pad_id=0, unk_id=1, bos_id=-1, eos_id=-1,
    control_symbols=["[CLS]", "[SEP]", "[MASK]"], minloglevel=2)
transformers.AlbertTokenizerFast(vocab_file=work + "/spiece.model").save_pretrained(work + "/saved")
PYTHON
for version in 4.57.6 5.24.0; do "$work/$version/bin/python" "$work/show.py" "$work/saved" 2>/dev/null; done
