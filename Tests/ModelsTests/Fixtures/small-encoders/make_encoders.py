#!/usr/bin/env python3
"""Tiny encoders with random weights, what `transformers` computes with them, and the gradients of every tensor.

Run with transformers 5.24, torch 2.13, safetensors and numpy:
    python make_encoders.py [FOLDER] [--scale 4 --lengths 1,2,7,16,33,100,512]
Without arguments it writes the fixtures that are committed. For each architecture a folder with config.json and model.safetensors,
as `save_pretrained` writes them, and CASE.safetensors: `texts` (batch, 2, length), `hidden.I` of each layer, the means of the last
over the mask (`mean`) and over all tokens (`all`), the gradients of the loss by these (`w`, `u`) and by each tensor (`grad.NAME`).
Layer norms and biases are random too: their defaults would hide mistakes. Attention is `eager`, which adds the least number to
masked keys. The model computes in double precision; how far off single precision is, is printed.
"""
import argparse
import os

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from transformers import AlbertConfig, AlbertModel, BertConfig, BertModel, RobertaConfig, RobertaModel

MODELS = {
    "bert": (BertModel, BertConfig, dict(hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=20,
                                         vocab_size=23, type_vocab_size=2, hidden_act="gelu")),
    "roberta": (RobertaModel, RobertaConfig, dict(hidden_size=12, num_hidden_layers=2, num_attention_heads=4, intermediate_size=20,
                                                  vocab_size=31, type_vocab_size=1, layer_norm_eps=1e-5, hidden_act="gelu")),
    "albert": (AlbertModel, AlbertConfig, dict(hidden_size=16, embedding_size=12, num_hidden_layers=3, num_attention_heads=4,
                                               intermediate_size=20, vocab_size=22, type_vocab_size=2, hidden_act="gelu_new")),
    "albert-groups": (AlbertModel, AlbertConfig, dict(hidden_size=8, embedding_size=6, num_hidden_layers=4, num_hidden_groups=2,
                                                      inner_group_num=2, num_attention_heads=2, intermediate_size=12, vocab_size=23,
                                                      type_vocab_size=2, hidden_act="gelu_new")),
}


def model(name, longest, scale, seed=5):
    kind, config, fields = MODELS[name]
    fields = {key: value * scale if key in ("hidden_size", "embedding_size", "intermediate_size", "vocab_size") else value
              for key, value in fields.items()}
    positions = longest + (2 if name == "roberta" else 0)
    made = kind(config(max_position_embeddings=positions, attn_implementation="eager", **fields), add_pooling_layer=False)
    random = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for key, value in sorted(made.named_parameters()):
            deviation = 1.2 / value.shape[-1] ** 0.5 if value.dim() > 1 and "embeddings" not in key else 0.5
            if name == "albert-groups" and "attention.dense" in key:
                deviation *= 0.3  # eight blocks would make all tokens alike, and their gradients rounding
            value.copy_(torch.randn(value.shape, generator=random) * deviation)
            if key.endswith("orm.weight") or key.endswith("layer_norm.weight"):
                value.add_(1.0)
    return made.eval()


def case(made, batch, length, seed):
    """Ids and masks: full, padded to the right, one token, a hole in the mask, all masked (last)."""
    random = np.random.default_rng(seed)
    pad = made.config.pad_token_id
    ids = random.integers(3, made.config.vocab_size, (batch, length))
    mask = np.ones((batch, length), int)
    for item in range(batch):
        if item % 5 == 1:
            mask[item, max(1, length * 2 // 3):] = 0
        if item % 5 == 2:
            mask[item, 1:] = 0
        if item % 5 == 3:
            mask[item, length // 2] = 0
        if item % 5 == 4:
            mask[item] = 0
        if item % 5 != 3:
            ids[item][mask[item] == 0] = pad
    w, u = (torch.tensor(random.normal(size=(batch, made.config.hidden_size))) for _ in range(2))
    results = {}
    for kind in (torch.float32, torch.float64):
        made.to(kind).zero_grad()
        m = torch.tensor(mask)
        out = made(torch.tensor(ids), attention_mask=m, output_hidden_states=True)
        weight = m[:, :, None].to(kind)
        mean = (out.last_hidden_state * weight).sum(1) / weight.sum(1).clamp(min=1)
        whole = out.last_hidden_state.mean(1)
        (mean * w.to(kind) + whole * u.to(kind)).sum().backward()
        result = {"texts": torch.tensor(np.stack([ids, mask], 1)), "mean": mean.detach(), "all": whole.detach(), "w": w, "u": u}
        for layer, hidden in enumerate(out.hidden_states):
            result[f"hidden.{layer}"] = hidden.detach()
        for key, value in made.named_parameters():
            result[f"grad.{key}"] = value.grad if value.grad is not None else torch.zeros_like(value)
        results[kind] = {key: value.to(torch.float32).contiguous().clone() for key, value in result.items()}
    made.to(torch.float32)
    single, double = results.values()
    off = {key: float((single[key] - double[key]).abs().max() / double[key].abs().max()) for key in double if "key.bias" not in key}
    print(made.config.model_type, length, "single precision is off by", sorted(((v, k) for k, v in off.items()), reverse=True)[:2])
    return double


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", default=os.path.dirname(os.path.abspath(__file__)))
    parser.add_argument("--lengths", default="")
    parser.add_argument("--scale", type=int, default=1, help="how often wider than the committed ones")
    arguments = parser.parse_args()
    lengths = [int(text) for text in arguments.lengths.split(",") if text]
    for name in MODELS:
        folder = os.path.join(arguments.folder, name)
        made = model(name, max(lengths, default=9), arguments.scale)
        made.save_pretrained(folder)
        for length in lengths or [7]:
            save_file(case(made, 5, length, length), os.path.join(folder, f"case-{length}.safetensors"))
    # The same weights in half precision, of both kinds by turns, and under the names of a model with a head.
    folder = os.path.join(arguments.folder, "roberta")
    weights = load_file(os.path.join(folder, "model.safetensors"))
    halves = {f"roberta.{key}": weights[key].to((torch.float16, torch.bfloat16)[place % 2]) for place, key in enumerate(sorted(weights))}
    halves["lm_head.bias"] = torch.zeros(5)
    halves["lm_head.dense.weight"] = torch.zeros(2, 2)
    save_file(halves, os.path.join(folder, "half.safetensors"), metadata={"format": "pt"})


if __name__ == "__main__":
    main()
