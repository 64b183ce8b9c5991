"""What a household still lacks before it is ready, as a list whose lines lead to their places; then the decision."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from fieldapp import i18n
from fieldapp.errors import Severity
from fieldapp.ui.asking import AskingDialog
from fieldapp.ui.focus_keeper import FocusKeeper
from fieldapp.ui.line_edit import LineEdit
from fieldapp.ui.plain import PlainLabel
from fieldapp.ui.readiness import Line
from fieldapp.ui.ready_places import go_to
from fieldapp.ui.readying import Asked
from fieldapp.ui.theme import Theme, size_at_scale
from fieldapp.ui.workbench import Workbench
from fieldapp.ui.wrapped import WrappedLines

_TOKENS = {Severity.RED: "red", Severity.AMBER: "amber", Severity.GREY: "text"}


class ReadyDialog(AskingDialog):
    """Enter on a line goes there; red lines leave no other way, amber ones want a sentence."""

    place_asked = Signal(object)  # Line
    given = Signal(str)  # ready nevertheless, with the reason; "" where none is wanted

    def __init__(self, parent: QWidget, theme: Theme, asked: Asked) -> None:
        super().__init__(parent)
        self._asked = asked
        self.setWindowTitle(i18n.t("ui.ready"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(size_at_scale(640, 460))
        self.list = _list(theme, asked)
        self.list.itemActivated.connect(lambda item: self._go(asked.lines[self.list.row(item)]))
        self.edit = LineEdit()
        self.edit.setAccessibleName(i18n.t("ui.reason"))
        self.edit.setPlaceholderText(i18n.t("ui.reason"))
        self.edit.forward.connect(self._accept)
        self.edit.setVisible(asked.wants_reason and not asked.blocked)
        self.ready_button = QPushButton(i18n.t("ui.ready"))
        self.ready_button.setProperty("role", "main")
        self.ready_button.setEnabled(not asked.blocked)
        self.ready_button.setAutoDefault(False)  # Enter in the list leads to the line's place
        self.ready_button.clicked.connect(self._accept)
        self._lay_out()
        (self.list if asked.lines else self.edit).setFocus()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(8)
        for words, role in _questions(self._asked):
            said = PlainLabel(words)
            said.setProperty("role", role)
            said.setWordWrap(True)
            column.addWidget(said)
        column.addWidget(self.list, 1)
        self.list.setVisible(bool(self._asked.lines))
        column.addWidget(self.edit)
        self._hint = PlainLabel(i18n.t(_keys(self._asked)))
        self._hint.setProperty("role", "small")
        self._hint.setWordWrap(True)
        column.addWidget(self._hint)
        buttons = QDialogButtonBox()
        back = QPushButton(i18n.t("ui.ready.back"))
        back.setAutoDefault(False)
        buttons.addButton(self.ready_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(back, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)

    def _go(self, line: Line) -> None:
        if self.edit.text().strip():
            self.reject()  # which asks first: the reason would be lost
            return
        self.place_asked.emit(line)
        self.done(QDialog.DialogCode.Rejected)

    def _accept(self) -> None:
        reason = self.edit.text().strip()
        if self._asked.wants_reason and not reason:
            self._hint.setText(i18n.t("ui.ready.reason_first"))
            self.edit.setFocus()
            return
        self.given.emit(reason)
        self.accept()


def _keys(asked: Asked) -> str:
    """The text for the ways on from here: of no field that is not there."""
    if asked.blocked:
        return "ui.ready.keys_red"
    return "ui.ready.keys" if asked.wants_reason else "ui.ready.keys_grey"


def _list(theme: Theme, asked: Asked) -> QListWidget:
    made = QListWidget()
    made.setProperty("role", "framed")
    made.setItemDelegate(WrappedLines(made))
    made.setAccessibleName(i18n.t("ui.ready.list"))
    for line in asked.lines:
        item = QListWidgetItem(f"{i18n.t(f'severity.{line.severity}')} · {line.words}", made)
        item.setForeground(theme.color(_TOKENS[line.severity]))
    made.setCurrentRow(0)
    return made


def _questions(asked: Asked) -> list[tuple[str, str]]:
    """What is asked above the list, each with its role in the style sheet."""
    if asked.blocked:
        return [(i18n.t("ui.ready.red", n=asked.count(Severity.RED)), "red")]
    found = []
    if asked.remarks:
        found.append((i18n.t("ui.ready.returned", n=asked.remarks), "strong"))
    if ambers := asked.count(Severity.AMBER):
        found.append((i18n.t("ui.ready.amber", n=ambers), "amber"))
    if greys := asked.count(Severity.GREY):
        found.append((i18n.t("ui.ready.grey", n=greys), ""))
    return found


def ask_ready(window: QWidget, theme: Theme, bench: Workbench, keeper: FocusKeeper, asked: Asked) -> None:
    """Opens the dialog and does what is decided in it."""

    def leave(line: Line) -> None:
        keeper.let_go()
        # after the dialog has closed: a cell opens in a window that has the cursor
        QTimer.singleShot(0, bench, lambda: go_to(bench, line))

    dialog = ReadyDialog(window, theme, asked)
    dialog.given.connect(bench.recorder.ready.set_ready)
    dialog.place_asked.connect(leave)
    dialog.open()
