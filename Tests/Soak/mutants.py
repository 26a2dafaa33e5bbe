"""Files of ten kinds that were damaged, given to `check` and `run`: an end with a message, or a result, and nothing else."""
import io
import re
import zipfile

import mutations
from common import corpus, judge, root

count = 20_000
about = "mutants of files of ten kinds"

pictures = root / "Tests" / "DatasetsTests" / "Fixtures" / "pictures"
workbooks = root / "Tests" / "DatasetsTests" / "Fixtures" / "workbooks"
weights = root / "Tests" / "WeightsTests" / "Fixtures"

rows = """\
dataset crystals {
    rows:   %s
    id:     "material_id"
    inputs: { plane: chgcar("data/densities/{material_id}.CHGCAR") |> plane([1, 1, 1], size: [12, 12], cell: file) |> log |> standardize }
    target: { column: "k_vrh", unit: "GPa" }
    split:  random(train: 50%%, validation: 25%%, holdout: 25%%, seed: 7)
}
"""


def of_rows(source, contents=b""):
    """Scripts that show a table and, where it has them, take its rows for a data set."""
    scripts = [f"show {source}\n"]
    # A workbook holds its texts packed: the one that has these rows is known by the name of its sheet.
    if b"material_id" in contents[:200] or "crystals" in source:
        scripts += [rows % source + "show crystals.inputs.plane.shape\nshow crystals.train.count\n", rows % source + "show crystals\n"]
    return scripts


def of_csv(name, contents):
    return of_rows(f'csv("{name}")', contents)


def of_workbook(name, contents):
    with zipfile.ZipFile(io.BytesIO(contents)) as archive:
        # Its list of sheets lies where the archive says, which is not the same place everywhere.
        texts = [archive.read(name).decode("utf-8", "replace") for name in archive.namelist() if name.endswith(".xml")]
        sheets = [sheet for text in texts for sheet in re.findall(r'<\w*:?sheet [^>]*name="([^"<{}]+)"', text)]
    return [f'show xlsx("{name}")\n'] + [script for sheet in sheets for script in of_rows(f'xlsx("{name}", sheet: "{sheet}")')]


def of_density(name, contents):
    density = f'let d = chgcar("{name}")\n'
    return [density + f"show {what}\n" for what in ("d", "d.electrons", "d |> plane([1, 1, 1], size: [6, 6]) |> mean", "d[0] |> std")]


def of_picture(name, contents):
    grey, any_channels = f'picture("{name}", channels: grey)', f'picture("{name}", grey: repeat)'
    resized = [f"{any_channels} |> resize({how})" for how in ("[4, 5]", "[40, 3], method: bilinear")]
    return [f"show {what}\n" for what in (f"{grey}.shape", f"{grey} |> max", *resized)]


def of_tensor(name, contents):
    return [f'show tensor("{name}")\n', f'show tensor("{name}") |> mean\n']


def of_safetensors(name, contents):
    prediction = rows % 'csv("data/crystals.csv")' + f'predict trained("{name}") on crystals to "out/p.csv"\n'
    backbone = f'backbone net {{ architecture: VGG16, weights: "{name}" }}\nshow net\n'
    # A file that `export` wrote says so; another holds tensors of these names.
    return [prediction] if b"ecdx" in contents[:4000] else [f'show tensor("{name}", name: "b")\n', backbone]


def of_backbone(name, contents):
    return [f'backbone net {{ architecture: {architecture}, weights: "{name}" }}\nshow net\n' for architecture in ("DenseNet121", "VGG16")]


def seeds():
    """By kind: the files to begin with, how they are damaged, the end of their name, and the scripts that read one."""
    data, any_bytes = corpus / "data", mutations.damaged
    return [
        ("CHGCAR", [data / "densities" / f"{name}.CHGCAR" for name in ("Al-fcc", "BN-zincblende")], any_bytes, "CHGCAR", of_density),
        ("CHGCAR.gz", [data / "Al-fcc.CHGCAR.gz"], mutations.zipped, "CHGCAR.gz", of_density),
        ("CSV", [data / "crystals.csv", data / "quotes.csv", data / "parts.csv"], any_bytes, "csv", of_csv),
        ("XLSX", [data / "crystals.xlsx", *sorted(workbooks.glob("*.xlsx"))], mutations.workbook, "xlsx", of_workbook),
        ("PNG", sorted(pictures.glob("*.png")), mutations.png, "png", of_picture),
        ("JPEG", sorted(pictures.glob("*.jpg")), any_bytes, "jpg", of_picture),
        ("NPY", [data / "matrix.npy"], any_bytes, "npy", of_tensor),
        ("safetensors", [data / f"{name}.safetensors" for name in ("two", "exported", "older")], any_bytes, "safetensors", of_safetensors),
        # What was made to do harm has tests of its own, and so have the numbers of these files; here their outline is read.
        ("HDF5", sorted(path for path in weights.glob("*.h5") if not path.name.startswith("hostile")), any_bytes, "h5", of_backbone),
        ("scripts", sorted((corpus / "builtins").glob("*.ecdx")) + sorted((corpus / "language").glob("*.ecdx")), None, "ecdx", None),
    ]


def prepare(program, folder):
    return [(kind, [(path.name, path.read_bytes()) for path in paths], damage, end, reader) for kind, paths, damage, end, reader in seeds()]


def case(program, kinds, random, folder, number):
    kind, files, damage, end, reader = kinds[number % len(kinds)]
    name, contents = random.choice(files)
    folder.mkdir()
    (folder / "data").symlink_to(corpus / "data")
    if reader is None:
        # Scripts of the corpus read what lies beside their folder.
        script = folder / "scripts" / "mutant.ecdx"
        script.parent.mkdir()
        text = re.sub(r"^#[!:].*\n?", "", contents.decode(), flags=re.M)
        script.write_bytes(mutations.script(text, random))
        # A script that is no text ends as one that is not there does, with the status of a wrong command line.
        return attempt(program, script, unreadable=True)
    (folder / f"mutant.{end}").write_bytes(damage(contents, random))
    script = folder / "read.ecdx"
    script.write_text(random.choice(reader(f"mutant.{end}", contents)))
    return attempt(program, script)


def attempt(program, script, unreadable=False):
    """Checks a script, and tries it where it checks. Counts what passed."""
    limits = ("--memory", "1G")
    outcome = program.run("check", script.name, *limits, folder=script.parent)
    if unreadable and outcome.status == 2 and "expected UTF-8 text" in outcome.err:
        return {"no text": 1}
    if judge(outcome).status != 0:
        return {"refused by check": 1}
    outcome = judge(program.run("run", script.name, "--smoke", "--threads", "1", *limits, folder=script.parent))
    return {"read": 1} if outcome.status == 0 else {"refused by run": 1}
