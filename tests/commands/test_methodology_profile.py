"""An office's signed pack comes into a profile by the command line: the difference first, then only with consent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp.carbon import packs
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import load
from fieldapp.cli import main
from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Household, Measurement, Parcel, Tree
from fieldapp.i18n import t
from fieldapp.storage import profile
from tests.packing import lay_down

VILLAGE = "522632106203"
CHANGED = ("factors.csv", "above,0.47,", "above,0.50,")


@dataclass
class Office:
    """An office with its key, and a laptop with a draft and a household that was handed in."""

    folder: Path
    key: Ed25519PrivateKey
    public: str
    profile: str

    def pack(
        self, version: str = "2027.1", *changes: tuple[str, str, str], key: Ed25519PrivateKey | None = None
    ) -> str:
        """A signed pack of the shipped methodology with changes."""
        source = self.folder / f"source-{version}-{len(changes)}"
        lay_down(source, (("version.json", '"2026.2"', f'"{version}"'), *changes))
        packed = self.folder / f"{version}-{len(changes)}.pack"
        packed.write_bytes(packs.sign(source, key or self.key))
        return str(packed)

    def load(self, *words: str) -> int:
        """`fieldapp methodology load ... --profile P --json`."""
        return main(["methodology", "load", *words, "--profile", self.profile, "--json"])


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """The office and the laptop."""
    key = Ed25519PrivateKey.generate()
    form, encoding = serialization.PublicFormat.SubjectPublicKeyInfo, serialization.Encoding.PEM
    (tmp_path / "office.pem").write_bytes(key.public_key().public_bytes(encoding, form))
    folder = tmp_path / "profile"
    profile.create(folder, person="王", pin=None, practice=True)
    store = profile.open_store(folder, pin=None, estimator=RegistryEstimator(load()))
    try:
        for number, state in enumerate(("draft", "ready"), start=1):
            with store.unit() as unit:
                household = unit.add(Household(id=new_id(), village_code=VILLAGE, number=number, state=state))
                parcel = Parcel(id=new_id(), village_code=VILLAGE, household_id=household.id, species="马尾松")
                tree = Tree(id=new_id(), village_code=VILLAGE, parcel_id=unit.add(parcel).id, tag="T1", state="alive")
                unit.add(tree)
                unit.add(Measurement(id=new_id(), village_code=VILLAGE, tree_id=tree.id, dbh_cm=10.0))
                unit.commit()
    finally:
        store.close()
    return Office(tmp_path, key, str(tmp_path / "office.pem"), str(folder))


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    """What was printed."""
    return json.loads(capsys.readouterr().out)


def in_use(office: Office, capsys: pytest.CaptureFixture[str]) -> list[tuple[str, bool, int]]:
    """What `fieldapp methodology versions` says."""
    capsys.readouterr()
    assert main(["methodology", "versions", "--profile", office.profile, "--json"]) == 0
    return [(one["version"].rpartition("-")[2], one["active"], one["households"]) for one in told(capsys)]


def test_the_difference_comes_first(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    pack = office.pack("2027.1", CHANGED)
    assert office.load(pack, "--key", office.public) == 1
    shown = told(capsys)
    assert not shown["adopted"]
    assert {"what": "version", "where": ""}.items() <= shown["data"][0].items()
    sinks = shown["sinks"]
    assert (sinks["trees"], sinks["changed"], sinks["kept_households"]) == (1, 1, 1)
    assert 1.05 < sinks["new_kg"] / sinks["old_kg"] < 0.50 / 0.47  # the roots keep their carbon fraction
    assert sinks["households"][0]["code"].endswith("H0001")
    assert in_use(office, capsys) == [("2026.2", True, 2)]
    assert office.load(pack, "--key", office.public, "--yes") == 0
    assert in_use(office, capsys) == [("2027.1", True, 1), ("2026.2", False, 1)]
    assert office.load(pack, "--key", office.public) == 0
    assert told(capsys)["in_use"]


def test_in_words(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["methodology", "load", office.pack("2027.1", CHANGED), "--key", office.public, "--profile", office.profile]
    assert main(words) == 1
    text = capsys.readouterr().out
    assert "2027.1" in text
    assert "factors/default/carbon_fraction_above" in text
    assert "--yes" in text
    assert main([*words, "--yes"]) == 0
    assert main(["methodology", "versions", "--profile", office.profile]) == 0


def test_another_methodology_is_named_as_such(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    renamed = ("version.json", '"fieldapp-provisional"', '"official"')
    words = ["methodology", "load", office.pack("2025.9", renamed), "--key", office.public, "--profile", office.profile]
    assert main(words) == 1
    assert t("methodology.another") in capsys.readouterr().out
    assert main([*words, "--json"]) == 1
    assert told(capsys)["another"]
    assert office.load(office.pack("2027.1", CHANGED), "--key", office.public) == 1
    assert not told(capsys)["another"]


def test_a_trusted_key_is_enough(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    pack = office.pack("2027.1", CHANGED)
    assert office.load(pack, "--yes") == 1
    assert main(["methodology", "trust", office.public, "--profile", office.profile]) == 0
    assert office.load(pack, "--yes") == 0
    assert main(["methodology", "trust", office.public, "--remove", "--profile", office.profile]) == 0
    assert office.load(office.pack("2027.2", CHANGED), "--yes") == 1
    assert in_use(office, capsys)[0][0] == "2027.1"


@pytest.mark.parametrize("fault", ["stranger", "torn", "faulty", "older", "same"])
def test_what_may_not_come_in(office: Office, fault: str, capsys: pytest.CaptureFixture[str]) -> None:
    packed = {
        "stranger": lambda: office.pack("2027.1", CHANGED, key=Ed25519PrivateKey.generate()),
        "torn": lambda: office.pack("2027.1", CHANGED),
        "faulty": lambda: office.pack("2027.1", ("equations.csv", "a=0.0881;b=2.4651", "a=8.8;b=2.4651")),
        "older": lambda: office.pack("2025.9"),
        "same": lambda: office.pack("2026.2", CHANGED),
    }[fault]()
    if fault == "torn":
        Path(packed).write_bytes(Path(packed).read_bytes()[:-500])
    titles = {"stranger": "签名", "torn": "损坏", "faulty": "有错", "older": "旧", "same": "内容不同"}
    assert office.load(packed, "--key", office.public, "--yes") == 1
    assert titles[fault] in capsys.readouterr().err
    assert in_use(office, capsys) == [("2026.2", True, 2)]


def test_what_the_program_brings_can_be_taken(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert office.load("--shipped", "--yes") == 0
    assert told(capsys)["in_use"]
    assert office.load() == 2
