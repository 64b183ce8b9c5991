"""The editor of a cell: a table on the clipboard is not pressed into the one cell, but handed to the grid."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from fieldapp.ui.line_edit import LineEdit
from fieldapp.ui.tree_paste import block_of


class CellEditor(LineEdit):
    """Pastes what belongs into one cell, and tells of a table, by key and by menu."""

    block_pasted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__()
        self.setParent(parent)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pasting by key."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste_or_tell()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Pasting by menu."""
        menu = self.createStandardContextMenu()
        paste = menu.findChild(QAction, "edit-paste")
        if isinstance(paste, QAction):
            paste.triggered.disconnect()
            paste.triggered.connect(self.paste_or_tell)
        menu.exec(event.globalPos())
        menu.deleteLater()

    def paste_or_tell(self) -> None:
        """Takes one cell's text as any field does; a table goes to the grid."""
        text = QGuiApplication.clipboard().text()
        if block_of(text) is None:
            self.paste()
        else:
            self.block_pasted.emit(text)
