"""The page of a new profile says what a forgotten PIN means, with and without the office's recovery key."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fieldapp import i18n
from fieldapp.storage.office_files import number, public_line
from tests.ui.conftest import Window


def test_the_page_says_who_can_open_it_when_the_pin_is_forgotten(window: Window, tmp_path: Path) -> None:
    page = window.desktop.start.creating
    assert page.office.text() == i18n.t("ui.create.office_none")
    wrong, right = tmp_path / "wrong.pub", tmp_path / "office.pub"
    office = X25519PrivateKey.generate()
    public = office.public_key().public_bytes_raw()
    right.write_text(public_line(public), "ascii")
    for data, code in ((b"no key", "none"), (office.private_bytes_raw().hex().encode(), "bare")):
        wrong.write_bytes(data)
        page.take_office_key(wrong)
        assert i18n.t(f"error.office_key_{code}.message") in page.problem.text()
        assert page.office.text() == i18n.t("ui.create.office_none")
    page.take_office_key(right)
    assert page.office.text() == i18n.t("ui.create.office_chosen", name="office.pub", number=number(public))
    page.pin.setText("271828")
    assert "office.pub" in page.office.text()
    window.desktop.switch_language()
    assert page.office.text().startswith("office.pub (number ")
    window.desktop.switch_language()
