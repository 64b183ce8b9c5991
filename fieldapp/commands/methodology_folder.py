"""`fieldapp methodology load --into DIR`: a folder of versions takes a pack under the same rules as a profile does."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from fieldapp.carbon import packs, registry
from fieldapp.carbon.check import refuse_faulty
from fieldapp.carbon.registry import Registry
from fieldapp.carbon.tables import VERSION
from fieldapp.carbon.upgrades import is_another, is_older
from fieldapp.errors import ExitCode, ItemError, StorageError, UsageError
from fieldapp.geo.files import read_bytes
from fieldapp.i18n import t

LINES = 40  # of each list; `--json` gives everything


def load(args: argparse.Namespace) -> int:
    """Shows what a pack would change, and lays it into the folder when the person agrees."""
    into = Path(args.into)
    kept = _kept(into)
    new = _asked_for(args)
    current = _current(args, kept, new)
    _refuse_same_version([*kept, current], new)
    facts: dict[str, Any] = {"from": current.version, "version": new.version, "checksum": new.checksum}
    if any(one.checksum == new.checksum for one in kept):
        return told(args, {"version": new.version, "adopted": False, "in_use": True}, t("methodology.has_it", **facts))
    if is_older(new, current):
        raise ItemError("methodology_pack_older", version=new.version, current=current.version)
    facts["another"] = is_another(current, new)
    facts["data"] = [line.as_dict() for line in packs.differences(current, new)]
    if not args.json:
        print_data(facts)
    if not agreed(args):
        told(args, {**facts, "adopted": False}, t("methodology.not_adopted"))
        return ExitCode.REFUSED
    _lay(new, into / new.version)
    return told(args, {**facts, "adopted": True}, t("command.methodology.loaded", version=new.version))


def opened(args: argparse.Namespace) -> Registry:
    """The registry of the pack, signed by one of the keys."""
    return packs.open_pack(read_bytes(args.pack), [packs.read_public_key(read_bytes(key)) for key in args.key])


def agreed(args: argparse.Namespace) -> bool:
    """Whether the person said yes: beforehand, or when asked at a terminal."""
    if args.yes:
        return True
    if args.json or not sys.stdin.isatty():
        return False
    return input(t("methodology.ask")).strip().casefold() in ("y", "yes", "是")


def told(args: argparse.Namespace, facts: dict[str, Any], text: str) -> int:
    """Prints the outcome, as a sentence or as JSON."""
    print(json.dumps(facts, ensure_ascii=False, indent=2) if args.json else text)
    return ExitCode.OK


def print_data(facts: dict[str, Any]) -> None:
    """The two versions, and the lines in which their data differ."""
    print(t("methodology.from_to", old=facts["from"], new=facts["version"], checksum=facts["checksum"][:12]))
    if facts["another"]:
        print(t("methodology.another"))
    lines = [f"  {one['what']}  {one['where']}: {one['old']} -> {one['new']}" for one in facts["data"]]
    print_some(t("methodology.data", n=len(lines)), lines)


def print_some(title: str, lines: list[str]) -> None:
    """A list under its title, cut where nobody reads on."""
    print(title)
    print("\n".join(lines[:LINES]) or "  -")
    if len(lines) > LINES:
        print(t("methodology.more", n=len(lines) - LINES))


def _asked_for(args: argparse.Namespace) -> Registry:
    if args.shipped:
        return registry.load()
    if args.pack is None:
        raise UsageError("methodology_what")
    new = opened(args)
    refuse_faulty(new)
    return new


def _kept(into: Path) -> list[Registry]:
    """Every methodology that the folder holds."""
    return [registry.load(place.parent) for place in sorted(into.glob(f"*/{VERSION}"))]


def _current(args: argparse.Namespace, kept: list[Registry], new: Registry) -> Registry:
    """What the pack would follow: the newest of its name in the folder, or what the program works with."""
    newest = registry.load(args.methodology)
    for one in kept:
        same_name = one.about.get("name") == new.about.get("name")
        if same_name and (newest.about.get("name") != new.about.get("name") or is_older(newest, one)):
            newest = one
    return newest


def _refuse_same_version(known: list[Registry], new: Registry) -> None:
    """One version names one content: another of the same name could not be told apart on any page."""
    for one in known:
        if one.version == new.version and one.checksum != new.checksum:
            facts = {"kept": one.checksum[:12], "found": new.checksum[:12]}
            raise ItemError("methodology_same_version", version=new.version, **facts)


def _lay(new: Registry, target: Path) -> None:
    try:
        packs.write_folder(new, target)
    except OSError as error:
        raise StorageError("geo_file_unwritable", name=target.name, reason=error.strerror or "") from error
