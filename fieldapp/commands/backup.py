"""`fieldapp backup`: a checked, encrypted backup of a profile in one file."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from fieldapp.commands.opening import open_profile
from fieldapp.errors import ExitCode
from fieldapp.i18n import t
from fieldapp.storage.backup import backup


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.description = t("storage.help.backup")
    parser.add_argument("out", type=Path, metavar="OUT", help=t("storage.help.out"))
    parser.add_argument("--photos", action="store_true", help=t("storage.help.photos"))
    parser.add_argument("--json", action="store_true", help=t("storage.help.json"))


def run(args: argparse.Namespace) -> int:
    """Makes the backup and says where it lies."""
    store = open_profile(args)
    try:
        made = backup(store, args.out, photos=args.photos)
    finally:
        store.close()
    size = made.stat().st_size
    if args.json:
        print(json.dumps({"file": str(made), "size_bytes": size, "photos": args.photos}, ensure_ascii=False))
    else:
        print(t("storage.backup.made", name=str(made), megabytes=f"{size / 1e6:.1f}"))
    return ExitCode.OK
