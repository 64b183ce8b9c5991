"""The small dialogs: the list of keys, choosing a village, asking for a reason, telling an error."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from fieldapp import i18n
from fieldapp.domain.places import PlaceHit
from fieldapp.errors import FieldappError
from fieldapp.ui.asking import AskingDialog
from fieldapp.ui.commands import key_list, plain_name
from fieldapp.ui.line_edit import LineEdit
from fieldapp.ui.plain import PlainLabel
from fieldapp.ui.search_box import SearchEdit
from fieldapp.ui.theme import size_at_scale


def _dialog(parent: QWidget, title: str, width: int, height: int) -> tuple[QDialog, QVBoxLayout]:
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.resize(size_at_scale(width, height))
    column = QVBoxLayout(dialog)
    column.setContentsMargins(16, 16, 16, 12)
    column.setSpacing(12)
    return dialog, column


def keys_dialog(parent: QWidget) -> QDialog:
    """All commands with their keys, on one screen."""
    dialog, column = _dialog(parent, plain_name("keys"), 900, 690)
    # in an order that fills two columns evenly
    order = ("record", "household", "evidence", "programme", "view", "grid")
    sections: dict[str, list[str]] = {i18n.t(f"ui.section.{name}"): [] for name in order}
    for section, name, keys in key_list():
        sections[section].append(f"<tr><td>{name}</td><td align='right'><b>{keys}</b></td></tr>")
    sections[i18n.t("ui.section.grid")].extend(
        f"<tr><td>{i18n.t(f'ui.keys.{name}')}</td><td align='right'><b>{keys}</b></td></tr>"
        for name, keys in (
            ("forward", "Enter / Tab"),
            ("back", "Shift+Enter / Shift+Tab"),
            ("column", "↑ / ↓"),
            ("species", "Alt+↓"),
            ("places", "Alt+1 … Alt+4"),
            ("menu", "Alt+M"),
            ("photo", "Space"),
            ("leave", "Esc"),
        )
    )
    cells = [
        f"<h3 style='margin-bottom:2px'>{title}</h3><table width='100%' cellspacing='2'>{''.join(rows)}</table>"
        for title, rows in sections.items()
    ]
    lengths = [len(rows) + 2 for rows in sections.values()]
    half = min(range(len(cells)), key=lambda cut: abs(sum(lengths[:cut]) - sum(lengths[cut:])))
    text = QTextBrowser()
    text.setAccessibleName(plain_name("keys"))
    left, right = (f"<td width='47%' valign='top'>{''.join(part)}</td>" for part in (cells[:half], cells[half:]))
    text.setHtml(f"<table width='100%' cellspacing='8'><tr>{left}<td width='6%'></td>{right}</tr></table>")
    column.addWidget(text)
    column.addWidget(_close_button(dialog))
    return dialog


def _close_button(dialog: QDialog) -> QDialogButtonBox:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    buttons.button(QDialogButtonBox.StandardButton.Close).setText(i18n.t("word.close"))
    return buttons


class VillageDialog(QDialog):
    """Chooses a village of the official list by its name, pinyin initials or code."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget, search: Callable[[str], Sequence[tuple[PlaceHit, str]]]) -> None:
        super().__init__(parent)
        self._search = search
        self.setWindowTitle(i18n.t("ui.village.title"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(size_at_scale(600, 460))
        self.edit = SearchEdit()
        self.edit.setPlaceholderText(i18n.t("ui.village.search"))
        self.edit.setAccessibleName(i18n.t("ui.village.search"))
        self.list = QListWidget()
        self.list.setAccessibleName(i18n.t("ui.hits"))
        self.list.setProperty("role", "framed")
        self._note = PlainLabel(i18n.t("ui.village.text"))
        self._note.setProperty("role", "quiet")
        self._note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        cancel = buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setText(i18n.t("word.cancel"))
        cancel.setAutoDefault(False)  # Enter takes the marked line
        buttons.rejected.connect(self.reject)
        for part in (self._note, self.edit, self.list, buttons):
            column.addWidget(part)
        self.edit.textChanged.connect(self._find)
        self.edit.down.connect(self._go_down)
        self.edit.forward.connect(lambda: self._take(self.list.currentItem()))
        self.list.itemActivated.connect(self._take)

    def _find(self, text: str) -> None:
        self.list.clear()
        for hit, above in self._search(text):
            item = QListWidgetItem(f"{hit.name}    {above}    {hit.code}", self.list)
            item.setData(Qt.ItemDataRole.UserRole, hit.code)
        self.list.setCurrentRow(0)
        found_none = bool(text.strip()) and not self.list.count()
        self._note.setText(i18n.t("ui.village.none" if found_none else "ui.village.text"))

    def _go_down(self) -> None:
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
            self.accept()


class ReasonDialog(AskingDialog):
    """Asks why a person goes on; an empty reason is none."""

    given = Signal(str)

    def __init__(self, parent: QWidget, question: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(i18n.t("ui.reason"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(size_at_scale(480, 0).width())
        text = PlainLabel(question)
        text.setWordWrap(True)
        self.edit = LineEdit()
        self.edit.setAccessibleName(i18n.t("ui.reason"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText(i18n.t("word.ok"))
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(i18n.t("word.cancel"))
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        for part in (text, self.edit, buttons):
            column.addWidget(part)
        self.edit.forward.connect(self._accept)

    def _accept(self) -> None:
        if self.edit.text().strip():
            self.given.emit(self.edit.text().strip())
            self.accept()


def error_box(parent: QWidget, error: FieldappError) -> QMessageBox:
    """What happened, whether the data is safe, what to do now."""
    return message_box(parent, *i18n.error_texts(error))


def message_box(parent: QWidget, title: str, message: str, advice: str) -> QMessageBox:
    """A dialog that stays until it is read, and blocks nothing."""
    box = QMessageBox(QMessageBox.Icon.Warning, title, title, QMessageBox.StandardButton.Close, parent)
    box.setInformativeText(f"{message}\n\n{advice}")
    for shown in box.children():  # the name of a file or folder may look like HTML
        if isinstance(shown, QLabel):
            shown.setTextFormat(Qt.TextFormat.PlainText)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.button(QMessageBox.StandardButton.Close).setText(i18n.t("word.close"))
    box.open()
    return box
