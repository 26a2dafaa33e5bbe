"""Makes what the benchmark of the encoders reads, once: random models of full size, tokenizers of full size, texts, items.

    python files.py FOLDER [DESCRIPTIONS.csv]         (needs torch, transformers, tokenizers, sentencepiece, numpy)

The vocabularies of the published RoBERTa (50,265) and ALBERT (30,000) are not part of any package, so that ones of the same size are
trained here, on the sources of Python's standard library, which are English enough, and on sentences in the style of
robocrystallographer: their speed is compared, not their words. What is there is not made again.

    roberta, albert                 folders of models with random parameters, as transformers writes them, and their tokenizers
    full.npy, padded.npy            [8, 2, 100]: ids and mask of eight items without padding, and of 5 to 100 tokens
    strings.txt                     20,000 strings, one a line
    descriptions.txt                the texts of DESCRIPTIONS.csv, one a line, or as many generated ones
"""
import csv
import glob
import json
import os
import random
import shutil
import sys
import sysconfig
import unicodedata

os.environ["HF_HUB_OFFLINE"] = "1"
TOKENS, ITEMS = 100, 8
COUNTS = [5, 8, 30, 45, 60, 75, 90, 100]


def descriptions(count, seed):
    draw = random.Random(seed)
    elements = "Ac Ag Al As Au B Ba Be Bi Br C Ca Cd Ce Cl Co Cr Cs Cu Er F Fe Ga Ge H Hf Hg I In Ir K La Li Mg Mn Mo N Na Nb Ni O Os P Pb Pd Pt".split()
    geometries = ["body-centered cubic", "distorted body-centered cubic", "14-coordinate", "linear", "octahedral", "tetrahedral"]
    numbers = "two three four six eight twelve".split()
    texts = []
    for _ in range(count):
        a, b, c = draw.sample(elements, 3)
        mineral = draw.choice(["Heusler", "Halite, Rock Salt", "Zincblende, Sphalerite", "(Cubic) Perovskite", "Copper"])
        parts = [f"{a}{draw.choice(['', '2', '₂', '3'])}{b}{c} is {mineral} structured and crystallizes in the cubic Fm-3m space group."]
        for x, y in ((a, b), (a, c), (b, c))[: draw.randint(1, 3)]:
            parts.append(f"{x}(1){draw.choice(['', '1+', '2-'])} is bonded in a {draw.choice(geometries)} geometry to "
                         f"{draw.choice(numbers)} equivalent {y}(1) atoms.")
            parts.append(draw.choice(["All", "Both", "The"]) + f" {x}(1)-{y}(1) bond lengths are {draw.uniform(1.9, 3.6):.2f} Å.")
            if draw.random() < 0.3:
                parts.append(f"There are a spread of {x}-{y} bond distances ranging from {draw.uniform(2, 3):.2f}-{draw.uniform(3, 4):.2f} Å.")
        texts.append(" ".join(parts))
    return texts


def strings(count):
    """Descriptions, single sentences of them, formulas, and a few of other scripts."""
    draw, texts = random.Random(20_000), descriptions(count, 2)
    others = ["結晶構造", "кристаллическая структура", "بنية بلورية", "e\u0301tat solide", "P6_3/mmc", "", "12–34°", "🧪 GaAs", "1, 2, 3.5, 10⁻³"]
    for place in range(count):
        kind = draw.random()
        if kind < 0.3:
            texts[place] = draw.choice(texts[place].split(". "))
        elif kind < 0.4:
            texts[place] = texts[place].split(" ")[0]
        elif kind < 0.45:
            texts[place] = draw.choice(others)
    return texts


def corpus():
    """Lines to train on: 20 MB at most."""
    size = 0
    for name in sorted(glob.glob(os.path.join(sysconfig.get_path("stdlib"), "**", "*.py"), recursive=True)):
        if "site-packages" in name or size > 20_000_000:
            continue
        with open(name, encoding="utf-8", errors="ignore") as file:
            for line in file:
                if line.strip():
                    size += len(line)
                    yield line.strip()[:1000]
    yield from descriptions(5000, 1)


def roberta_tokenizer(folder):
    import transformers
    from tokenizers import ByteLevelBPETokenizer
    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator(
        corpus(), vocab_size=50264, min_frequency=1, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], show_progress=False)
    trained.save_model(folder)
    vocabulary = json.load(open(os.path.join(folder, "vocab.json")))
    merges = [tuple(line.split(" ")) for line in open(os.path.join(folder, "merges.txt")).read().split("\n")[1:] if line]
    vocabulary["<mask>"] = len(vocabulary)
    assert len(vocabulary) == 50265, len(vocabulary)
    transformers.RobertaTokenizer(vocab=vocabulary, merges=merges, model_max_length=512).save_pretrained(folder)


def albert_tokenizer(folder):
    import sentencepiece
    import transformers
    plain = lambda line: "".join(c for c in unicodedata.normalize("NFKD", line) if not unicodedata.combining(c)).lower()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=(plain(line) for line in corpus()), model_prefix=os.path.join(folder, "spiece"), vocab_size=30000,
        model_type="unigram", pad_id=0, unk_id=1, bos_id=-1, eos_id=-1, pad_piece="<pad>", unk_piece="<unk>",
        control_symbols=["[CLS]", "[SEP]"], user_defined_symbols=["[MASK]"], num_threads=2, minloglevel=2)
    transformers.AlbertTokenizer.from_pretrained(folder, model_max_length=512).save_pretrained(folder)


def model(folder, config, kind):
    import torch
    torch.manual_seed(1)
    made = kind(config)
    with torch.no_grad():
        for name, value in made.named_parameters():
            if name.endswith("bias"):
                value.uniform_(-0.1, 0.1)
            elif value.ndim == 1:
                value.uniform_(0.5, 1.5)
    made.save_pretrained(folder)


def items(path, counts):
    import numpy
    draw = random.Random(3)
    made = numpy.zeros((ITEMS, 2, TOKENS), numpy.float32)
    made[:, 0] = 1
    for item, count in enumerate(counts):
        made[item, 0, :count] = [0] + [draw.randrange(5, 50_000) for _ in range(count - 2)] + [2]
        made[item, 1, :count] = 1
    numpy.save(path, made)


def lines(path, texts):
    with open(path, "w", encoding="utf-8") as file:
        file.write("".join(" ".join(text.split()) + "\n" for text in texts))


def make(folder, table=None):
    import transformers
    os.makedirs(folder, exist_ok=True)

    def once(name, action):
        place = os.path.join(folder, name)
        if not os.path.exists(place):
            part = place + ".part" + (".npy" if name.endswith(".npy") else "")
            shutil.rmtree(part, ignore_errors=True)
            if "." not in name:
                os.makedirs(part)
            action(part)
            os.rename(part, place)

    def roberta(place):
        model(place, transformers.RobertaConfig(
            vocab_size=50265, max_position_embeddings=514, type_vocab_size=1, layer_norm_eps=1e-5, pad_token_id=1, bos_token_id=0,
            eos_token_id=2), transformers.RobertaModel)
        roberta_tokenizer(place)

    def albert(place):
        model(place, transformers.AlbertConfig(
            vocab_size=30000, embedding_size=128, hidden_size=768, num_hidden_layers=12, num_attention_heads=12,
            intermediate_size=3072, hidden_act="gelu_new", hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0),
            transformers.AlbertModel)
        albert_tokenizer(place)

    def described(place):
        if table:
            with open(table, newline="", encoding="utf-8") as file:
                lines(place, [row["Description"] for row in csv.DictReader(file)])
        else:
            lines(place, descriptions(781, 3))

    once("full.npy", lambda place: items(place, [TOKENS] * ITEMS))
    once("padded.npy", lambda place: items(place, COUNTS))
    once("strings.txt", lambda place: lines(place, strings(20_000)))
    once("descriptions.txt", described)
    once("roberta", roberta)
    once("albert", albert)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    make(*sys.argv[1:3])
