"""Writes small encoders with random parameters, each a folder as the hub has them, and what transformers makes of texts with them.

    python3 -m venv venv && venv/bin/pip install torch==2.13.0 transformers==5.24.0 tokenizers==0.23.3 sentencepiece==0.2.3 protobuf
    venv/bin/python make_encoders.py [FOLDER]          (FOLDER: the one this file stands in)

BERT, RoBERTa and ALBERT: `config.json`, `model.safetensors`, `tokenizer.json`, `tokenizer_config.json`, all as `save_pretrained` of
transformers 5 writes them, with a vocabulary made from sentences in the style of robocrystallographer (`sentences` below). Layer norms
and biases are random too, so that a forgotten one shows. `BERT-bf16` and `RoBERTa-f16` are parameters and configuration alone, in half
precision; their numbers are those of transformers that reads them into single precision, `dtype=torch.float32`.

`texts.json`: the texts, and the length they are cut and padded to. Beside each model:

expected.json
  ids        of each text, padded to that length; `tokens`: how many are not padding
  lengths    the ids from which the first n are taken for each n of `counts`, padded to 64
  longest    512 ids, `tokens` of which are not padding (only where the model has positions for them)
expected.safetensors, in single precision; "states" are the embeddings and the outputs of the layers, in this order; H: their width
  texts.masked, texts.all, texts.first            [texts, states, H]: mean over the tokens, over all positions, the first position
  lengths.masked, lengths.all, lengths.first      [counts, H] of the last layer
  padded.hidden                                   [states, 16, H]: 7 tokens of `lengths` and 9 of padding
  longest.masked, longest.all, longest.first      [states, H]

Attention is `eager`; `sdpa` is compared with it here, and both must agree to 2e-5.
"""
import collections
import json
import os
import random
import re
import shutil
import sys
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"
import sentencepiece
import torch
import transformers
from safetensors.torch import save_file
from tokenizers import ByteLevelBPETokenizer

LENGTH = 32
COUNTS = [1, 2, 3, 5, 8, 13, 16, 21, 31, 32, 33, 63, 64]
HIDDEN, LAYERS, HEADS, INNER = 12, 2, 3, 20


def sentences():
    """Text to train vocabularies on."""
    draw = random.Random(16)
    elements = "Al Be Cu Fe Ga Mn Na Cl Ni Pt Sr Ti W Zn".split()
    shapes = ["cuboctahedra", "octahedra", "tetrahedra", "body-centered cubic geometry", "14-coordinate geometry"]
    lines = []
    for _ in range(400):
        a, b, c = draw.sample(elements, 3)
        length = f"{draw.uniform(2.2, 3.4):.2f}"
        lines.append(
            f"{a}2{b}{c} is {draw.choice(['Heusler', 'Halite, Rock Salt', 'Zincblende, Sphalerite', '(Cubic) Perovskite'])} structured and "
            f"crystallizes in the {draw.choice(['cubic Fm-3m', 'hexagonal P6_3/mmc', 'cubic F-43m'])} space group. {a}(1) is bonded in a "
            f"distorted {draw.choice(shapes)} to {draw.choice(['four', 'six', 'eight', 'twelve'])} equivalent {b}(1) atoms. "
            f"All {a}(1)-{b}(1) bond lengths are {length} Å. There are three shorter ({length} Å) and two longer (3.01 Å) bond lengths.")
    return lines


TEXTS = [
    "Cu2MnAl is Heusler structured and crystallizes in the cubic Fm-3m space group.",
    "All Mn(1)-Cu(1) bond lengths are 2.58 Å. All Cu(1)-Al(1) bond lengths are 2.58 Å.",
    "Ti",
    "Ti. Both Ti(1)-Ti(1) bond lengths are 2.83 Å. All Ti(1)-Ti(2) bond lengths are 2.99 Å.",
    "",
    " ",
    "Na(1)1+ is bonded to six equivalent Cl(1)1- atoms to form corner-sharing NaCl6 octahedra.",
    "NaCl3.5 in P6_3/mmc",
    "Cu₂O, 2.82 Å",
    "Cu\u2082O, 2.82 A\u030a",
    "bond distances ranging from 2.58–3.01 Å",
    "There are three shorter (2.64 Å) and two longer (2.83 Å) Ti(2)-Ti(2) bond lengths.",
    "The corner-sharing octahedral tilt angles range from 12–34°.",
    "1, 2, 3, 14-coordinate",
    "''quoted'' and ``quoted''",
    "  two  spaces\tand\na line  ",
    "結晶 кристалл بلورة",
    "e\u0301\u0323tat solide, naïve",
    "🧪 GaAs",
    " ".join(["Be2PtCu is Heusler structured and crystallizes in the cubic Fm-3m space group."] * 6),
]


def roberta_tokenizer(place, lines, length):
    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator(lines, vocab_size=300, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], show_progress=False)
    trained.save_model(place)
    vocabulary = json.load(open(os.path.join(place, "vocab.json")))
    merges = [tuple(line.split(" ")) for line in open(os.path.join(place, "merges.txt")).read().split("\n")[1:] if line]
    vocabulary["<mask>"] = len(vocabulary)
    return transformers.RobertaTokenizer(vocab=vocabulary, merges=merges, model_max_length=length), len(vocabulary)


def bert_tokenizer(place, lines, length):
    # The trainer of `tokenizers` gives another vocabulary in each run: this one is counted.
    seen = collections.Counter(word for line in lines for word in re.findall(r"[a-z]+|[0-9]+|[^ \w]", line.lower().replace("å", "a")))
    letters = sorted({letter for word in seen for letter in word})
    frequent = [word for word, _ in sorted(seen.items(), key=lambda pair: (-pair[1], pair[0])) if len(word) > 1][:70]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + letters + ["##" + letter for letter in letters if letter.isalnum()] + frequent
    words += ["##s", "##ed", "##er", "##ing", "##hed"]
    vocabulary = {word: place for place, word in enumerate(dict.fromkeys(words))}
    return transformers.BertTokenizer(vocab=vocabulary, do_lower_case=True, model_max_length=length), len(vocabulary)


def albert_tokenizer(place, lines, length):
    # A map of a few characters, as a model of the hub has one of thousands: a third of a megabyte.
    rules = os.path.join(place, "rules.tsv")
    with open(rules, "w") as file:
        for character, meant in [("₂", "2"), ("₃", "3"), ("\u00a0", " "), ("\t", " "), ("\n", " "), ("–", "-"), ("Å", "A")]:
            file.write(f"{ord(character):X}\t{' '.join(f'{ord(one):X}' for one in meant)}\n")
    prefix = os.path.join(place, "spiece")
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(line.lower() for line in lines), model_prefix=prefix, vocab_size=150, model_type="unigram",
        normalization_rule_tsv=rules, pad_id=0, unk_id=1, bos_id=-1, eos_id=-1, pad_piece="<pad>", unk_piece="<unk>",
        control_symbols=["[CLS]", "[SEP]"], user_defined_symbols=["[MASK]"], num_threads=1, minloglevel=2)
    os.rename(prefix + ".model", os.path.join(place, "spiece.model"))
    tokenizer = transformers.AlbertTokenizer.from_pretrained(place, model_max_length=length)
    return tokenizer, len(tokenizer)


def configured(name, vocabulary, positions):
    common = dict(
        vocab_size=vocabulary, hidden_size=HIDDEN, num_hidden_layers=LAYERS, num_attention_heads=HEADS, intermediate_size=INNER)
    if name == "BERT":
        return transformers.BertConfig(max_position_embeddings=positions, **common)
    if name == "RoBERTa":
        return transformers.RobertaConfig(
            max_position_embeddings=positions + 2, type_vocab_size=1, layer_norm_eps=1e-5, pad_token_id=1, bos_token_id=0,
            eos_token_id=2, **common)
    return transformers.AlbertConfig(
        max_position_embeddings=positions, embedding_size=8, hidden_act="gelu_new", hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0, **common)


def randomised(config, seed):
    """A model whose every parameter is random, of a size at which layers change what they are given."""
    torch.manual_seed(seed)
    model = transformers.AutoModel.from_config(config, attn_implementation="eager").eval()
    with torch.no_grad():
        for name, value in model.named_parameters():
            if "LayerNorm.weight" in name or "layer_layer_norm.weight" in name:
                value.uniform_(0.5, 1.5)
            elif name.endswith("bias"):
                value.uniform_(-0.3, 0.3)
            else:
                value.normal_(0, 0.5 if "embeddings" in name else 1.5 / value.shape[-1] ** 0.5)
    return model


def states(model, ids, mask):
    """Hidden states [texts, states, length, H] in single precision."""
    ids, mask = torch.tensor(ids), torch.tensor(mask)
    with torch.no_grad():
        model.set_attn_implementation("eager")
        hidden = torch.stack(model(input_ids=ids, attention_mask=mask, output_hidden_states=True).hidden_states, 1)
        model.set_attn_implementation("sdpa")
        other = torch.stack(model(input_ids=ids, attention_mask=mask, output_hidden_states=True).hidden_states, 1)
    assert (hidden - other).abs().max() < 2e-5, (hidden - other).abs().max()
    return hidden


def summed(hidden, mask):
    """Mean over the tokens, mean over all positions, the first position: [texts, states, H]."""
    weight = torch.tensor(mask, dtype=torch.float32)[:, None, :, None]
    return {"masked": (hidden * weight).sum(2) / weight.sum(2), "all": hidden.mean(2), "first": hidden[:, :, 0]}


def by_ids(model, config, positions):
    """What is expected of ids that are no text's."""
    draw = random.Random(config.vocab_size)
    pad, length = config.pad_token_id, min(64, positions)
    ids = [draw.randrange(5, config.vocab_size - 1) for _ in range(length)]
    counts = [count for count in COUNTS if count <= length]
    rows = [ids[:count] + [pad] * (length - count) for count in counts]
    mask = [[1] * count + [0] * (length - count) for count in counts]
    hidden = states(model, rows, mask)
    tensors = {f"lengths.{kind}": value[:, -1] for kind, value in summed(hidden, mask).items()}
    tensors["padded.hidden"] = states(model, [ids[:7] + [pad] * 9], [[1] * 7 + [0] * 9])[0]
    expected = {"lengths": {"ids": ids, "counts": counts}}
    if positions >= 512:
        tokens = 400
        ids = [draw.randrange(5, config.vocab_size - 1) for _ in range(tokens)] + [pad] * (512 - tokens)
        mask = [1] * tokens + [0] * (512 - tokens)
        expected["longest"] = {"ids": ids, "tokens": tokens}
        tensors |= {f"longest.{kind}": value[0] for kind, value in summed(states(model, [ids], [mask]), [mask]).items()}
    return expected, tensors


def by_text(model, tokenizer):
    made = tokenizer(TEXTS, padding="max_length", truncation=True, max_length=LENGTH)
    ids, mask = made["input_ids"], made["attention_mask"]
    tensors = {f"texts.{kind}": value for kind, value in summed(states(model, ids, mask), mask).items()}
    return {"ids": ids, "tokens": [sum(row) for row in mask]}, tensors


def write(folder, expected, tensors):
    with open(os.path.join(folder, "expected.json"), "w") as file:
        file.write("{\n" + ",\n".join(f'"{name}": {json.dumps(value)}' for name, value in expected.items()) + "\n}\n")
    save_file({name: value.float().contiguous() for name, value in tensors.items()}, os.path.join(folder, "expected.safetensors"))


def make(out, name, tokenizer_of, positions, seed, half=None):
    folder = os.path.join(out, name if half is None else f"{name}-{'bf16' if half == torch.bfloat16 else 'f16'}")
    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as place:
        tokenizer, vocabulary = tokenizer_of(place, sentences(), positions)
        model = randomised(configured(name, vocabulary, positions), seed)
        if half is not None:
            model = model.to(half)
        model.save_pretrained(folder)
        if half is None:
            tokenizer.save_pretrained(folder)
    model = transformers.AutoModel.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    expected, tensors = by_ids(model, model.config, positions)
    if half is None:
        more, also = by_text(model, transformers.AutoTokenizer.from_pretrained(folder))
        expected, tensors = more | expected, also | tensors
    write(folder, expected, tensors)


def main(out):
    torch.set_num_threads(1)
    with open(os.path.join(out, "texts.json"), "w") as file:
        file.write(json.dumps({"length": LENGTH, "texts": TEXTS}, ensure_ascii=True, indent=0) + "\n")
    make(out, "BERT", bert_tokenizer, 64, 1)
    make(out, "RoBERTa", roberta_tokenizer, 512, 2)
    make(out, "ALBERT", albert_tokenizer, 512, 3)
    make(out, "BERT", bert_tokenizer, 24, 4, half=torch.bfloat16)
    make(out, "RoBERTa", roberta_tokenizer, 24, 5, half=torch.float16)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__)))
