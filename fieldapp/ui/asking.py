"""A dialog that holds typed text: Esc, Cancel and the cross close it, but what was typed is not lost unasked."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QMessageBox, QWidget

from fieldapp import i18n


class AskingDialog(QDialog):
    """Asks before it gives up what stands in `edit`."""

    edit: QLineEdit

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._question: QMessageBox | None = None

    def reject(self) -> None:
        """Closes at once when nothing was typed, else after a question; Esc there goes back to the text."""
        if not self.edit.text().strip():
            super().reject()
        elif self._question is None:
            self._ask()

    def _ask(self) -> None:
        box = self._question = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.windowTitle())
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(i18n.t("ui.give_up"))
        keep = box.addButton(i18n.t("ui.give_up.keep"), QMessageBox.ButtonRole.RejectRole)
        leave = box.addButton(i18n.t("ui.give_up.leave"), QMessageBox.ButtonRole.DestructiveRole)
        leave.clicked.connect(self._give_up)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(self._answered)
        box.open()

    def _answered(self) -> None:
        self._question = None
        self.edit.setFocus()

    def _give_up(self) -> None:
        self.done(QDialog.DialogCode.Rejected)
