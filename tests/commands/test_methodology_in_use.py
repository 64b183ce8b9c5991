"""A folder of a methodology that was changed computes under no other's name; one that cannot be right not at all."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp import paths
from fieldapp.carbon import registry
from fieldapp.cli import main

TREE = ["explain", "--species", "马尾松", "--dbh-cm", "8", "--json"]


def changed(tmp_path: Path, file: str, old: str, new: str) -> str:
    """A copy of the shipped methodology with one change."""
    folder = tmp_path / "draft"
    shutil.copytree(paths.resources() / "species", folder)
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    return str(folder)


@pytest.mark.parametrize("without_seal", [False, True])
def test_a_changed_coefficient_is_in_the_version_of_every_result(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], without_seal: bool
) -> None:
    folder = changed(tmp_path, "equations.csv", "a=0.0881", "a=0.0981")
    if without_seal:
        (Path(folder) / "seal.txt").unlink()
    assert main([*TREE, "--methodology", folder]) == 0
    printed = capsys.readouterr()
    card = json.loads(printed.out)
    stamped = f"fieldapp-provisional-2026.2+changed.{registry.load(Path(folder)).checksum[:8]}"
    assert card["method_version"] == card["method"]["version"] == stamped
    assert stamped in printed.err


def test_a_version_of_its_own_and_the_shipped_one_are_stamped_plainly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = changed(tmp_path, "version.json", '"2026.2"', '"2026.2-county"')
    for more, version in ((["--methodology", folder], "2026.2-county"), ([], "2026.2")):
        assert main([*TREE, *more]) == 0
        assert json.loads(capsys.readouterr().out)["method_version"] == f"fieldapp-provisional-{version}"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("equations.csv", "D,cm,kg,4.5,16", "D,cm,lb,4.5,16"),
        ("equations.csv", "D,cm,kg,4.5,16", "D,mm,kg,4.5,16"),
        ("equations.csv", "D,cm,kg,4.5,16", "D,cm,kg,16,4.5"),
        ("factors.csv", "carbon_fraction_above,0.47", "carbon_fraction_above,1.47"),
        ("densities.csv", "pinus_massoniana,0.485", "pinus_massoniana,-0.485"),
    ],
)
def test_nothing_is_computed_with_what_cannot_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str
) -> None:
    folder = changed(tmp_path, file, old, new)
    assert main([*TREE[:-1], "--methodology", folder]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert file in printed.err


def test_a_seal_that_nobody_can_read_is_a_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = changed(tmp_path, "seal.txt", "2026.2 ", "0026.1")
    assert main(["methodology", "check", "--methodology", folder, "--json"]) == 1
    assert [one["code"] for one in json.loads(capsys.readouterr().out)["problems"]] == ["seal"]


def test_changed_files_are_not_signed_under_the_published_version(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = changed(tmp_path, "densities.csv", "pinus_massoniana,0.485", "pinus_massoniana,0.458")
    key = tmp_path / "office.pem"
    form = serialization.PrivateFormat.PKCS8
    pem = Ed25519PrivateKey.generate().private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    key.write_bytes(pem)
    assert main(["methodology", "sign", folder, "--key", str(key), "--out", str(tmp_path / "x.pack")]) == 1
    assert "seal" in capsys.readouterr().err
    assert not (tmp_path / "x.pack").exists()
    assert main(["methodology", "sign", folder, "--key", str(key), "--out", str(key)]) == 2
    assert key.read_bytes() == pem
