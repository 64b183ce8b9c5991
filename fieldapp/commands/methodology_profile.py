"""`fieldapp methodology load --profile`, `trust` and `versions`: the methodology that a profile works with."""

from __future__ import annotations

import argparse
import json
from typing import Any

from fieldapp.carbon import packs, upgrades
from fieldapp.commands.methodology_folder import agreed, print_data, print_some, told
from fieldapp.commands.opening import open_profile
from fieldapp.domain.sinks import Method
from fieldapp.errors import ExitCode, ItemError, UsageError
from fieldapp.geo.files import read_bytes
from fieldapp.i18n import t
from fieldapp.storage import methodology, office_keys
from fieldapp.storage.method_change import Change, change
from fieldapp.storage.store import Store


def load(args: argparse.Namespace) -> int:
    """Shows what a pack would change in the profile, and takes it when the person agrees."""
    store = open_profile(args)
    try:
        new = _asked_for(store, args)
        if methodology.is_settled(store, new):
            facts = {"version": new.method_version, "adopted": False, "in_use": True}
            return told(args, facts, t("methodology.in_use", version=new.method_version))
        found = change(store, new)
        facts = {
            "from": store.estimator.method_version,
            "version": new.method_version,
            "checksum": new.checksum,
            "another": upgrades.replaces_another(store.estimator, new),
            "data": [line.as_dict() for line in upgrades.changed_data(store.estimator, new)],
            "sinks": found.as_dict(),
        }
        if not args.json:
            _print(facts, found)
        if not agreed(args):
            told(args, {**facts, "adopted": False}, t("methodology.not_adopted"))
            return ExitCode.REFUSED
        methodology.adopt(store, new)
        return told(args, {**facts, "adopted": True}, t("methodology.adopted", version=new.method_version))
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


def _print(facts: dict[str, Any], found: Change) -> None:
    print_data(facts)
    old, new = f"{found.old_kg:,.1f}", f"{found.new_kg:,.1f}"
    print(t("methodology.sums", trees=found.trees, changed=found.changed, old=old, new=new))
    print_some(
        t("methodology.per_household", n=len(found.households)),
        [f"  {h.code}  {h.old_kg:,.1f} -> {h.new_kg:,.1f} kg  ({h.changed}/{h.trees})" for h in found.households],
    )
    print_some(
        t("methodology.biggest"),
        [
            f"  {tree.household}  {tree.tag}  {_kg(tree.old_kg)} -> {_kg(tree.new_kg)}  "
            f"({tree.old_equation} -> {tree.new_equation or tree.error})"
            for tree in found.biggest
        ],
    )
    print(t("methodology.kept", n=found.kept, kg=f"{found.kept_kg:,.1f}"))


def _kg(value: float | None) -> str:
    return "-" if value is None else f"{value:,.2f} kg"
