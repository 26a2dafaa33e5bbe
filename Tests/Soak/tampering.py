"""Records that were tampered with, in a store and in exported folders, and exported models. They are refused, or put away with a warning;
in no case does a run come to other results than one of a clean store."""
import hashlib
import json
import re
import shutil

import trainings
from common import differences, expect, judge, results

count = 40
about = "tampered records, in stores and exported folders, and exported models"

# Files of a record whose contents are results; the journal and the script only tell of them.
parts = ("result.json", "weights.safetensors", "predictions.csv", "metrics.csv", "contents.json", "resolved.json")


def prepare(program, folder):
    """The undisturbed runs, the records of each exported, and the results of a store into which these were imported."""
    references = trainings.undisturbed(program, folder)
    for kind, reference in references.items():
        reference.exported = folder / f"{kind}-exported"
        runs = sorted(path.name for path in (reference.folder / ".ecdx" / "runs").iterdir())
        outcome = program.run("runs", "export", *runs, "--to", reference.exported, "--store", reference.folder / ".ecdx", folder=folder)
        expect(outcome.status == 0, f"the export fails; {outcome}")
    return references


def case(program, references, random, folder, number):
    if number % 8 == 7:
        return tampered_model(program, references["stages"], random, folder)
    kind = trainings.kinds[number // 2 % len(trainings.kinds)]
    reference = references[kind]
    if number % 2 == 0:
        reference.copy(folder)
        # What was written to `out` has to be made anew from what is kept.
        shutil.rmtree(folder / "out")
        done = tamper_with_store(folder / ".ecdx", random)
        refused = False
    else:
        trainings.make(folder, kind)
        exported = folder / "exported"
        shutil.copytree(reference.exported, exported)
        done = tamper_with_record(exported, random)
        outcome = judge(program.run("runs", "import", exported, "--store", ".ecdx", folder=folder), statuses=(0, 1, 2))
        refused = outcome.status != 0
    (folder / "tampered.txt").write_text(done + "\n")
    # Half of the time everything is asked to be looked at, what this script does not read too.
    verify = random.random() < 0.5
    outcome = judge(program.run(*trainings.command, *["--verify"] * verify, folder=folder))
    if outcome.status != 0:
        # It may be left to the user what to do; the same command with other words must not then use it in silence.
        expect("error[" in outcome.err, f"{done}; {outcome}")
        return {"refused by run": 1}
    found = [name for name in differences(results(folder), reference.results) if relevant(name)]
    expect(not found, f"{done}: these differ from a clean store: {found}; {outcome}")
    if refused:
        return {"refused by import": 1}
    # A warning that a clean store does not give.
    said = set(re.findall(r"warning\[([\w-]+)\]", outcome.err)) - {"small-holdout"}
    # A run without a result is one that was not finished: it is gone on with, and there is nothing to say.
    names = r"result\.json(?! removed)|weights\.safetensors|predictions\.csv|metrics\.csv|resolved\.json(?!.*same values)"
    hashed = re.search(f"/({names})", done)
    expect(said or not (verify and hashed and number % 2 == 0), f"{done}: --verify says nothing of it; {outcome}")
    return {"warned of": 1} if said else {"without effect": 1}


def tampered_model(program, reference, random, folder):
    """An exported model in which something was changed is not predicted with."""
    trainings.make(folder, "stages")
    model = folder / "staged.safetensors"
    shutil.copy(reference.folder / "out" / model.name, model)
    done = change(model, [], random)
    (folder / "tampered.txt").write_text(done + "\n")
    outcome = judge(program.run("predict", "small.ecdx", model.name, "crystals", "--to", "out/p.csv", folder=folder), statuses=(1, 3))
    expect("error[" in outcome.err and model.name in outcome.err, f"{done}; {outcome}")
    expect(not (folder / "out" / "p.csv").exists(), f"{done}: it predicts all the same; {outcome}")
    return {"refused by predict": 1}


def relevant(name):
    """Whether a file is a result: the records of runs that nothing asked for are left as they came."""
    return name.startswith("out/")


def tamper_with_store(store, random):
    """Changes one thing in a store and says what."""
    places = [path for path in sorted(store.rglob("*")) if path.is_file() and path.name not in ("format", "script.ecdx", "journal.jsonl")]
    # Most of the files of a store are small ones of the cache: records of runs as often.
    records = [path for path in places if "runs" in path.parts]
    path = random.choice(random.choice([places, records]))
    before = values(path)
    done = change(path, [other for other in places if other.name == path.name and other != path], random)
    # `1e-05` may have become `1E-05`.
    return done + " (to the same values)" if before is not None and values(path) == before else done


def values(path):
    """What a JSON file holds; nothing where it is none."""
    try:
        return json.loads(path.read_bytes()) if path.suffix == ".json" else None
    except (OSError, ValueError):
        return None


def tamper_with_record(exported, random):
    """Changes one thing in one of the exported records and says what; half of the time its hashes are made to fit."""
    run = random.choice(sorted(path for path in exported.iterdir() if path.is_dir()))
    path = run / random.choice(parts)
    others = [other for other in sorted(exported.glob(f"*/{path.name}")) if other != path]
    if random.random() < 0.5:
        return change(path, others, random)
    # Somebody who knows what is checked: better predictions, with a table, a history and hashes that fit.
    kind = random.choice(["predictions", "ids", "weights", "metrics"])
    record = json.loads((run / "result.json").read_bytes())
    if kind == "weights" and others:
        other = random.choice(sorted(path for path in exported.iterdir() if path != run))
        shutil.copy(other / "weights.safetensors", run / "weights.safetensors")
        record["weights"] = digest(run / "weights.safetensors")
    elif kind == "ids":
        part = record["parts"]["holdout"]
        part["ids"] = part["ids"][1:] + part["ids"][:1]
    elif kind == "metrics":
        *rest, last = (run / "metrics.csv").read_text().splitlines()
        epoch, loss, *cells = last.split(",")
        (run / "metrics.csv").write_text("\n".join([*rest, ",".join([epoch, str(float(loss) / 2), *cells])]) + "\n")
    else:
        kind, part = "predictions", record["parts"]["holdout"]
        part["predicted"] = [0.9 * true + 0.1 * given for true, given in zip(part["truth"], part["predicted"])]
    (run / "result.json").write_text(json.dumps(record, sort_keys=True, separators=(",", ":")))
    lines = ["id,part,truth,predicted"]
    for name in ("train", "validation", "holdout"):
        part = record["parts"].get(name, {"ids": [], "truth": [], "predicted": []})
        lines += [f"{i},{name},{t},{p}" for i, t, p in zip(part["ids"], part["truth"], part["predicted"])]
    (run / "predictions.csv").write_text("\n".join(lines) + "\n")
    contents = json.loads((run / "contents.json").read_bytes())
    (run / "contents.json").write_text(json.dumps({name: digest(run / name) for name in contents}))
    return f"{run.name}: other {kind}, and hashes that fit"


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def change(path, others, random):
    """Changes one byte of a file, cuts or removes it, exchanges it, or changes a number of a JSON file; says what."""
    data = bytearray(path.read_bytes())
    name = f"{path.parent.name}/{path.name}"
    kind = random.randrange(5)
    if kind == 0 and path.suffix == ".json":
        value = json.loads(data)
        if where := change_number(value, random):
            path.write_text(json.dumps(value))
            return f"{name}: {where}"
    if kind == 1 and others:
        other = random.choice(others)
        mine, theirs = bytes(data), other.read_bytes()
        path.write_bytes(theirs)
        other.write_bytes(mine)
        return f"{name} exchanged with that of {other.parent.name}"
    if kind == 2:
        path.unlink()
        return f"{name} removed"
    if kind == 3 and data:
        length = random.randrange(len(data))
        path.write_bytes(data[:length])
        return f"{name} cut to {length} of {len(data)} bytes"
    place = random.randrange(len(data))
    data[place] ^= 1 << random.randrange(8)
    path.write_bytes(data)
    return f"{name}: byte {place} of {len(data)} changed"


def change_number(value, random):
    """Changes one number within a JSON value in place; says which, or nothing where there is none."""
    places = []

    def walk(inner, words):
        items = inner.items() if isinstance(inner, dict) else enumerate(inner) if isinstance(inner, list) else ()
        for key, item in items:
            if isinstance(item, (int, float)) and not isinstance(item, bool):
                places.append((inner, key, words + [str(key)]))
            walk(item, words + [str(key)])

    walk(value, [])
    if not places:
        return None
    holder, key, words = random.choice(places)
    before = holder[key]
    holder[key] = random.choice([before * 2 + 1, -before - 1, 0 if before else 1])
    return f"{'.'.join(words)} {before} became {holder[key]}"
