#!/usr/bin/env bash
# "Strip accents" means two things in tokenizers 0.23.3, neither of which is what Python does with its combining classes.
#
# StripAccents (ALBERT, T5 and others that come from SentencePiece) removes marks of all kinds: nonspacing (Mn), spacing (Mc) and
# enclosing (Me), so that a site label in an enclosing circle loses it and Devanagari loses its vowels. BertNormalizer's
# `strip_accents`, in the same package, removes nonspacing marks alone. The usual Python, which the slow tokenizers had, removes what has a
# combining class (`unicodedata.combining`), a third set. And both of tokenizers go by tables of about 2016: a mark that came into Unicode
# later, such as U+07FD of 2018, stays in the text whichever is asked. All three take the ring off Å.
#
# Bears on ecdx: its tokenizers take one set of marks for unigram models and another for WordPiece, and do not ask the tables of a newer
# library of Unicode (Sources/Texts).
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q tokenizers==0.23.3
"$work/venv/bin/python" - <<'PYTHON'
import unicodedata
import tokenizers
from tokenizers.normalizers import NFD, BertNormalizer, Sequence, StripAccents

albert = Sequence([NFD(), StripAccents()])
bert = BertNormalizer(clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False)
usual = lambda text: "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
texts = {
    "ring of Å": ("2.58 Å", "2.58 A", "2.58 A", "2.58 A"),
    "bar of a space group": ("Fm3\u0305m", "Fm3m", "Fm3m", "Fm3m"),
    "enclosing circle": ("site A\u20dd", "site A", "site A\u20dd", "site A\u20dd"),
    "spacing vowel": ("\u0915\u093e", "\u0915", "\u0915\u093e", "\u0915\u093e"),
    "mark of 2018": ("a\u07fd", "a\u07fd", "a\u07fd", "a"),
}
print(f"tokenizers {tokenizers.__version__}, Unicode {unicodedata.unidata_version} in Python: StripAccents, BertNormalizer, combining class")
for name, (text, *expected) in texts.items():
    found = [albert.normalize_str(text), bert.normalize_str(text), usual(text)]
    print(f"{name}: {ascii(text)} -> {', '.join(ascii(one) for one in found)}")
    assert found == expected, f"{name} has changed: expected {expected}"
PYTHON
