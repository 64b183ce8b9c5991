"""Where the window stands at a start."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect, QSettings

from tests.ui.conftest import Window


def test_it_fills_the_screen_at_first_and_then_stands_where_it_was(window: Window, tmp_path: Path) -> None:
    top = window.desktop.window
    settings = QSettings(str(tmp_path / "place.ini"), QSettings.Format.IniFormat)
    top.restore_place(settings)
    assert top.isMaximized()
    top.showNormal()
    home = top.screen().availableGeometry()
    rect = QRect(home.x(), home.y(), max(home.width() - 80, top.minimumWidth()), home.height() - 40)
    top.setGeometry(rect)
    top.save_place(settings)
    top.setGeometry(home)
    top.restore_place(settings)
    assert not top.isMaximized()
    assert top.geometry() == rect
    settings.setValue("window/rect", QRect(9_000, 9_000, 1_200, 700))  # a screen that is gone
    top.restore_place(settings)
    assert top.isMaximized()
