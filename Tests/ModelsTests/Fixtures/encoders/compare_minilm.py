"""Compares mean vectors of descriptions that ecdx wrote with those of sentence-transformers, with the encoder all-MiniLM-L6-v2.

    python3 -m venv venv && venv/bin/pip install torch==2.13.0 transformers==5.24.0 sentence-transformers==6.2.0
    venv/bin/python compare_minilm.py MODEL DESCRIPTIONS.csv OURS.npy [--normalised] [--column Description] [--write THEIRS.npy]

MODEL is the folder that scripts/minilm.py makes, DESCRIPTIONS.csv the table of the published crystals (FCC_descriptions.csv), OURS.npy an
array [texts, 384] of the means over the tokens of the last layer, texts cut to 256 tokens. sentence-transformers divides such a mean by
its length: `--normalised` says that OURS.npy does so too. Rows may differ by 1e-5 of the largest element at most; exit status 1 where
they do not. `-` in place of OURS.npy only writes. Rows that differ most are named, since a text that is cut elsewhere shows there.
"""
import argparse
import csv
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
TOLERANCE = 1e-5


def vectors(model, texts, normalised):
    from sentence_transformers import SentenceTransformer
    encoder = SentenceTransformer(model, device="cpu")
    if not normalised:
        # The third module divides by the length.
        encoder = SentenceTransformer(modules=[encoder[0], encoder[1]], device="cpu")
    return encoder.encode(texts, batch_size=32, convert_to_numpy=True)


def main():
    import numpy as np
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("model")
    arguments.add_argument("descriptions")
    arguments.add_argument("ours")
    arguments.add_argument("--normalised", action="store_true")
    arguments.add_argument("--column", default="Description")
    arguments.add_argument("--write")
    options = arguments.parse_args()
    with open(options.descriptions, newline="", encoding="utf-8") as table:
        texts = [row[options.column] for row in csv.DictReader(table)]
    theirs = vectors(options.model, texts, options.normalised)
    if options.write:
        np.save(options.write, theirs)
    if options.ours == "-":
        return
    ours = np.load(options.ours).astype(np.float64)
    if ours.shape != theirs.shape:
        sys.exit(f"expected an array of {list(theirs.shape)}, found {list(ours.shape)}")
    apart = abs(ours - theirs).max(1)
    worst, allowed = apart.argsort()[::-1][:5], TOLERANCE * abs(theirs).max()
    for row in worst:
        print(f"row {row}: {apart[row]:.2e} apart, {len(texts[row])} characters: {texts[row][:60]}")
    print(f"{len(texts)} rows, largest difference {apart.max():.2e} of {abs(theirs).max():.2f}; {TOLERANCE} of that is {allowed:.2e}")
    if not apart.max() <= allowed:
        sys.exit("they differ by more")


if __name__ == "__main__":
    main()
