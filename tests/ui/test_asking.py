"""Esc closes a dialog, and never costs typed text without a question."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from fieldapp import i18n
from fieldapp.ui.dialogs import ReasonDialog

ESC = Qt.Key.Key_Escape


@pytest.fixture
def dialog(qtbot: QtBot) -> Iterator[ReasonDialog]:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    made = ReasonDialog(parent, "?")
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    made.open()
    yield made
    parent.close()


def question(dialog: ReasonDialog) -> QMessageBox:
    found = dialog.findChild(QMessageBox)
    assert isinstance(found, QMessageBox)
    return found


def test_an_empty_dialog_closes_at_once(dialog: ReasonDialog) -> None:
    QTest.keyClick(dialog, ESC)
    assert not dialog.isVisible()


def test_escape_twice_goes_back_to_the_text(dialog: ReasonDialog) -> None:
    QTest.keyClicks(dialog.edit, "a reason")
    QTest.keyClick(dialog, ESC)
    QTest.keyClick(question(dialog), ESC)
    assert dialog.isVisible()
    assert dialog.edit.text() == "a reason"


def test_a_person_may_give_it_up_and_the_cross_asks_too(dialog: ReasonDialog) -> None:
    QTest.keyClicks(dialog.edit, "a reason")
    dialog.close()
    assert dialog.isVisible()
    box = question(dialog)
    next(b for b in box.buttons() if b.text() == i18n.t("ui.give_up.leave")).click()
    assert not dialog.isVisible()
