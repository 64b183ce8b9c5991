"""The empty states: each says what the place is for and has the one button that begins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldapp import i18n
from fieldapp.storage import profile
from fieldapp.ui.dialogs import VillageDialog
from tests.ui.conftest import VILLAGE, Window


def test_a_real_profile_begins_with_its_village_and_then_its_first_household(
    new_desktop: Callable[[], Window], tmp_path: Path, qtbot: QtBot
) -> None:
    profile.create(tmp_path / "mine", person="Wei", pin="271828")
    window = new_desktop()
    window.desktop.open(tmp_path / "mine")
    window.desktop.start.unlock.pin.setFocus()
    window.keys("271828", Qt.Key.Key_Return)
    window.settle()
    dialog = window.desktop.window.findChild(VillageDialog)
    assert isinstance(dialog, VillageDialog)
    empty = window.bench.empty
    assert empty.go.text() == i18n.t("ui.empty.village.go")
    assert not window.bench.list.new_button.isEnabled()
    dialog.edit.setText(VILLAGE)
    dialog.edit.forward.emit()
    window.desktop.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window.desktop.window)
    window.settle()
    assert empty.go.text() == i18n.t("ui.empty.first.go")
    empty.go.click()
    window.settle()
    assert window.bench.page.isVisible()
    assert window.bench.list.model.rowCount() == 1


def test_the_evidence_has_no_buttons_without_a_subject(window: Window) -> None:
    evidence = window.bench.evidence
    assert evidence.add_button.isVisible()
    window.desktop.session.open_household(None)  # type: ignore[union-attr]
    window.settle()
    assert window.bench.empty.isVisible()
    assert window.bench.empty.go.text() == i18n.t("ui.empty.choose.go")
    assert not evidence.add_button.isVisible()
    assert not evidence.position_button.isVisible()
    assert not evidence.map.isVisible()
