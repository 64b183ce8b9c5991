"""`python -m benchmarks [NAME ...]`: runs the named bench_NAME.py modules, or all, and prints their figures.

A figure that misses its limit is printed plainly; only a benchmark that crashes makes the exit code 1.
Each module runs in a process of its own, so that one's memory and caches do not colour the next one's figures.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.figures import Figure, table

FOLDER = Path(__file__).resolve().parent


def names() -> list[str]:
    """The benchmarks there are."""
    return sorted(file.stem.removeprefix("bench_") for file in FOLDER.glob("bench_*.py"))


def measure(name: str) -> list[Figure] | None:
    """Runs one benchmark in a fresh process; None when it crashed."""
    command = [sys.executable, "-m", "benchmarks", "--json", name]
    done = subprocess.run(command, cwd=FOLDER.parent, stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        return None
    return [Figure(**row) for row in json.loads(done.stdout.splitlines()[-1])]


def main(words: Sequence[str]) -> int:
    """Prints the figures of the named benchmarks; exit code 2 for a name that does not exist."""
    if words[:1] == ["--json"]:
        figures = importlib.import_module(f"benchmarks.bench_{words[1]}").run()
        print(json.dumps([asdict(figure) for figure in figures]))
        return 0
    unknown = sorted(set(words) - set(names()))
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are: {', '.join(names())}", file=sys.stderr)
        return 2
    crashed = []
    for name in words or names():
        figures = measure(name)
        if figures is None:
            crashed.append(name)
        else:
            print(f"{name}\n{table(figures)}\n", flush=True)
    if crashed:
        print(f"crashed: {', '.join(crashed)}", file=sys.stderr)
    return 1 if crashed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
