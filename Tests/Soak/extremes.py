"""Examples of the reference and scripts of the corpus with extreme numbers in place of theirs: a message or a result, and nothing else."""
import re

from common import corpus, root
from mutants import attempt

count = 5_000
about = "examples with extreme numbers"

numbers = [
    "0", "-0", "-1", "1", "1e308", "-1e308", "1e-320", "1e-17", "0.5", "-0.5", "65537", "1000000", "2147483647", "2147483648",
    "-2147483648", "4294967296", "9007199254740992", "9007199254740993", "9223372036854775807", "-9223372036854775808", "1e19",
    "100%", "0%", "-5%", "1e308%", "[]", "[0]",
]

# What examples that name `crystals` or `bulk` rest on: Sources/Builtins/Vocabulary/ExampleSetting.swift.
setting = """\
dataset crystals {
    rows:   csv("data/fcc-dft/properties.csv")
    id:     "material_id"
    inputs: { plane: chgcar("data/fcc-dft/densities/{material_id}.CHGCAR.gz") |> plane([1, 1, 1], size: [12, 12], cell: file) }
    target: { column: "k_vrh", unit: "GPa", transform: log }
    split:  random(train: 70%, validation: 15%, holdout: 15%, seed: 7)
}
model net {
    input plane: [12, 12, 1]
    plane >> conv(4, kernel: 3, activation: relu) >> globalAveragePool >> dense(1)
}
experiment bulk { data: crystals, model: net, loss: mse, seed: 1, epochs: 20 }
"""


def prepare(program, folder):
    """The texts by the folder that they are written for: examples for that of the experiments, scripts for one beside the data."""
    found = []
    for path in sorted((corpus / "examples").glob("*.txt")):
        text = path.read_text().split("\n\n#!")[0] + "\n"
        found.append((path.name, "experiments", setting if re.search(r"\b(crystals|bulk)\b", text) else "", text))
    for path in sorted((corpus / "builtins").glob("*.ecdx")):
        found.append((path.name, "builtins", "", re.sub(r"^#[!:].*\n?", "", path.read_text(), flags=re.M)))
    return found


def case(program, texts, random, folder, number):
    name, kind, before, text = random.choice(texts)
    script = folder / kind / "extreme.ecdx"
    script.parent.mkdir(parents=True)
    if kind == "experiments":
        (script.parent / "data").symlink_to(root / "experiments" / "data")
        (script.parent / "paper").symlink_to(root / "experiments" / "paper")
        if before and random.random() < 0.3:
            # The setting is an example too.
            before, text = "", before + text
    else:
        (folder / "data").symlink_to(corpus / "data")
        (script.parent / "reported").symlink_to(corpus / "builtins" / "reported")
    # Numbers within names and strings are none.
    tokens = re.finditer(r'"(?:\\.|[^"\\\n])*"|#[^\n]*|[A-Za-z_]\w*|\d+(?:\.\d+)?(?:e-?\d+)?%?', text)
    places = [found for found in tokens if found[0][0].isdigit()]
    if places:
        for found in sorted(random.sample(places, min(len(places), random.choice([1, 1, 1, 2, 3]))), key=lambda found: -found.start()):
            text = text[: found.start()] + random.choice(numbers) + text[found.end() :]
    else:
        text += f"show {random.choice(numbers)}\n"
    script.write_text(before + text)
    return attempt(program, script)
