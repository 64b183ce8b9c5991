"""Signed methodology packs: the registry's files in one archive, with a manifest and an Ed25519 signature over it.

An office signs with its own key; a laptop loads a pack only when a key that it trusts has signed it.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import lzma
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.modelled import modelled_yearly
from fieldapp.carbon.registry import Registry
from fieldapp.carbon.tables import FILES, read_folder
from fieldapp.domain.sinks import SinkInput
from fieldapp.errors import ItemError

MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"
FORMAT = 1
# RuntimeError: members that want a password, a manifest that nests without end, a compression that is not there
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError),
    *(KeyError, ValueError, TypeError, RuntimeError),
)
MOST_BYTES = 32 * 1024 * 1024
# trees by which an upgrade is shown: the programme's diameters, with and without a height
_GROWN = (8.0, 8.0)  # cm, years: the tree by whose modelled year it is shown
_TYPICAL = ((5.0, None), (6.5, None), (6.5, 5.5), (8.0, None), (8.0, 7.0), (12.0, 10.0))


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of what an upgrade changes; `what` is added, removed, changed, sink or modelled."""

    what: str
    where: str
    old: str
    new: str

    def as_dict(self) -> dict[str, str]:
        """As in the JSON of `fieldapp methodology diff`."""
        return {"what": self.what, "where": self.where, "old": self.old, "new": self.new}


def sign(folder: Path, key: Ed25519PrivateKey) -> bytes:
    """The folder's methodology as a signed pack; a registry that cannot be read is an ItemError."""
    contents = read_folder(folder)
    registry = Registry(contents)
    manifest = _canonical(
        {
            "format": FORMAT,
            "version": registry.version,
            "files": {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()},
            "signer": public_bytes(key.public_key()).hex(),
        }
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in ((MANIFEST, manifest), (SIGNATURE, base64.b64encode(key.sign(manifest))), *contents.items()):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return packed.getvalue()


def open_pack(data: bytes, trusted: Iterable[Ed25519PublicKey]) -> Registry:
    """The registry of a pack that one of the trusted keys has signed; anything else is an ItemError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
                raise ItemError("methodology_pack_damaged")
            members = {name: archive.read(name) for name in (MANIFEST, SIGNATURE, *FILES)}
        signature = base64.b64decode(members[SIGNATURE], validate=True)
        manifest: dict[str, Any] = json.loads(members[MANIFEST])
        files = dict(manifest["files"])
    except _UNREADABLE as error:
        raise ItemError("methodology_pack_damaged") from error
    if not any(_signed_by(key, signature, members[MANIFEST]) for key in trusted):
        raise ItemError("methodology_pack_not_trusted")
    contents = {name: members[name] for name in FILES}
    if files != {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}:
        raise ItemError("methodology_pack_damaged")
    return Registry(contents)


def differences(old: Registry, new: Registry) -> list[Difference]:
    """What an upgrade would change, in the data and in the sinks of typical trees."""
    lines = [Difference("version", "", old.version, new.version)] if old.version != new.version else []
    before, after = _entries(old), _entries(new)
    for name in before:
        lines += _changed(name, before[name], after[name])
    return lines + _sinks(old, new)


def read_private_key(data: bytes) -> Ed25519PrivateKey:
    """An office's signing key in PEM; anything else is an ItemError."""
    try:
        key = serialization.load_pem_private_key(data, password=None)
    except (ValueError, TypeError) as error:
        raise ItemError("methodology_key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ItemError("methodology_key")
    return key


def read_public_key(data: bytes) -> Ed25519PublicKey:
    """A trusted key in PEM; anything else is an ItemError."""
    try:
        key = serialization.load_pem_public_key(data)
    except (ValueError, TypeError) as error:
        raise ItemError("methodology_key") from error
    if not isinstance(key, Ed25519PublicKey):
        raise ItemError("methodology_key")
    return key


def write_folder(registry: Registry, folder: Path) -> None:
    """Lays the registry's files down; `registry.load(folder)` reads them again."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in registry.contents.items():
        (folder / name).write_bytes(data)


def _signed_by(key: Ed25519PublicKey, signature: bytes, manifest: bytes) -> bool:
    try:
        key.verify(signature, manifest)
    except InvalidSignature:
        return False
    return True


def _changed(name: str, old: dict[str, Any], new: dict[str, Any]) -> list[Difference]:
    lines = [Difference("removed", f"{name}/{key}", key, "") for key in old.keys() - new.keys()]
    lines += [Difference("added", f"{name}/{key}", "", key) for key in new.keys() - old.keys()]
    for key in old.keys() & new.keys():
        left, right = _fields(old[key]), _fields(new[key])
        lines += [
            Difference("changed", f"{name}/{key}/{column}", left[column], right[column])
            for column in left
            if left[column] != right[column]
        ]
    return sorted(lines, key=lambda line: (line.where, line.what))


def _fields(entry: Any) -> dict[str, str]:
    if isinstance(entry, str):
        return {"text": entry}
    return {column: str(getattr(entry, column)) for column in entry.__dataclass_fields__}


def _entries(registry: Registry) -> dict[str, dict[str, Any]]:
    """Every entry of every file under a name that stays the same from version to version."""
    return {
        "about": {key: text for key, text in registry.about.items() if key != "version"},
        "equations": registry.equations,
        "densities": registry.densities,
        "references": registry.references,
        "species": {species.id: species for species in registry.species_list},
        "factors": {f"{f.set}/{f.quantity}/{f.taxon}": f for f in registry.factors},
        "curves": {curve.id: curve for curve in registry.curves.values()},
        "worked": {f"{w.equation} {w.quantity} {w.d_cm} {w.h_m} {w.wood_density}": w for w in registry.worked},
        "dictionary": {f"{note.file}/{note.column}": note for note in registry.dictionary},
    }


def _sinks(old: Registry, new: Registry) -> list[Difference]:
    before, after = RegistryEstimator(old), RegistryEstimator(new)
    lines = []
    for species in sorted({s.id for s in old.species_list} | {s.id for s in new.species_list}):
        for d_cm, h_m in _TYPICAL:
            tree = SinkInput(species, d_cm, h_m)
            left, right = _told(before, tree), _told(after, tree)
            if left != right:
                height = "" if h_m is None else f" H {h_m:g} m"
                lines.append(Difference("sink", f"{species} D {d_cm:g} cm{height}", left, right))
        grown = [_yearly(estimator, species) for estimator in (before, after)]
        if grown[0] != grown[1]:
            lines.append(Difference("modelled", f"{species} D {_GROWN[0]:g} cm, {_GROWN[1]:g} years", *grown))
    return lines


def _yearly(estimator: RegistryEstimator, species: str) -> str:
    found = modelled_yearly(estimator, SinkInput(species, _GROWN[0]), _GROWN[1])
    return found.error if found.yearly_kg is None else f"{found.yearly_kg:.3f} kg CO2e a year ({found.curve})"


def _told(estimator: RegistryEstimator, tree: SinkInput) -> str:
    sink = estimator.estimate(tree)
    return sink.error if sink.co2e_kg is None else f"{sink.co2e_kg:.3f} kg ({sink.equation_id})"


def public_bytes(key: Ed25519PublicKey) -> bytes:
    """The 32 bytes of a key."""
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def _canonical(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
