"""Trains tokenizers of the three kinds and writes what Hugging Face's libraries make of strings with them.

The vocabularies of RoBERTa and ALBERT themselves are not ours to give and cannot be had everywhere, so others of their kinds are trained.

    python -m venv five && five/bin/pip install transformers==5.24.0 tokenizers==0.23.3 sentencepiece==0.2.3 protobuf
    python -m venv four && four/bin/pip install transformers==4.57.6 tokenizers==0.22.2 sentencepiece==0.2.3 protobuf
    five/bin/python make_tokenizers.py --descriptions ../../../experiments/data/fcc-dft/descriptions.csv
    four/bin/python make_tokenizers.py

The first trains and writes the fixtures `roberta`, `albert` and `bert` (what transformers 5 saves), `*-old` (the older files), the ids of
strings.json, and of every scalar of Unicode what the steps do with it (scalars.json). The second writes `roberta-4` and `albert-4` (what
transformers 4 saves), and the ids of its slow tokenizer of ALBERT.

With --full FOLDER --corpus TEXT both write vocabularies of full size (50,265, 30,000 and 30,522 pieces) and the ids of --count strings
there, which `make soak` compares (ECDX_TOKENIZERS=FOLDER). TEXT is a file of some 60 MB of English with a paragraph a line, such as the
descriptions of packages and the documentation on a machine. --minilm FOLDER writes the ids of the real vocabulary of all-MiniLM-L6-v2.
"""

import argparse
import csv
import hashlib
import json
import lzma
import os
import shutil
import unicodedata

from strings import WRITTEN, Strings, strings

HERE = os.path.dirname(os.path.abspath(__file__))
KINDS = {"roberta": "RobertaTokenizerFast", "albert": "AlbertTokenizerFast", "bert": "BertTokenizerFast"}
USER = ["(", ")", '"', "-", ".", "–", "£", "€"]


def write(path, text):
    """Writes a text, packed."""
    with open(path + ".xz", "wb") as file:
        file.write(lzma.compress(text if isinstance(text, bytes) else text.encode(), preset=9 | lzma.PRESET_EXTREME))


def train_roberta(corpus, size, folder):
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train([corpus], trainers.BpeTrainer(vocab_size=size, min_frequency=2, special_tokens=special, initial_alphabet=alphabet))
    model = json.loads(tokenizer.to_str())["model"]
    # As with RoBERTa, the mask is the last piece.
    kept = dict(sorted(model["vocab"].items(), key=lambda item: item[1])[: size - 1])
    kept["<mask>"] = len(kept)
    merges = [pair for pair in model["merges"] if "".join(pair) in kept]
    os.makedirs(folder, exist_ok=True)
    with open(folder + "/vocab.json", "w") as file:
        json.dump(kept, file, ensure_ascii=False)
    with open(folder + "/merges.txt", "w") as file:
        file.write("#version: 0.2\n" + "".join(" ".join(pair) + "\n" for pair in merges))


def train_bert(corpus, size, folder):
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train([corpus], trainers.WordPieceTrainer(vocab_size=size, special_tokens=special, limit_alphabet=1000 if size > 2000 else 250))
    os.makedirs(folder, exist_ok=True)
    with open(folder + "/vocab.txt", "w") as file:
        file.write("".join(piece + "\n" for piece, _ in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])))


def train_albert(corpus, size, folder):
    import sentencepiece

    os.makedirs(folder, exist_ok=True)
    small = folder + "/small.txt"
    with open(corpus) as source, open(small, "w") as file:
        for line in source:
            file.write("".join(c for c in unicodedata.normalize("NFKD", line) if not unicodedata.combining(c)).lower())
    sentencepiece.SentencePieceTrainer.train(
        input=small, model_prefix=folder + "/spiece", vocab_size=size, model_type="unigram", pad_id=0, unk_id=1, bos_id=-1, eos_id=-1,
        pad_piece="<pad>", unk_piece="<unk>", control_symbols=["[CLS]", "[SEP]", "[MASK]"], user_defined_symbols=USER,
        input_sentence_size=300_000, shuffle_input_sentence=True, num_threads=1, normalization_rule_name="nmt_nfkc", minloglevel=2,
        character_coverage=0.9995 if size > 2000 else 0.996,
    )
    os.remove(small)
    os.remove(folder + "/spiece.vocab")


def saved(folder, suffix):
    """Saves what `transformers` makes of the older files of each kind."""
    import transformers

    for kind, name in KINDS.items():
        made = getattr(transformers, name, None) or getattr(transformers, name.replace("Fast", ""))
        made.from_pretrained(f"{folder}/{kind}-old").save_pretrained(f"{folder}/{kind}{suffix}")


def ids(folder, texts):
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(folder + "/tokenizer.json")
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return [encoding.ids for encoding in tokenizer.encode_batch(texts)]


def slow_ids(folder, texts):
    from transformers import AlbertTokenizer

    tokenizer = AlbertTokenizer.from_pretrained(folder)
    return [tokenizer.encode(text) for text in texts]


def lines(lists, whole):
    """Ids, a line for each text: all of them for the first `whole`, and the beginning of a hash of the line for the others."""
    texts = [" ".join(map(str, one)) for one in lists]
    return "".join(text + "\n" if n < whole else "#%s\n" % hashlib.sha256(text.encode()).hexdigest()[:8] for n, text in enumerate(texts))


def scalars():
    """A hash for each step: of what it makes of every scalar of Unicode, each with the end of a line behind it."""
    from tokenizers import normalizers as n, pre_tokenizers as p

    bert = lambda clean=False, chinese=False, accents=False, lower=False: n.BertNormalizer(clean, chinese, accents, lower)  # noqa: E731
    steps = {
        "NFD": n.NFD(), "NFC": n.NFC(), "NFKD": n.NFKD(), "NFKC": n.NFKC(), "StripAccents": n.StripAccents(), "Lowercase": n.Lowercase(),
        "clean": bert(clean=True), "chinese": bert(chinese=True), "accents": bert(accents=True),
    }
    every = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    hashes = {name: hashlib.sha256("".join(step.normalize_str(c) + "\n" for c in every).encode()).hexdigest() for name, step in steps.items()}
    level, words, spaces = p.ByteLevel(add_prefix_space=False), p.BertPreTokenizer(), p.WhitespaceSplit()
    classes = {
        "letter": lambda c: len(level.pre_tokenize_str("a" + c)) == 1, "number": lambda c: len(level.pre_tokenize_str("1" + c)) == 1,
        "other": lambda c: len(level.pre_tokenize_str("!" + c)) == 1, "punctuation": lambda c: len(words.pre_tokenize_str("a" + c + "b")) == 3,
        "space": lambda c: len(spaces.pre_tokenize_str("a" + c + "b")) == 2,
    }
    for name, holds in classes.items():
        hashes[name] = hashlib.sha256("".join("01"[holds(c)] for c in every).encode()).hexdigest()
    return hashes


def small_corpus(path, descriptions):
    stream = Strings(5)
    with open(path, "w") as file:
        with open(descriptions) as source:
            for row in list(csv.reader(source))[1:]:
                file.write(row[1] + "\n")
        for _ in range(3000):
            file.write(stream.crystal() + "\n")
        for _ in range(500):
            file.write(" ".join(stream.blocks().split()) + "\n")
        for name in ["CONTRIBUTING.md", "ARCHITECTURE.md", "LANGUAGE.md"]:
            with open(os.path.join(HERE, "../../..", name)) as source:
                file.write(source.read() + "\n")


def main():
    import transformers

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--descriptions", default=os.path.join(HERE, "../../../experiments/data/fcc-dft/descriptions.csv"))
    parser.add_argument("--full", help="the folder for vocabularies of full size")
    parser.add_argument("--corpus", help="the text they are trained on")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--minilm", help="the folder of all-MiniLM-L6-v2, whose ids are written")
    parser.add_argument("--work", default="/tmp/ecdx-tokenizers", help="a folder for what is made on the way")
    options = parser.parse_args()
    is_five = transformers.__version__.startswith("5.")
    work = options.full or options.work
    os.makedirs(work, exist_ok=True)
    texts = strings(options.count, 2) if options.full else strings(1000, 1)
    sizes = {"roberta": 50_265, "albert": 30_000, "bert": 30_522} if options.full else {"roberta": 1200, "albert": 1000, "bert": 1000}
    if is_five:
        corpus = options.corpus or work + "/corpus.txt"
        if not options.full:
            small_corpus(corpus, options.descriptions)
        for kind, train in {"roberta": train_roberta, "albert": train_albert, "bert": train_bert}.items():
            if not os.path.isdir(f"{work}/{kind}-old"):
                train(corpus, sizes[kind], f"{work}/{kind}-old")
        saved(work, "")
        made = {kind: ids(f"{work}/{kind}", texts) for kind in KINDS}
    else:
        saved(work, "-4")
        made = {f"{kind}-4": ids(f"{work}/{kind}-4", texts) for kind in ["roberta", "albert"]}
        made["albert-slow"] = slow_ids(f"{work}/albert-old", texts)
    if options.minilm and is_five:
        made["minilm"] = ids(options.minilm, texts)
    target = work if options.full else HERE
    write(target + "/strings.json", json.dumps(texts))
    for name, lists in made.items():
        write(f"{target}/{name}.ids", lines(lists, len(WRITTEN)))
    if options.full:
        return
    folders = ["roberta", "albert", "bert", "roberta-old", "albert-old", "bert-old"] if is_five else ["roberta-4", "albert-4"]
    for folder in folders:
        shutil.rmtree(f"{HERE}/{folder}", ignore_errors=True)
        os.makedirs(f"{HERE}/{folder}")
        for name in sorted(os.listdir(f"{work}/{folder}")):
            # What transformers 4 saves beside tokenizer.json are the older files once more.
            if folder.endswith("-4") and name in ("vocab.json", "merges.txt", "spiece.model", "vocab.txt"):
                continue
            with open(f"{work}/{folder}/{name}", "rb") as file:
                data = file.read()
            if name == "tokenizer.json":
                # The character map stands in spiece.model, too; a test sets it in again.
                tree = json.loads(data)
                for step in (tree["normalizer"] or {}).get("normalizers", []):
                    if step["type"] == "Precompiled":
                        step["precompiled_charsmap"] = "MAP"
                data = json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()
            write(f"{HERE}/{folder}/{name}", data)
    if is_five:
        with open(HERE + "/scalars.json", "w") as file:
            json.dump(scalars(), file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    main()
