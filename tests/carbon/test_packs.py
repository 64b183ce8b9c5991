"""A methodology travels signed; what an upgrade changes is shown first."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp import paths
from fieldapp.carbon import packs, registry
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import Registry
from fieldapp.carbon.tables import FILES
from fieldapp.carbon.upgrades import is_older
from fieldapp.domain.sinks import SinkInput
from fieldapp.errors import ItemError

OFFICE = Ed25519PrivateKey.generate()
STRANGER = Ed25519PrivateKey.generate()


@pytest.fixture
def official(tmp_path: Path) -> Path:
    """A next version with another coefficient."""
    folder = tmp_path / "official"
    shutil.copytree(paths.resources() / "species", folder)
    for file, old, new in (
        ("equations.csv", "a=0.0881;b=2.4651", "a=0.0900;b=2.4651"),
        ("version.json", '"2026.2"', '"2027.1"'),
    ):
        text = (folder / file).read_text("utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new), "utf-8")
    return folder


def test_a_signed_pack_is_read_and_computes(official: Path) -> None:
    opened = packs.open_pack(packs.sign(official, OFFICE), [STRANGER.public_key(), OFFICE.public_key()])
    sink = RegistryEstimator(opened).estimate(SinkInput("马尾松", 10.0))
    assert sink.agb_kg == pytest.approx(0.09 * 10**2.4651)
    assert sink.method_version == "fieldapp-provisional-2027.1"


def test_the_same_folder_gives_the_same_pack(official: Path) -> None:
    assert packs.sign(official, OFFICE) == packs.sign(official, OFFICE)


def test_a_strangers_signature_is_refused(official: Path) -> None:
    with pytest.raises(ItemError) as caught:
        packs.open_pack(packs.sign(official, STRANGER), [OFFICE.public_key()])
    assert caught.value.code == "methodology_pack_not_trusted"


@pytest.mark.parametrize("name", ["equations.csv", "manifest.json", "version.json"])
def test_a_changed_file_is_noticed(official: Path, name: str) -> None:
    data = packs.sign(official, OFFICE)
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(changed, "w") as new:
        for member in old.namelist():
            content = old.read(member)
            new.writestr(member, content.replace(b"2027.1", b"2027.2") + (b" " if member == name else b""))
    with pytest.raises(ItemError) as caught:
        packs.open_pack(changed.getvalue(), [OFFICE.public_key()])
    assert caught.value.code in ("methodology_pack_not_trusted", "methodology_pack_damaged")


@pytest.mark.parametrize("cut", [0, 1, 100, 5000])
def test_a_torn_pack_is_damaged(official: Path, cut: int) -> None:
    with pytest.raises(ItemError) as caught:
        packs.open_pack(packs.sign(official, OFFICE)[:cut], [OFFICE.public_key()])
    assert caught.value.code == "methodology_pack_damaged"


def _of_members(method: int, manifest: bytes) -> bytearray:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name in (packs.MANIFEST, packs.SIGNATURE, *FILES):
            archive.writestr(name, manifest if name == packs.MANIFEST else b"AAAA" * 20)
    return bytearray(packed.getvalue())


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_a_pack_whose_insides_are_broken_is_damaged(method: int) -> None:
    nested = _of_members(method, b"[" * 100_000)
    locked, garbled = _of_members(method, b"{}"), _of_members(method, b"{}" * 500)
    locked[locked.index(b"PK\x01\x02") + 8] |= 1  # says that it wants a password
    locked[6] |= 1
    garbled[len(packs.MANIFEST) + 30 : len(packs.MANIFEST) + 50] = b"\xff" * 20
    for pack in (nested, locked, garbled):
        with pytest.raises(ItemError) as caught:
            packs.open_pack(bytes(pack), [OFFICE.public_key()])
        assert caught.value.code == "methodology_pack_damaged"


def test_differences_name_the_data_and_the_sinks(shipped: Registry, official: Path) -> None:
    lines = packs.differences(shipped, registry.load(official))
    what = {(line.what, line.where) for line in lines}
    assert ("changed", "equations/pinus_massoniana-20caf8/coefficients") in what
    sinks = [line for line in lines if line.what == "sink"]
    assert sinks
    assert all(line.where.startswith("pinus_massoniana") for line in sinks)
    assert packs.differences(shipped, shipped) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "where"),
    [
        ("curves.csv", "proportional,,", "increment,a=3,", "curves/even-diameter/form"),
        ("worked.csv", "30-digit decimal arithmetic", "by hand", "worked/castanopsis_eyrei"),
        ("version.json", "the range", "the official text", "about/changes/text"),
    ],
)
def test_no_file_changes_unseen(shipped: Registry, official: Path, file: str, old: str, new: str, where: str) -> None:
    text = (official / file).read_text("utf-8")
    assert old in text
    (official / file).write_text(text.replace(old, new), "utf-8")
    lines = packs.differences(shipped, registry.load(official))
    assert any(line.where.startswith(where) for line in lines)
    yearly = {line.where.split()[0] for line in lines if line.what == "modelled"}
    assert "pinus_massoniana" in yearly  # another coefficient
    assert ("cunninghamia_lanceolata" in yearly) is (file == "curves.csv")


def test_a_loaded_pack_lies_as_an_ordinary_folder(official: Path, tmp_path: Path) -> None:
    opened = packs.open_pack(packs.sign(official, OFFICE), [OFFICE.public_key()])
    packs.write_folder(opened, tmp_path / "versions" / opened.version)
    assert registry.load(tmp_path / "versions" / opened.version).checksum == opened.checksum


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2025.1b", "2026.2"),
        ("2026.2", "2026.10"),
        ("2026.2", "2026.2b"),
        ("v3", "v10"),
        ("2026-1", "2026.2"),
        ("", "1"),
    ],
)
def test_any_two_versions_have_an_order(official: Path, one: str, other: str) -> None:
    versions = []
    for version in (one, other):
        path = official / "version.json"
        path.write_text(json.dumps({"name": "office", "version": version}), "utf-8")
        versions.append(registry.load(official))
    assert is_older(*versions)
    assert not is_older(*reversed(versions))


def test_a_nought_before_a_number_makes_no_version(official: Path) -> None:
    versions = []
    for version in ("2026.02", "2026.2"):
        (official / "version.json").write_text(json.dumps({"name": "office", "version": version}), "utf-8")
        versions.append(registry.load(official))
    assert not is_older(*versions)
