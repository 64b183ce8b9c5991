"""The command line: one module per command in `fieldapp.commands`, loaded only when it is called."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from fieldapp import __version__, i18n
from fieldapp.errors import ExitCode, FieldappError

# name -> module in fieldapp.commands; each has `configure(parser)` and `run(args) -> int`
COMMANDS = {
    "practice": "practice",
    "estimate": "estimate",
    "explain": "explain",
    "methodology": "methodology",
    "nmea": "nmea",
    "coords": "coords",
    "area": "area",
    "check-id": "check_id",
    "photo": "photo",
    "sync": "sync",
    "status": "status",
    "serve": "serve",
    "backup": "backup",
    "restore": "restore",
    "verify": "verify",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command, or the window when none is named; returns the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    name = next((w for w in words if w in COMMANDS), None)
    parser = _parser(name)
    try:
        args = parser.parse_args(words)
    except SystemExit as stop:
        return int(stop.code or 0)
    if args.lang:
        i18n.set_language(args.lang)
    try:
        if name is None:
            app = importlib.import_module("fieldapp.app")
            return int(app.run(args.profile))
        return int(_module(name).run(args))
    except FieldappError as error:
        title, message, advice = i18n.error_texts(error)
        print(f"{title}\n{message}\n{advice}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        return ExitCode.OK


def _module(name: str):  # type: ignore[no-untyped-def]
    return importlib.import_module(f"fieldapp.commands.{COMMANDS[name]}")


def _parser(name: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fieldapp")
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--profile", type=Path, metavar="DIR")
    parser.add_argument("--lang", choices=i18n.LANGUAGES)
    commands = parser.add_subparsers(metavar="COMMAND")
    for known in COMMANDS:
        sub = commands.add_parser(known)
        if known == name:
            _module(known).configure(sub)
    return parser
