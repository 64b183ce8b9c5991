"""Brings the cursor back to where it was when a dialog has closed.

While a dialog is open the grid closes its cell, so that what was typed is stored; Qt then hands the cursor of the
window below to the next widget it finds, which is a fact of the status bar. Nobody put it there: it goes back.
"""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QTabBar, QWidget

from fieldapp.ui.tree_cells import FIELDS, Column
from fieldapp.ui.tree_grid import TreeGrid


class FocusKeeper(QObject):
    """Watches one window; `otherwise` says who takes the cursor when its former place is gone."""

    def __init__(self, window: QWidget, otherwise: Callable[[], QWidget | None]) -> None:
        super().__init__(window)
        self._window, self._otherwise = window, otherwise
        self._left: QWidget | None = None
        self._was_open = False  # whether a cell of the grid was open
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._moved)

    def let_go(self) -> None:
        """An act chooses the next place itself, be it a button: the cursor does not go back."""
        self._left = None

    def _moved(self, old: QWidget | None, now: QWidget | None) -> None:
        if not shiboken6.isValid(self._window):
            return
        if self._ours(old) and not self._ours(now):
            self._leave(old)
        elif self._ours(now) and not self._ours(old) and self._left is not None:
            QTimer.singleShot(0, self, self._return)

    def _ours(self, widget: QWidget | None) -> bool:
        return widget is not None and shiboken6.isValid(widget) and widget.window() is self._window

    def _leave(self, old: QWidget | None) -> None:
        grid = next((part for part in _upwards(old) if isinstance(part, TreeGrid)), None)
        self._was_open = grid is not None  # an act may have closed the cell before its dialog opened
        self._left = grid or old

    def _return(self) -> None:
        left, self._left = self._left, None
        if left is None:
            return
        now = self._window.focusWidget()
        if now is left and not self._was_open:
            return
        if now is not left and not isinstance(now, QAbstractButton | QTabBar | None):
            return  # an act has put the cursor into a field meanwhile
        target = left if shiboken6.isValid(left) and left.isVisible() else self._otherwise()
        if target is None or not target.isEnabled():
            return
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._was_open and isinstance(target, TreeGrid):
            index = target.currentIndex()
            if index.isValid() and Column(index.column()) in FIELDS:
                target.edit(index)


def _upwards(widget: QWidget | None) -> list[QWidget]:
    found: list[QWidget] = []
    while widget is not None:
        found.append(widget)
        widget = widget.parentWidget()
    return found
