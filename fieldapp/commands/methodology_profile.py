"""`fieldapp methodology load --profile`, `trust` and `versions`: the methodology that a profile works with."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from fieldapp.carbon import packs, upgrades
from fieldapp.commands.opening import open_profile
from fieldapp.domain.sinks import Method
from fieldapp.errors import ExitCode, ItemError, UsageError
from fieldapp.geo.files import read_bytes
from fieldapp.i18n import t
from fieldapp.storage import methodology, office_keys
from fieldapp.storage.method_change import Change, change
from fieldapp.storage.store import Store

_LINES = 40  # of each list; `--json` gives everything


def load(args: argparse.Namespace) -> int:
    """Shows what a pack would change in the profile, and takes it when the person agrees."""
    store = open_profile(args)
    try:
        new = _asked_for(store, args)
        if methodology.is_settled(store, new):
            return _told(args, {"version": new.method_version, "adopted": False, "in_use": True}, "in_use")
        found = change(store, new)
        facts = {
            "from": store.estimator.method_version,
            "version": new.method_version,
            "checksum": new.checksum,
            "data": [line.as_dict() for line in upgrades.changed_data(store.estimator, new)],
            "sinks": found.as_dict(),
        }
        if not args.json:
            _print(facts, found)
        if not _agreed(args):
            _told(args, {**facts, "adopted": False}, "not_adopted")
            return ExitCode.REFUSED
        methodology.adopt(store, new)
        return _told(args, {**facts, "adopted": True}, "adopted")
    finally:
        store.close()


def trust(args: argparse.Namespace) -> int:
    """Takes packs of a key from now on, or no more; without a key, tells which are trusted."""
    store = open_profile(args)
    try:
        if args.pem is not None:
            public = packs.public_bytes(packs.read_public_key(read_bytes(args.pem)))
            if args.remove:
                office_keys.distrust(store, public)
            else:
                office_keys.trust(store, public)
        known = office_keys.trusted(store)
    finally:
        store.close()
    if args.json:
        print(json.dumps([{"fingerprint": one.fingerprint, "since_ms": one.since_ms} for one in known], indent=2))
    else:
        print("\n".join(one.fingerprint for one in known) or t("methodology.no_keys"))
    return ExitCode.OK


def versions(args: argparse.Namespace) -> int:
    """Every methodology that the profile keeps, the active one first."""
    store = open_profile(args)
    try:
        kept = methodology.in_use(store)
    finally:
        store.close()
    if args.json:
        names = ("version", "checksum", "active", "households")
        print(json.dumps([{name: getattr(one, name) for name in names} for one in kept], indent=2))
        return ExitCode.OK
    for one in kept:
        mark = t("methodology.active") if one.active else t("methodology.earlier")
        print(f"{mark}  {one.version}  {one.checksum[:12]}  {t('methodology.households', n=one.households)}")
    return ExitCode.OK


def _asked_for(store: Store, args: argparse.Namespace) -> Method:
    if args.shipped:
        shipped = store.methods.shipped
        if not isinstance(shipped, Method):
            raise ItemError("methodology_file_missing", file="version.json")
        new: Method = shipped
    elif args.pack is None:
        raise UsageError("methodology_what")
    else:
        keys = [packs.public_bytes(packs.read_public_key(read_bytes(key))) for key in args.key]
        trusted = [*keys, *(one.public for one in office_keys.trusted(store))]
        new = upgrades.usable(read_bytes(args.pack), trusted, store.estimator)
    methodology.refuse_same_version(store, new)
    return new


def _agreed(args: argparse.Namespace) -> bool:
    if args.yes:
        return True
    if args.json or not sys.stdin.isatty():
        return False
    return input(t("methodology.ask")).strip().casefold() in ("y", "yes", "是")


def _told(args: argparse.Namespace, facts: dict[str, Any], outcome: str) -> int:
    if args.json:
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        texts = {
            "in_use": t("methodology.in_use", version=facts["version"]),
            "not_adopted": t("methodology.not_adopted"),
            "adopted": t("methodology.adopted", version=facts["version"]),
        }
        print(texts[outcome])
    return ExitCode.OK


def _print(facts: dict[str, Any], found: Change) -> None:
    print(t("methodology.from_to", old=facts["from"], new=facts["version"], checksum=facts["checksum"][:12]))
    lines = [f"  {one['what']}  {one['where']}: {one['old']} -> {one['new']}" for one in facts["data"]]
    _print_some(t("methodology.data", n=len(lines)), lines)
    old, new = f"{found.old_kg:,.1f}", f"{found.new_kg:,.1f}"
    print(t("methodology.sums", trees=found.trees, changed=found.changed, old=old, new=new))
    _print_some(
        t("methodology.per_household", n=len(found.households)),
        [f"  {h.code}  {h.old_kg:,.1f} -> {h.new_kg:,.1f} kg  ({h.changed}/{h.trees})" for h in found.households],
    )
    _print_some(
        t("methodology.biggest"),
        [
            f"  {tree.household}  {tree.tag}  {_kg(tree.old_kg)} -> {_kg(tree.new_kg)}  "
            f"({tree.old_equation} -> {tree.new_equation or tree.error})"
            for tree in found.biggest
        ],
    )
    print(t("methodology.kept", n=found.kept, kg=f"{found.kept_kg:,.1f}"))


def _print_some(title: str, lines: list[str]) -> None:
    print(title)
    print("\n".join(lines[:_LINES]) or "  -")
    if len(lines) > _LINES:
        print(t("methodology.more", n=len(lines) - _LINES))


def _kg(value: float | None) -> str:
    return "-" if value is None else f"{value:,.2f} kg"
