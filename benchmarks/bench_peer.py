"""PouchDB replicating as many trees to express-pouchdb on the same machine: what the sync's own figures stand beside.

Needs node and a folder with `npm install pouchdb express-pouchdb express@4`, named by FIELDAPP_PEER; without it
there is nothing to measure, which is said.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.figures import Figure
from tests.sync.faults import FaultyLink

TREES = 100_000
_SCRIPT = Path(__file__).resolve().parent / "peer_pouchdb.js"


def run() -> list[Figure]:
    """Trees per second and bytes a tree in both directions, one document a tree."""
    node, installed = shutil.which("node"), os.environ.get("FIELDAPP_PEER", "")
    if node is None or not (Path(installed) / "node_modules" / "express-pouchdb").is_dir():
        print(
            "no peer: needs node, and FIELDAPP_PEER naming a folder with pouchdb and express-pouchdb", file=sys.stderr
        )
        return []
    with tempfile.TemporaryDirectory() as folder:
        return _replicate(node, Path(folder))


def _replicate(node: str, folder: Path) -> list[Figure]:
    for name in ("server", "laptop"):
        (folder / name).mkdir()
    server = _start(node, "serve", str(folder / "server"))
    laptop = _start(node, "push", str(folder / "laptop"), str(TREES))
    try:
        assert server.stdout is not None
        assert laptop.stdout is not None
        assert laptop.stdin is not None
        port = int(server.stdout.readline())
        assert laptop.stdout.readline().strip() == "filled"
        with FaultyLink(f"http://127.0.0.1:{port}") as link:
            laptop.stdin.write(f"{link.url}/village\n")
            laptop.stdin.flush()
            seconds = float(laptop.stdout.readline())
            per_tree = (link.bytes_up + link.bytes_down) / TREES
    finally:
        for process in (laptop, server):
            process.kill()
            process.communicate()
    return [
        Figure("peer: PouchDB to express-pouchdb", TREES / seconds, "trees/s", None, True, f"{TREES:,} trees"),
        Figure("peer: on the wire, both directions", per_tree, "bytes/tree", None),
    ]


def _start(node: str, *words: str) -> subprocess.Popen[str]:
    command = [node, str(_SCRIPT), *words]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
