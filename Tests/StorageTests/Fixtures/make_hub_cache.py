#!/usr/bin/env python3
"""Writes the caches in `hub-cache/` as huggingface_hub does it, from a hub on this machine with a model of a few bytes.

    python3 -m venv venv && venv/bin/pip install huggingface_hub==2.4.0
    venv/bin/python make_hub_cache.py

`links` is the usual cache, `copies` one without symbolic links (HF_HUB_DISABLE_SYMLINKS=1), `tokenizer` one into which only the
tokenizer was downloaded, `files` one that was filled file by file, asked for a file that the hub does not have too. `expected.json`
says what huggingface_hub itself then finds there without a network. The server answers as the hub does: sizes and hashes in the
listing and in the tree, redirects to another server for what Git LFS keeps. The hub itself cannot be reached where this was made.
"""
import hashlib
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent / "hub-cache"
MODEL = "FacebookAI/roberta-base"
COMMIT = hashlib.sha1(b"a commit of the fixture").hexdigest()
FILES = {
    "config.json": b'{"architectures": ["RobertaModel"], "model_type": "roberta"}\n',
    "merges.txt": b"#version: 0.2\n",
    "model.safetensors": (2).to_bytes(8, "little") + b"{}",
    "tokenizer.json": b'{"version": "1.0"}\n',
    "vocab.json": b"{}\n",
    "1_Pooling/config.json": b'{"pooling_mode_mean_tokens": true}\n',
}
LARGE = {"model.safetensors"}


def sha256(name):
    return hashlib.sha256(FILES[name]).hexdigest()


def blob(name):
    return hashlib.sha1(b"blob %d\0" % len(FILES[name]) + FILES[name]).hexdigest()


def pointer(name):
    text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256(name)}\nsize {len(FILES[name])}\n".encode()
    return hashlib.sha1(b"blob %d\0" % len(text) + text).hexdigest(), len(text)


class Hub(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self):
        path = urllib.parse.urlsplit(self.path).path
        as_json = {"Content_Type": "application/json"}
        if path in (f"/api/models/{MODEL}/revision/main", f"/api/models/{MODEL}"):
            body = {"id": MODEL, "sha": COMMIT, "private": False, "gated": False, "tags": [], "downloads": 0, "likes": 0,
                    "siblings": [{"rfilename": name} for name in sorted(FILES)]}
            return self.reply(200, json.dumps(body).encode(), **as_json)
        if path == f"/api/models/{MODEL}/tree/{COMMIT}":
            entries = []
            for name in sorted(FILES):
                entry = {"type": "file", "path": name, "size": len(FILES[name]), "oid": blob(name)}
                if name in LARGE:
                    oid, size = pointer(name)
                    entry["oid"] = oid
                    entry["lfs"] = {"oid": sha256(name), "size": len(FILES[name]), "pointerSize": size}
                entries.append(entry)
            return self.reply(200, json.dumps(entries).encode(), **as_json)
        for start in (f"/{MODEL}/resolve/{COMMIT}/", f"/{MODEL}/resolve/main/"):
            if not path.startswith(start):
                continue
            name = urllib.parse.unquote(path[len(start):])
            if name not in FILES:
                return self.reply(404, b"Entry not found", X_Error_Code="EntryNotFound", X_Repo_Commit=COMMIT)
            if name in LARGE:
                return self.reply(
                    302, b"", Location=f"http://localhost:{self.server.server_address[1]}/cdn/{name}", X_Repo_Commit=COMMIT,
                    X_Linked_Etag=f'"{sha256(name)}"', X_Linked_Size=str(len(FILES[name])))
            return self.reply(200, FILES[name], ETag=f'"{blob(name)}"', X_Repo_Commit=COMMIT)
        if path.startswith("/cdn/"):
            name = path[len("/cdn/"):]
            return self.reply(200, FILES[name], ETag=f'"{sha256(name)}"')
        self.reply(404, b'{"error": "Repository not found"}', X_Error_Code="RepoNotFound")

    do_HEAD = do_GET


FILL = {
    "links": "snapshot_download(MODEL)",
    "copies": "snapshot_download(MODEL)",
    "tokenizer": "snapshot_download(MODEL, allow_patterns=['config.json', 'tokenizer*', 'vocab.json', 'merges.txt'])",
    "files": """
for name in ['config.json', 'tokenizer.json', 'model.safetensors']:
    hf_hub_download(MODEL, name)
try:
    hf_hub_download(MODEL, 'spiece.model')
except EntryNotFoundError:
    pass
""",
}
ASK = """
from huggingface_hub import try_to_load_from_cache
names = ['config.json', 'model.safetensors', 'tokenizer.json', 'vocab.json', 'spiece.model']
found = {n: try_to_load_from_cache(MODEL, n) for n in names}
print(json.dumps({n: p if isinstance(p, str) else None for n, p in found.items()}))
"""


def python(body, cache, endpoint, **more):
    head = f"import json\nfrom huggingface_hub import hf_hub_download, snapshot_download\n" \
           f"from huggingface_hub.errors import EntryNotFoundError\nMODEL = {MODEL!r}\n"
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "HUGGING"))}
    environment |= {"HF_HUB_CACHE": str(cache), "HF_ENDPOINT": endpoint, "HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_TELEMETRY": "1",
                    "HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HOME": str(cache.parent / "home")} | more
    return subprocess.run([sys.executable, "-c", head + body], env=environment, check=True, capture_output=True, text=True).stdout


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"http://127.0.0.1:{server.server_address[1]}"
    shutil.rmtree(HERE, ignore_errors=True)
    expected = {"commit": COMMIT, "caches": {}}
    for name, body in FILL.items():
        cache = HERE / name
        more = {"HF_HUB_DISABLE_SYMLINKS": "1"} if name == "copies" else {}
        python(body, cache, endpoint, **more)
        found = json.loads(python(ASK, cache, endpoint, HF_HUB_OFFLINE="1"))
        expected["caches"][name] = {n: p and os.path.relpath(p, cache) for n, p in found.items()}
        # Locks are of no use in a fixture.
        shutil.rmtree(cache / ".locks", ignore_errors=True)
    shutil.rmtree(HERE / "home", ignore_errors=True)
    (HERE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


main()
