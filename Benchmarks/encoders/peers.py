"""One measurement of a peer, in a process of its own, as run.py asks for it; prints a line `round SECONDS` for each repetition.

    python peers.py forward torch|compiled|onnx|fused WORK full|padded REPETITIONS [OUT.npy]
    python peers.py step torch|cached WORK full|padded REPETITIONS
    python peers.py texts torch MINILM DESCRIPTIONS.txt OUT.npy REPETITIONS
    python peers.py tokens torch|fast FOLDER TEXTS.txt REPETITIONS

The first repetition of `forward` and `step` is not printed: memory is laid out and programs are compiled then. `texts` prints each.
"""
import os
import sys
import time

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
THREADS = 2


def timed(repetitions, action, left_out=1):
    result = None
    for turn in range(repetitions + left_out):
        began = time.perf_counter()
        result = action()
        if turn >= left_out:
            print(f"round {time.perf_counter() - began}", flush=True)
    return result


def items(work, which):
    import numpy
    made = numpy.load(os.path.join(work, which + ".npy"))
    return made[:, 0].astype("int64"), made[:, 1].astype("int64")


def loaded(folder):
    import torch
    import transformers
    torch.set_num_threads(THREADS)
    transformers.utils.logging.disable_progress_bar()
    return transformers.AutoModel.from_pretrained(folder, dtype=torch.float32, add_pooling_layer=False).eval()


def exported(work, fused):
    """The ONNX file of RoBERTa, written once by PyTorch's exporter; fused: by onnxruntime's optimiser for transformers."""
    path = os.path.join(work, "roberta-fused.onnx" if fused else "roberta.onnx")
    if os.path.exists(path):
        return path
    if fused:
        from onnxruntime.transformers import optimizer
        made = optimizer.optimize_model(exported(work, False), model_type="bert", num_heads=12, hidden_size=768, use_gpu=False)
        print("fused:", made.get_fused_operator_statistics(), file=sys.stderr)
        made.save_model_to_file(path)
        return path
    import torch

    class Hidden(torch.nn.Module):
        def __init__(self, model):
            super().__init__()
            self.model = model

        def forward(self, ids, mask):
            return self.model(input_ids=ids, attention_mask=mask, return_dict=True).last_hidden_state

    model = loaded(os.path.join(work, "roberta"))
    model.set_attn_implementation("eager")
    ids, mask = (torch.tensor(value) for value in items(work, "padded"))
    torch.onnx.export(
        Hidden(model), (ids, mask), path, input_names=["ids", "mask"], output_names=["hidden"], opset_version=17, dynamo=False)
    return path


def forward(kind, work, which, repetitions, out=None):
    import numpy
    ids, mask = items(work, which)
    if kind in ("torch", "compiled"):
        import torch
        model = loaded(os.path.join(work, "roberta"))
        call = torch.compile(model) if kind == "compiled" else model
        ids, mask = torch.tensor(ids), torch.tensor(mask)

        def action():
            with torch.inference_mode():
                return call(input_ids=ids, attention_mask=mask).last_hidden_state
        hidden = timed(int(repetitions), action, left_out=2 if kind == "compiled" else 1).numpy()
    else:
        import onnxruntime
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
        session = onnxruntime.InferenceSession(exported(work, kind == "fused"), options, providers=["CPUExecutionProvider"])
        hidden = timed(int(repetitions), lambda: session.run(None, {"ids": ids, "mask": mask})[0])
    if out:
        numpy.save(out, hidden)


def step(kind, work, which, repetitions):
    """Masked mean, a linear head, mean squared error, Adam on the last two layers and the head; no dropout."""
    import torch
    model = loaded(os.path.join(work, "roberta"))
    ids, mask = (torch.tensor(value) for value in items(work, which))
    torch.manual_seed(1)
    head, target = torch.nn.Linear(768, 1), torch.randn(8, 1)
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    last = model.encoder.layer[-2:]
    for parameter in last.parameters():
        parameter.requires_grad_(True)
    optimiser = torch.optim.Adam([*last.parameters(), *head.parameters()], lr=1e-5)
    weight = mask[..., None].float()
    kept = []
    if kind == "cached":
        hook = last[0].register_forward_pre_hook(lambda module, inputs, named: kept.append((inputs, named)), with_kwargs=True)
        with torch.no_grad():
            model(input_ids=ids, attention_mask=mask)
        hook.remove()
        inputs, named = kept[0]

    def action():
        optimiser.zero_grad()
        if kind == "cached":
            hidden = inputs[0]
            for layer in last:
                hidden = layer(hidden, *inputs[1:], **named)
                hidden = hidden[0] if isinstance(hidden, tuple) else hidden
        else:
            hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state
        loss = torch.nn.functional.mse_loss(head((hidden * weight).sum(1) / weight.sum(1)), target)
        loss.backward()
        optimiser.step()
        return loss.item()
    timed(int(repetitions), action)


def texts(kind, model, table, out, repetitions):
    import numpy
    import torch
    from sentence_transformers import SentenceTransformer
    torch.set_num_threads(THREADS)
    encoder = SentenceTransformer(model, device="cpu")

    def action():
        with open(table, encoding="utf-8") as file:
            numpy.save(out, encoder.encode(file.read().splitlines(), batch_size=32, show_progress_bar=False))
    timed(int(repetitions), action, left_out=0)


def tokens(kind, folder, table, repetitions):
    from tokenizers import Tokenizer
    tokenizer = Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    with open(table, encoding="utf-8") as file:
        texts = file.read().splitlines()
    encode = tokenizer.encode_batch_fast if kind == "fast" else tokenizer.encode_batch
    made = timed(int(repetitions), lambda: encode(texts))
    print(f"tokens {sum(len(one.ids) for one in made)}")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    {"forward": forward, "step": step, "texts": texts, "tokens": tokens}[sys.argv[1]](*sys.argv[2:])
