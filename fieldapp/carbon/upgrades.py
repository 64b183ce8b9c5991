"""Whether a pack may take the place of the methodology that is in use, and what it would change in the data."""

from __future__ import annotations

import re
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


def is_another(old: Registry, new: Registry) -> bool:
    """Whether these are two methodologies and not two versions of one: which is the newer cannot be said."""
    return old.about.get("name") != new.about.get("name")


def replaces_another(old: Estimator, new: Estimator) -> bool:
    """The same of what computes by them."""
    if isinstance(old, RegistryEstimator) and isinstance(new, RegistryEstimator):
        return is_another(old.registry, new.registry)
    return False


def is_older(one: Registry, other: Registry) -> bool:
    """Whether this is an earlier version of the same methodology; two of different names have no order."""
    if is_another(one, other):
        return False
    return _order(one.about["version"]) < _order(other.about["version"])


def _order(version: str) -> list[tuple[bool, int, str]]:
    """Versions in the order of their numbers, not of their digits; a letter comes later: 2026.1, 2026.1b, 2026.10.

    Any two can be put in order, so that no spelling slips by as a newer one.
    """
    parts = re.findall(r"[0-9]+|[^0-9.\s_-]+", version)
    return [(False, int(part), "") if part.isdecimal() else (True, 0, part.lower()) for part in parts]
