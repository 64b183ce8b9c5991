"""The methodologies that `fieldapp serve` is given: folders as they are, signed packs under the rules of `load`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fieldapp.carbon import packs
from fieldapp.carbon.check import refuse_faulty
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import Registry
from fieldapp.carbon.upgrades import is_another, is_older
from fieldapp.domain.sinks import method_name
from fieldapp.errors import ItemError, UsageError
from fieldapp.geo.files import read_bytes
from fieldapp.i18n import t
from fieldapp.server.methods import FOLDER, Methods, read_folders


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares what may be held beside the server's own."""
    parser.add_argument(
        "--methodology", type=Path, default=[], action="append", metavar="DIR|PACK", help=t("methodology.of_server")
    )
    parser.add_argument("--key", default=[], action="append", metavar="PEM", help=t("methodology.key_of_server"))


def held(args: argparse.Namespace, own: RegistryEstimator) -> Methods:
    """The server's own, those of its data folder and those that were named; a pack that is refused is an ItemError."""
    kept = [args.data / FOLDER] if (args.data / FOLDER).is_dir() else []  # known without being named at every start
    files = [place for place in args.methodology if place.is_file()]
    folders = read_folders([*kept, *(place for place in args.methodology if place not in files)])
    into = args.data / FOLDER
    if files and not args.key:
        raise UsageError("methodology_is_pack", name=files[0].name, command=_unpacking(files[0], into))
    keys = [packs.read_public_key(read_bytes(key)) for key in args.key]
    known = [own.registry, *(folder.registry for folder in folders)]
    opened = [RegistryEstimator(_of_pack(file, keys, known, into)) for file in files]
    return Methods(own, [*folders, *opened])


def keep(own: RegistryEstimator, data: Path) -> None:
    """Lays the server's own methodology down beside its data: a newer program brings another one, and laptops that
    computed by this one are repeated by it still. Files changed under a published version are nobody's methodology."""
    folder = data / FOLDER / method_name(own)
    if own.registry.is_changed or folder.is_dir():
        return
    half = folder.with_name(f".{folder.name}")  # named when it is whole: half a methodology would stop the next start
    packs.write_folder(own.registry, half)
    half.replace(folder)


def _of_pack(file: Path, keys: Sequence[Ed25519PublicKey], known: Sequence[Registry], into: Path) -> Registry:
    """The registry of a pack that may stand beside what is held: nobody is at hand to agree to anything else."""
    new = packs.open_pack(read_bytes(str(file)), keys)
    refuse_faulty(new)
    for one in known:
        if one.version == new.version and one.checksum != new.checksum:
            facts = {"kept": one.checksum[:12], "found": new.checksum[:12]}
            raise ItemError("methodology_same_version", version=new.version, **facts)
    if any(one.checksum == new.checksum for one in known):
        return new
    if all(is_another(one, new) for one in known):
        held_names = ", ".join(sorted({one.about.get("name", one.version) for one in known}))
        facts = {"name": file.name, "version": new.version, "known": held_names, "command": _unpacking(file, into)}
        raise ItemError("methodology_pack_another", **facts)
    if newer := next((one for one in known if is_older(new, one)), None):
        raise ItemError("methodology_pack_older", version=new.version, current=newer.version)
    return new


def _unpacking(file: Path, into: Path) -> str:
    """The command by which a person looks at a pack once and lays it down for the server."""
    return f"fieldapp methodology load {file.name} --key PUBLIC.pem --into {into}"
