"""A line edit that is safe with Chinese input methods: Enter that confirms a candidate never leaves the field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

if TYPE_CHECKING:
    from fieldapp.ui.suggestions import Suggestions

_OWN_KEYS = (Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_V, Qt.Key.Key_X, Qt.Key.Key_Y, Qt.Key.Key_Z)


class LineEdit(QLineEdit):
    """Asks to go on with Enter, back with Shift+Enter; says when its text stands, and never because of a candidate."""

    forward = Signal()
    backward = Signal()

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self._composing = False
        self.suggestions: Suggestions | None = None

    def takes(self, event: QKeyEvent) -> bool:
        """Whether a key belongs to the list of names under the field."""
        return not self._composing and self.suggestions is not None and self.suggestions.takes(event)

    @property
    def composing(self) -> bool:
        """Whether an input method holds unfinished text, or has just confirmed it with this very key."""
        return self._composing

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Remembers that an input method is at work."""
        super().inputMethodEvent(event)
        if event.preeditString():
            self._composing = True
        elif self._composing:
            # some input methods hand the confirming Enter on after the text: it still belongs to the candidate
            QTimer.singleShot(0, self, self._composed)

    def _composed(self) -> None:
        self._composing = False

    def event(self, event: QEvent) -> bool:
        """Leaves Ctrl+Z and Ctrl+Y to the window's durable undo when there is no typing of its own to take back."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo = event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable()
            redo = event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable()
            # on X11 a line edit takes Ctrl+D, Ctrl+K and others for itself: here they are the window's
            control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
            foreign = control and Qt.Key.Key_A <= event.key() <= Qt.Key.Key_Z and event.key() not in _OWN_KEYS
            if undo or redo or foreign:
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes forward unless it belongs to the input method."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not self._composing:
                back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                (self.backward if back else self.forward).emit()
            event.accept()
        elif not self.takes(event):
            super().keyPressEvent(event)
