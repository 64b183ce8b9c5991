"""`fieldapp restore`: a new profile folder from a backup; it never writes over a profile."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from fieldapp.commands.backup import contents_dict, contents_lines
from fieldapp.commands.opening import folder_of
from fieldapp.errors import ExitCode
from fieldapp.i18n import t
from fieldapp.storage.backup import restore


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.description = t("storage.help.restore")
    parser.add_argument("file", type=Path, metavar="FILE", help=t("storage.help.file"))
    parser.add_argument("--json", action="store_true", help=t("storage.help.json"))


def run(args: argparse.Namespace) -> int:
    """Restores, and says where the profile lies and what is in it."""
    folder = folder_of(args)
    held = restore(args.file, folder)
    if args.json:
        about = {"file": str(args.file), "profile": str(folder)}
        print(json.dumps(about | contents_dict(held) | {"needs_enrolment": True}, ensure_ascii=False))
    else:
        print(t("storage.restore.done", name=str(folder)))
        print("\n".join(contents_lines(held)))
        print(t("storage.restore.next_sync"))  # whether it was enrolled lies behind the PIN
    return ExitCode.OK
