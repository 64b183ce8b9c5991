"""A person loads an office's pack in the window: trusts a key, sees the difference, adopts or does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp import app as composition
from fieldapp.carbon import packs
from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Measurement, Tree
from fieldapp.storage import methodology, office_keys, reads
from fieldapp.storage.store import Store
from fieldapp.ui.methodology_dialog import MethodologyDialog
from tests.packing import lay_down
from tests.ui.conftest import VILLAGE, Window

KEY = Ed25519PrivateKey.generate()


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A signed pack with another carbon fraction, and the office's public key beside it."""
    source = tmp_path / "source"
    lay_down(source, [("version.json", '"2026.2"', '"2027.1"'), ("factors.csv", "above,0.47,", "above,0.50,")])
    encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    (tmp_path / "office.pem").write_bytes(KEY.public_key().public_bytes(encoding, form))
    packed = tmp_path / "next.pack"
    packed.write_bytes(packs.sign(source, KEY))
    return packed


@pytest.fixture
def dialog(window: Window) -> MethodologyDialog:
    """The dialog on a profile with a tree that has been measured."""
    window.ask(_plant)
    window.press("methodology")
    found = window.desktop.window.findChild(MethodologyDialog)
    assert found is not None
    window.settle()
    return found


def _plant(store: Store) -> None:
    household = reads.household(store, reads.households(store, VILLAGE)[0].id)
    assert household is not None
    with store.unit() as unit:
        parcel_id = household.parcels[0].id
        tree = Tree(id=new_id(), village_code=VILLAGE, parcel_id=parcel_id, species="马尾松", state="alive")
        unit.add(tree)
        unit.add(Measurement(id=new_id(), village_code=VILLAGE, tree_id=tree.id, dbh_cm=10.0))
        unit.commit()


def sink(window: Window) -> tuple[str, float]:
    """Version and sum of the household."""

    def read(store: Store) -> tuple[str, float]:
        row = reads.households(store, VILLAGE)[0]
        return store.estimator_of(row.id).method_version.rpartition("-")[2], row.co2e_kg

    return cast("tuple[str, float]", window.ask(read))


def test_what_is_in_use_is_shown(dialog: MethodologyDialog) -> None:
    assert "fieldapp-provisional-2026.2" in dialog.text.toPlainText()
    assert not dialog.yes.isVisible()


def test_a_pack_of_an_unknown_key_is_refused_in_words(dialog: MethodologyDialog, window: Window, pack: Path) -> None:
    dialog.examine(pack)
    window.settle()
    assert "签名不可信" in dialog.text.toPlainText()
    assert not dialog.yes.isVisible()


def test_trust_see_and_adopt(dialog: MethodologyDialog, window: Window, pack: Path) -> None:
    before = sink(window)
    dialog.ask_trust(pack.with_name("office.pem"))
    window.settle()
    assert office_keys.fingerprint(packs.public_bytes(KEY.public_key())) in dialog.text.toPlainText()
    dialog.yes.click()
    window.settle()
    dialog.examine(pack)
    window.settle()
    text = dialog.text.toPlainText()
    assert "2027.1" in text
    assert "factors/default/carbon_fraction_above" in text
    assert sink(window) == before
    dialog.no.click()
    window.settle()
    assert sink(window) == before
    assert not dialog.yes.isVisible()
    dialog.examine(pack)
    window.settle()
    dialog.yes.click()
    window.settle()
    version, co2e_kg = sink(window)
    assert version == "2027.1"
    assert co2e_kg > before[1] * 1.04
    assert composition.estimator_in_use().method_version == "fieldapp-provisional-2027.1"
    assert window.desktop.session is not None
    assert window.desktop.session.households[0].co2e_kg == co2e_kg
    assert "2027.1" in dialog.text.toPlainText()


def test_closing_in_the_middle_is_gone_on_with(
    window: Window, dialog: MethodologyDialog, pack: Path, new_desktop: Callable[[], Window], folder: Path
) -> None:
    window.ask(lambda store: office_keys.trust(store, packs.public_bytes(KEY.public_key())))
    dialog.examine(pack)
    window.settle()
    dialog._cancel.set()  # as closing does, before the first draft has come
    dialog.yes.click()
    window.settle()
    due = window.ask(methodology.lagging)
    assert isinstance(due, list)
    assert due
    window.desktop.window.close()
    again = new_desktop()
    again.desktop.open(folder)
    again.settle()
    assert again.ask(methodology.lagging) == []
    assert sink(again)[0] == "2027.1"
