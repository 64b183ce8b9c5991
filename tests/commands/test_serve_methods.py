"""A server takes a signed pack under the rules of `methodology load`, or says why it does not."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp.carbon import packs
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import Registry, load
from fieldapp.commands import serve_methods
from fieldapp.domain.sinks import method_name
from fieldapp.errors import FieldappError
from fieldapp.server.methods import FOLDER, Methods

OWN = RegistryEstimator(load())
KEY = Ed25519PrivateKey.generate()


def _pack(folder: Path, old: str, new: str, file: str = "version.json") -> Path:
    """The shipped methodology, changed in one place and signed."""
    contents = dict(OWN.contents)
    assert old.encode() in contents[file]
    contents[file] = contents[file].replace(old.encode(), new.encode(), 1)
    draft = folder / "draft"
    draft.mkdir()
    for name, data in contents.items():
        (draft / name).write_bytes(data)
    pack = folder / "office.pack"
    pack.write_bytes(packs.sign(draft, KEY))
    return pack


def _public(folder: Path, key: Ed25519PrivateKey = KEY) -> str:
    file = folder / "office.pem"
    kind = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    file.write_bytes(key.public_key().public_bytes(*kind))
    return str(file)


def _held(folder: Path, packs_given: Sequence[Path], keys: Sequence[str]) -> Methods:
    asked = argparse.Namespace(data=folder / "data", methodology=list(packs_given), key=list(keys))
    return serve_methods.held(asked, OWN)


def test_a_signed_newer_pack_is_held(tmp_path: Path) -> None:
    pack = _pack(tmp_path, '"2026.2"', '"2027.1"')
    found = _held(tmp_path, [pack], [_public(tmp_path)])
    newer = RegistryEstimator(packs.open_pack(pack.read_bytes(), [KEY.public_key()]))
    assert found.names == [method_name(OWN), method_name(newer)]
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"2026.2"', '"2025.1"', "methodology_pack_older"),
        ('"fieldapp-provisional"', '"county"', "methodology_pack_another"),
    ],
)
def test_an_older_pack_and_one_of_another_name_are_refused(tmp_path: Path, old: str, new: str, code: str) -> None:
    pack = _pack(tmp_path, old, new)
    with pytest.raises(FieldappError) as caught:
        _held(tmp_path, [pack], [_public(tmp_path)])
    assert caught.value.code == code


def test_another_content_under_a_held_version_is_refused(tmp_path: Path) -> None:
    pack = _pack(tmp_path, "above,0.47,", "above,0.46,", "factors.csv")
    with pytest.raises(FieldappError) as caught:
        _held(tmp_path, [pack], [_public(tmp_path)])
    assert caught.value.code in ("methodology_same_version", "methodology_pack_faulty")


def test_damaged_unsigned_and_keyless_packs_are_refused(tmp_path: Path) -> None:
    pack = _pack(tmp_path, '"2026.2"', '"2027.1"')
    whole, ours = pack.read_bytes(), [_public(tmp_path)]
    (tmp_path / "other").mkdir()
    stranger = [_public(tmp_path / "other", Ed25519PrivateKey.generate())]
    codes = []
    for keys, data in (([], whole), (stranger, whole), (ours, whole[:-40]), (ours, b"")):
        pack.write_bytes(data)
        with pytest.raises(FieldappError) as caught:
            _held(tmp_path, [pack], keys)
        codes.append(caught.value.code)
    assert codes[:2] == ["methodology_is_pack", "methodology_pack_not_trusted"]
    assert codes[2:] == ["methodology_pack_damaged"] * 2


def test_a_pack_may_follow_what_a_person_has_laid_into_the_folder(tmp_path: Path) -> None:
    """A name that is held in the data folder is no other name."""
    contents = {**OWN.contents}
    contents["version.json"] = contents["version.json"].replace(b'"fieldapp-provisional"', b'"county"')
    packs.write_folder(Registry(contents), tmp_path / "data" / FOLDER / "county")
    pack = _pack(tmp_path, '"fieldapp-provisional"', '"county"')
    assert len(_held(tmp_path, [pack], [_public(tmp_path)]).names) == 2


def test_the_servers_own_is_kept_for_later_programs(tmp_path: Path) -> None:
    half = tmp_path / FOLDER / f".{method_name(OWN)}"
    half.mkdir(parents=True)
    (half / "version.json").write_text("{", "utf-8")  # the power went while it was laid down
    asked = argparse.Namespace(data=tmp_path, methodology=[], key=[])
    assert serve_methods.held(asked, OWN).names == [method_name(OWN)]
    serve_methods.keep(OWN, tmp_path)
    assert [folder.name for folder in (tmp_path / FOLDER).iterdir()] == [method_name(OWN)]
    assert load(tmp_path / FOLDER / method_name(OWN)).checksum == OWN.checksum


def test_files_changed_under_a_published_version_are_not_kept(tmp_path: Path) -> None:
    damaged = Registry(dict(OWN.contents))
    damaged.is_changed = True
    serve_methods.keep(RegistryEstimator(damaged), tmp_path)
    assert not (tmp_path / FOLDER).exists()
