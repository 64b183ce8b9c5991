"""A forgotten PIN: only a profile with an office's key offers the way by it, and it gives the profile a new PIN."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fieldapp import i18n
from fieldapp.errors import ItemError
from fieldapp.storage import profile
from fieldapp.storage.office_files import make_pair, public_key
from tests.ui.conftest import Window


def test_the_offices_key_gives_a_new_pin_and_another_offices_key_is_told(
    new_desktop: Callable[[], Window], tmp_path: Path
) -> None:
    office, other = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    profile.create(tmp_path / "p", person="韦", pin="271828", office_key=office.public_key().public_bytes_raw())
    (tmp_path / "office.key").write_text(office.private_bytes_raw().hex())
    (tmp_path / "other.key").write_bytes(other.private_bytes_raw())
    (tmp_path / "none.key").write_text("no key at all")
    window = new_desktop()
    window.desktop.open(tmp_path / "p")
    start = window.desktop.start
    assert start.unlock.forgotten.isVisible()
    start.unlock.forgotten.click()
    page = start.recover
    assert start.currentWidget() is page
    page.take_key(tmp_path / "none.key")
    assert page.problem.text() == "\n".join(i18n.error_texts(ItemError("office_key_none"))[1:])
    for file in ("other.key", "office.key"):
        page.take_key(tmp_path / file)
        page.pin.setText("314159")
        page.again.setText("314159")
        page.again.forward.emit()
        window.settle()
        if file == "other.key":
            assert page.problem.text() == i18n.t("ui.recover.other_key")
    assert window.desktop.session is not None
    profile.unlock(tmp_path / "p", "314159")


def test_the_passphrase_of_the_key_is_asked_for(new_desktop: Callable[[], Window], tmp_path: Path) -> None:
    pair = make_pair("four words of mine")
    key = public_key(pair.public_line.encode())
    profile.create(tmp_path / "p", person="韦", pin="271828", office_key=key)
    (tmp_path / "office.json").write_text(pair.private_text)
    window = new_desktop()
    window.desktop.open(tmp_path / "p")
    page = window.desktop.start.recover
    window.desktop.start.unlock.forgotten.click()
    assert not page.passphrase.isVisible()
    page.take_key(tmp_path / "office.json")
    assert page.passphrase.isVisible()
    for passphrase in ("other words of mine", "four words of mine"):
        page.passphrase.setText(passphrase)
        page.pin.setText("314159")
        page.again.setText("314159")
        page.again.forward.emit()
        window.settle()
        if passphrase.startswith("other"):
            assert i18n.t("error.passphrase_wrong.message") in page.problem.text()
    assert window.desktop.session is not None
    profile.unlock(tmp_path / "p", "314159")


def test_a_profile_without_the_offices_key_promises_nothing(new_desktop: Callable[[], Window], tmp_path: Path) -> None:
    profile.create(tmp_path / "p", person="韦", pin="271828")
    window = new_desktop()
    window.desktop.open(tmp_path / "p")
    page = window.desktop.start.unlock
    assert not page.forgotten.isVisible()
    assert not page.no_way_back.isVisible()
    page.pin.setText("111111")
    page.pin.forward.emit()
    window.settle()
    assert page.no_way_back.isVisible()
    assert i18n.t("ui.create.office") not in page.problem.text()
