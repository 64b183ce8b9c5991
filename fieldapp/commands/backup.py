"""`fieldapp backup`: a checked, encrypted backup of a profile in one file."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from fieldapp.commands.opening import open_profile
from fieldapp.errors import ExitCode
from fieldapp.i18n import t
from fieldapp.storage.backup import Contents, backup, contents


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
    held = contents(made)
    size = made.stat().st_size
    if args.json:
        about = {"file": str(made), "size_bytes": size, "photos": args.photos}
        print(json.dumps(about | contents_dict(held), ensure_ascii=False))
    else:
        print(t("storage.backup.made", name=str(made), megabytes=f"{size / 1e6:.1f}"))
        print("\n".join(contents_lines(held)))
    return ExitCode.OK


def contents_dict(held: Contents) -> dict[str, int]:
    """What is in a backup and what is not, as the JSON of `backup` and `restore`."""
    return {
        "photo_files": held.photos,
        "photo_bytes": held.photo_bytes,
        "left_out": held.left_out,
        "left_out_bytes": held.left_out_bytes,
        "missing": held.missing,
    }


def contents_lines(held: Contents) -> list[str]:
    """What is in a backup and what is not, in words."""
    lines = [t("storage.backup.in", n=held.photos, megabytes=f"{held.photo_bytes / 1e6:.1f}")]
    if held.left_out:
        lines.append(t("storage.backup.left_out", n=held.left_out, megabytes=f"{held.left_out_bytes / 1e6:.1f}"))
    if held.missing:
        lines.append(t("storage.backup.missing", n=held.missing))
    return lines
