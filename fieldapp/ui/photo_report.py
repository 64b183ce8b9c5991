"""The report of an import: how many photos were taken, and each other file with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from fieldapp import i18n
from fieldapp.ui.plain import PlainLabel
from fieldapp.ui.theme import at_scale, size_at_scale
from fieldapp.ui.wrapped import WrappedLines

_MARGIN_PX = 40  # the window's frame and its status bar


class PhotoReport(QDialog):
    """How many were taken, and a list of the others with the reason for each; the window behind it works on."""

    go_on = Signal()

    def __init__(self, parent: QWidget, title: str, lines: Sequence[tuple[str, str]], advice: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(i18n.t("ui.photos.report"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(size_at_scale(620, 460))
        self.title = PlainLabel(title)
        self.title.setProperty("role", "strong")
        self.list = QListWidget()
        self.list.setProperty("role", "framed")
        self.list.setItemDelegate(WrappedLines(self.list))
        self.list.setAccessibleName(title)
        for name, reason in lines:
            QListWidgetItem(i18n.t("ui.photos.refused", name=name, reason=reason), self.list)
        self.advice = PlainLabel(advice)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.buttons.button(QDialogButtonBox.StandardButton.Close).setText(i18n.t("word.close"))
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(12)
        for part in (self.title, self.list, self.advice, self.buttons):
            column.addWidget(part)
        for text in (self.title, self.advice):
            text.setWordWrap(True)
        self.advice.setVisible(bool(advice))
        self.way = PlainLabel()
        self.way.setProperty("role", "small")
        self.way.hide()
        column.insertWidget(column.count() - 1, self.way)

    def offer(self, words: str) -> None:
        """Offers to take what was left."""
        button = self.buttons.addButton(words, QDialogButtonBox.ButtonRole.AcceptRole)
        button.setDefault(True)
        button.clicked.connect(self.accept)
        self.accepted.connect(self.go_on)

    def show_beside(self, typed: QWidget | None, key: str) -> None:
        """Comes up; while somebody types, beside that field, without taking the cursor, and names the key to it."""
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, typed is not None)
        self.way.setText(i18n.t("ui.photos.report_way", keys=key))
        self.way.setVisible(typed is not None)
        if typed is not None:
            self.move(self._beside(typed))
        self.show()

    def _beside(self, typed: QWidget) -> QPoint:
        """At the right, in the half of the window in which nobody types."""
        window = typed.window().geometry()
        margin = at_scale(_MARGIN_PX)
        is_below = typed.mapToGlobal(typed.rect().center()).y() > window.center().y()
        top = window.top() + margin if is_below else window.bottom() - margin - self.height()
        return QPoint(window.right() - margin - self.width(), top)

    def take_cursor(self) -> None:
        """Takes the cursor into its list; Esc leads back to where somebody typed."""
        self.way.hide()
        self.activateWindow()
        self.list.setFocus()
        self.list.setCurrentRow(max(self.list.currentRow(), 0))
