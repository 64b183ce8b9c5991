"""`fieldapp methodology` as an office calls it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp import paths
from fieldapp.carbon import packs
from fieldapp.cli import main


@pytest.fixture
def keys(tmp_path: Path) -> tuple[str, str]:
    """Files of an office's private and public key."""
    key = Ed25519PrivateKey.generate()
    private, public = tmp_path / "office.pem", tmp_path / "office.pub.pem"
    form = serialization.PrivateFormat.PKCS8
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    info = serialization.PublicFormat.SubjectPublicKeyInfo
    public.write_bytes(key.public_key().public_bytes(serialization.Encoding.PEM, info))
    return str(private), str(public)


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """A copy of the shipped methodology that may be changed."""
    folder = tmp_path / "draft"
    shutil.copytree(paths.resources() / "species", folder)
    return folder


def test_check_passes_what_is_shipped(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["methodology", "check"]) == 0
    assert "160" in capsys.readouterr().out
    assert main(["methodology", "check", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["problems"] == []
    assert {"species", "d_cm", "before", "after", "change"} <= found["steps"][0].keys()


def test_check_finds_a_changed_coefficient(draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (draft / "equations.csv").read_text("utf-8")
    (draft / "equations.csv").write_text(text.replace("a=0.0881", "a=0.0818"), "utf-8")
    assert main(["methodology", "check", "--methodology", str(draft), "--json"]) == 1
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert {(one["code"], one["where"]) for one in problems} == {
        ("worked", "pinus_massoniana-20caf8"), ("seal", "2026.2")
    }  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("densities.csv", "pinus_massoniana,0.485", "pinus_massoniana,0.458"),  # a density like any other
        ("species.csv", "broadleaf", "conifer"),
        ("equations.csv", "luo2018,allodb row 20caf8", "luo2018,allodb row 20caf9"),
    ],
)
def test_check_tells_what_only_the_seal_can_tell_until_the_version_is_another(
    draft: Path, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str
) -> None:
    text = (draft / file).read_text("utf-8")
    assert old in text
    (draft / file).write_text(text.replace(old, new, 1), "utf-8")
    words = ["methodology", "check", "--methodology", str(draft), "--json"]
    assert main(words) == 1
    assert "seal" in {one["code"] for one in json.loads(capsys.readouterr().out)["problems"]}
    version = (draft / "version.json").read_text("utf-8")
    (draft / "version.json").write_text(version.replace('"2026.2"', '"2026.2-county"'), "utf-8")
    main(words)
    assert "seal" not in {one["code"] for one in json.loads(capsys.readouterr().out)["problems"]}


def test_show(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["methodology", "show"]) == 0
    text = capsys.readouterr().out
    assert "0.0881·D^2.4651" in text
    assert main(["methodology", "show", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert sum(row["allodb_id"] is not None for row in rows) >= 60


def test_value_of_one_equation(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["methodology", "value", "--equation", "6de69f", "--dbh-cm", "10", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["output"] == "stem"
    words = ["methodology", "value", "--equation", "hardwood-volume-guizhou", "--dbh-cm", "20"]
    assert main([*words, "--height-m", "15"]) == 0
    assert "0.23286" in capsys.readouterr().out
    assert main(words) == 1
    assert main(["methodology", "value", "--equation", "zzz", "--dbh-cm", "10"]) == 1


def test_doc(tmp_path: Path) -> None:
    out = tmp_path / "page.md"
    assert main(["methodology", "doc", "--out", str(out)]) == 0
    assert out.read_text("utf-8").startswith("# Methodology")


def test_sign_diff_load(draft: Path, keys: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    private, public = keys
    version = (draft / "version.json").read_text("utf-8")
    (draft / "version.json").write_text(version.replace("2026.2", "2027.1"), "utf-8")
    pack, into = str(tmp_path / "next.pack"), tmp_path / "versions"
    assert main(["methodology", "sign", str(draft), "--key", private, "--out", pack]) == 0
    capsys.readouterr()
    assert main(["methodology", "diff", pack, "--key", public, "--json"]) == 0
    assert [line["what"] for line in json.loads(capsys.readouterr().out)] == ["version"]
    words = ["methodology", "load", pack, "--key", public, "--into", str(into)]
    assert main(words) == 1  # shown, not agreed
    printed = capsys.readouterr().out
    assert "fieldapp-provisional-2026.2 -> fieldapp-provisional-2027.1" in printed
    assert not into.exists()
    assert main([*words, "--yes"]) == 0
    assert main([*words, "--json"]) == 0  # once more changes nothing
    loaded = into / "fieldapp-provisional-2027.1"
    words = ["explain", "--species", "杉木", "--dbh-cm", "7", "--methodology", str(loaded), "--json"]
    capsys.readouterr()
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["method_version"] == "fieldapp-provisional-2027.1"


def test_a_faulty_or_foreign_pack_is_not_loaded(
    draft: Path, keys: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    private, public = keys
    text = (draft / "equations.csv").read_text("utf-8")
    (draft / "equations.csv").write_text(text.replace("a=0.0881", "a=0.8810"), "utf-8")
    pack, into = tmp_path / "next.pack", tmp_path / "versions"
    pack.write_bytes(packs.sign(draft, packs.read_private_key(Path(private).read_bytes())))
    assert main(["methodology", "load", str(pack), "--key", public, "--into", str(into), "--yes"]) == 1
    assert not into.exists()
    assert main(["methodology", "load", str(pack), "--key", private, "--into", str(into), "--yes"]) == 1
    assert capsys.readouterr().err.strip()


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("species,agb,power,a=0.0881", "species,agb,eval,a=0.0881", "form"),
        ("a=0.0881;b=2.4651,D,cm,kg,", "a=0.0881;b=2.4651,D,cm,kg,-", "d_min_cm"),
    ],
)
def test_what_check_refuses_is_not_signed(
    draft: Path, keys: tuple[str, str], capsys: pytest.CaptureFixture[str], old: str, new: str, column: str
) -> None:
    text = (draft / "equations.csv").read_text("utf-8")
    assert old in text
    (draft / "equations.csv").write_text(text.replace(old, new), "utf-8")
    assert main(["methodology", "check", "--methodology", str(draft)]) == 1
    printed = capsys.readouterr().out
    assert f"equations.csv: pinus_massoniana-20caf8: {column}: " in printed
    pack = draft.parent / "next.pack"
    assert main(["methodology", "sign", str(draft), "--key", keys[0], "--out", str(pack)]) == 1
    assert column in capsys.readouterr().err
    assert not pack.exists()


def test_a_folder_takes_no_older_version_and_no_other_content_of_one(
    draft: Path, keys: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    private, public = keys
    key, into, about = packs.read_private_key(Path(private).read_bytes()), tmp_path / "versions", draft / "version.json"
    first = about.read_text("utf-8")

    def load(version: str, note: str = "") -> int:
        about.write_text(first.replace("2026.2", version).replace("the range", f"the range{note}"), "utf-8")
        pack = tmp_path / "next.pack"
        pack.write_bytes(packs.sign(draft, key))
        return main(["methodology", "load", str(pack), "--key", public, "--into", str(into), "--yes", "--json"])

    assert load("2027.1") == 0
    assert json.loads(capsys.readouterr().out)["adopted"] is True
    assert load("2026.2") == 1  # older than what lies there
    assert "2027.1" in capsys.readouterr().err
    assert load("2025.1") == 1
    assert load("2027.1", ", with another note") == 1
    assert load("2026.2", ", unlike the shipped one") == 1
    assert [one.name for one in into.iterdir()] == ["fieldapp-provisional-2027.1"]
    assert first.replace("2026.2", "2027.1") == (into / "fieldapp-provisional-2027.1" / "version.json").read_text(
        "utf-8"
    )


@pytest.mark.parametrize("size", ["nan", "inf", "1e308", "0", "-3", "301"])
def test_value_refuses_what_no_tree_is(size: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["methodology", "value", "--equation", "20caf8", f"--dbh-cm={size}", "--json"]
    assert main(words) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"].startswith("methodology_input")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("references.csv", "luo2018,", "luo2019,"),
        ("factors.csv", "default,any,root_shoot_ratio,0.25", "default,any,root_shoot_ratio,1e999"),
        ("equations.csv", "D,cm,kg,4.5,16,,,36", "D,cm,kg,,16,,,36"),
    ],
)
def test_a_damaged_one_is_still_shown(
    draft: Path, file: str, old: str, new: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (draft / file).read_text("utf-8")
    assert old in text
    (draft / file).write_text(text.replace(old, new), "utf-8")
    for action in (["check", "--json"], ["show", "--json"], ["show"], ["doc"]):
        main(["methodology", *action, "--methodology", str(draft)])
        out = capsys.readouterr().out
        assert "Infinity" not in out
        if "--json" in action:
            assert json.loads(out)
