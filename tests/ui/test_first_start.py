"""The page of a new profile says what a forgotten PIN means, with and without the office's recovery key."""

from __future__ import annotations

from pathlib import Path

from fieldapp import i18n
from tests.ui.conftest import Window


def test_the_page_says_who_can_open_it_when_the_pin_is_forgotten(window: Window, tmp_path: Path) -> None:
    page = window.desktop.start.creating
    assert page.office.text() == i18n.t("ui.create.office_none")
    wrong, right = tmp_path / "wrong.pub", tmp_path / "office.pub"
    wrong.write_bytes(b"no key")
    right.write_text("ab" * 32, "ascii")
    page.take_office_key(wrong)
    assert page.office.text() == i18n.t("ui.create.office_bad")
    page.take_office_key(right)
    assert page.office.text() == i18n.t("ui.create.office_chosen", name="office.pub")
    page.pin.setText("271828")
    assert "office.pub" in page.office.text()
    window.desktop.switch_language()
    assert page.office.text().startswith("office.pub: ")
    window.desktop.switch_language()
