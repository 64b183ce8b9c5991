"""Opening a profile: asking for its PIN, and saying plainly what stands in the way."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from fieldapp import i18n
from fieldapp.errors import FieldappError
from fieldapp.ui.line_edit import LineEdit
from fieldapp.ui.page import CardPage, Told, button, label
from fieldapp.ui.plain import PlainLabel
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import Theme


def secret_edit() -> LineEdit:
    """A field for a PIN."""
    edit = LineEdit()
    edit.setEchoMode(QLineEdit.EchoMode.Password)
    edit.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
    return edit


class UnlockPage(CardPage):
    """Asks for the PIN of a profile; a wrong one is told, and nothing is lost by it."""

    unlocked = Signal(str)
    recovery_asked = Signal()
    back_asked = Signal()

    def __init__(self, texts: Texts, theme: Theme) -> None:
        super().__init__(theme, 460)
        self._where = PlainLabel()
        self._where.setProperty("role", "small")
        self._where.setWordWrap(True)
        self.pin = secret_edit()
        texts.name(self.pin, "ui.unlock.pin")
        self.problem = Told(texts)
        self.column.addWidget(label(texts, "ui.unlock.title", "title"))
        self.column.addWidget(self._where)
        self.column.addWidget(label(texts, "ui.unlock.pin", "quiet"))
        self.column.addWidget(self.pin)
        self.column.addWidget(self.problem)
        self.forgotten = button(texts, "ui.unlock.forgotten")
        self.forgotten.clicked.connect(self.recovery_asked)
        self.no_way_back = label(texts, "ui.unlock.no_office", "small")
        for part in (self.forgotten, self.no_way_back):
            self.column.addWidget(part)
            part.hide()
        row = QHBoxLayout()
        other = button(texts, "ui.unlock.other")
        other.clicked.connect(self.back_asked)
        go = button(texts, "ui.unlock.go", "main")
        go.clicked.connect(self._go)
        self.pin.forward.connect(self._go)
        row.addWidget(other)
        row.addStretch(1)
        row.addWidget(go)
        self.column.addLayout(row)

    def ask(self, folder: Path, problem: FieldappError | None = None, *, office: bool = False) -> None:
        """Asks for the PIN of the profile in `folder`, after a wrong one with the reason.

        `office` says whether the office's recovery key opens it too; only then a way by it is offered.
        """
        self.forgotten.setVisible(office)
        self.no_way_back.setVisible(problem is not None and not office)
        self._where.setText(str(folder))
        if problem is None:
            self.problem.tell()
        else:
            self.problem.tell_error(problem)
        self.pin.clear()
        self.pin.setFocus()

    def _go(self) -> None:
        self.unlocked.emit(self.pin.text())


class ProblemPage(CardPage):
    """What happened, whether the data is safe, what to do now; and the two ways on from here."""

    retry_asked = Signal()
    back_asked = Signal()

    def __init__(self, texts: Texts, theme: Theme) -> None:
        super().__init__(theme, 620)
        self.title, self.message, self.advice, self._where = PlainLabel(), PlainLabel(), PlainLabel(), PlainLabel()
        for part, role in ((self.title, "title"), (self.message, ""), (self.advice, "strong"), (self._where, "small")):
            part.setProperty("role", role)
            part.setWordWrap(True)
            part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.column.addWidget(part)
        row = QHBoxLayout()
        back = button(texts, "ui.unlock.other")
        back.clicked.connect(self.back_asked)
        self.retry = button(texts, "ui.retry", "main")
        self.retry.clicked.connect(self.retry_asked)
        row.addWidget(back)
        row.addStretch(1)
        row.addWidget(self.retry)
        self.column.addLayout(row)
        self._error: FieldappError | None = None
        texts.changed.connect(self._write)

    def tell(self, error: FieldappError, folder: Path) -> None:
        """Shows an error in its three parts, now and after a language switch."""
        self._error = error
        self._write()
        self._where.setText(str(folder))
        self.retry.setFocus()

    def _write(self) -> None:
        if self._error is not None:
            for part, text in zip((self.title, self.message, self.advice), i18n.error_texts(self._error), strict=True):
                part.setText(text)
