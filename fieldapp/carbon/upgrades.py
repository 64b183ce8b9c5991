"""Whether a pack may take the place of the methodology that is in use, and what it would change in the data."""

from __future__ import annotations

from collections.abc import Iterable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fieldapp.carbon.check import refuse_faulty
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.packs import Difference, differences, open_pack
from fieldapp.carbon.registry import Registry
from fieldapp.domain.sinks import Estimator
from fieldapp.errors import ItemError


def usable(data: bytes, trusted: Iterable[bytes], current: Estimator) -> RegistryEstimator:
    """What computes by a pack that a trusted key (32 bytes) has signed, that passes every check and is not older.

    Raises ItemError methodology_pack_damaged, methodology_pack_not_trusted, methodology_pack_faulty,
    methodology_pack_older.
    """
    new = open_pack(data, map(Ed25519PublicKey.from_public_bytes, trusted))
    refuse_faulty(new)
    if isinstance(current, RegistryEstimator) and is_older(new, current.registry):
        raise ItemError("methodology_pack_older", version=new.version, current=current.registry.version)
    return RegistryEstimator(new)


def changed_data(old: Estimator, new: Estimator) -> list[Difference]:
    """The lines in which two methodologies differ; none when the old one can no longer be read."""
    if isinstance(old, RegistryEstimator) and isinstance(new, RegistryEstimator):
        return differences(old.registry, new.registry)
    return []


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
