"""Whether a pack may take the place of the methodology that is in use."""

from __future__ import annotations

from collections.abc import Iterable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fieldapp.carbon.check import check
from fieldapp.carbon.packs import open_pack
from fieldapp.carbon.registry import Registry
from fieldapp.errors import ItemError


def usable(data: bytes, trusted: Iterable[Ed25519PublicKey], current: Registry | None = None) -> Registry:
    """The registry of a pack that is signed by a trusted key, passes every check and is not older than `current`.

    Raises ItemError methodology_pack_damaged, methodology_pack_not_trusted, methodology_pack_faulty,
    methodology_pack_older.
    """
    new = open_pack(data, trusted)
    problems = check(new)
    if problems:
        first = problems[0]
        raise ItemError("methodology_pack_faulty", n=len(problems), where=first.where, problem=first.code)
    if current is not None and is_older(new, current):
        raise ItemError("methodology_pack_older", version=new.version, current=current.version)
    return new


def is_older(one: Registry, other: Registry) -> bool:
    """Whether this is an earlier version of the same methodology; two of different names have no order."""
    if one.about.get("name") != other.about.get("name"):
        return False
    ours, theirs = _numbers(one.about["version"]), _numbers(other.about["version"])
    return bool(ours and theirs) and ours < theirs


def _numbers(version: str) -> tuple[int, ...]:
    """2026.1 as numbers; nothing when it is not written so."""
    parts = version.split(".")
    return tuple(map(int, parts)) if all(part.isascii() and part.isdigit() for part in parts) else ()
