"""Lists whose lines wrap: what goes on in a second line is painted there, at any width."""

from __future__ import annotations

from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot

from fieldapp.ui.wrapped import WrappedLines

TEXT = "2025-04-14 00:56  调查员甲（练习）  Measurement LX01478  added  DBH (cm): C35.6, Measured on: 2025-04-14"


def test_no_line_is_cut_where_its_break_falls_on_a_blank(qtbot: QtBot) -> None:
    made = QListWidget()
    qtbot.addWidget(made)
    made.setItemDelegate(WrappedLines(made))
    made.setSpacing(3)
    made.addItem(TEXT)
    made.show()
    line_px = made.fontMetrics().lineSpacing()
    blank = []
    for width in range(620, 720):
        made.resize(width, 100)
        rows = made.visualItemRect(made.item(0)).height() // line_px
        picture = made.viewport().grab().toImage()
        ground = picture.pixelColor(picture.width() - 1, picture.height() - 1)
        if rows == 2 and not _has_ink(picture, range(line_px + 6, 2 * line_px), ground):
            blank.append(width)
    assert blank == []


def _has_ink(picture: QImage, rows: range, ground: QColor) -> bool:
    return any(picture.pixelColor(x, y) != ground for y in rows for x in range(3, 60))
