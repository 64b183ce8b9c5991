"""The place for the sync: one button, what waits, how far it is, and the outcome in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QProgressBar

from fieldapp import i18n
from fieldapp.ui.consent_note import ConsentNote
from fieldapp.ui.line_edit import LineEdit
from fieldapp.ui.page import CardPage, button, label
from fieldapp.ui.plain import PlainLabel
from fieldapp.ui.shown import clock, megabytes
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import Theme

if TYPE_CHECKING:
    from fieldapp.storage.views import Status


Outcome = tuple[str, str]  # what happened; whether the data is safe and what to do now


def _nothing() -> Outcome:
    return "", ""


class SyncPanel(CardPage):
    """Enrols this laptop once; after that one button does everything and can be pressed again at any time."""

    sync_asked = Signal()
    stop_asked = Signal()
    enrol_asked = Signal(str, str)
    seen = Signal()  # it came on the screen

    def __init__(self, texts: Texts, theme: Theme) -> None:
        super().__init__(theme, 660)
        self._status: Status | None = None
        self._server: str | None = None
        self._words: Callable[[], str] = str
        self._counted = ""
        self._ending: Callable[[], Outcome] = _nothing
        self.column.addWidget(label(texts, "ui.sync.title", "title"))
        self.column.addWidget(label(texts, "ui.sync.text", "quiet"))
        self._facts = self._line("")
        self._facts.setTextFormat(Qt.TextFormat.PlainText)
        self.consents = ConsentNote(texts)
        self.column.addWidget(self.consents)
        self.address, self.code = LineEdit(), LineEdit()
        self.address.setPlaceholderText("http://192.168.1.10:8750")
        self.enrol_card = self._enrol_form(texts)
        self._where = self._line("small")
        self.go = button(texts, "ui.sync.go", "main")
        self.go.clicked.connect(self.sync_asked)
        self.stop = button(texts, "ui.stop")
        self.stop.clicked.connect(self.stop_asked)
        self.other = button(texts, "ui.sync.other")
        self.other.clicked.connect(lambda: self._show_enrol(True))
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        texts.name(self._bar, "ui.progress")
        self._step = self._line("quiet")
        self._outcome = self._line("strong")
        self._advice = self._line("")
        row = QHBoxLayout()
        row.addWidget(self.go)
        row.addWidget(self.stop)
        row.addStretch(1)
        row.addWidget(self.other)
        self.column.insertWidget(self.column.indexOf(self._step), self._bar)
        self.column.addLayout(row)
        texts.changed.connect(self._write)
        self.show_progress(None)
        self.show_outcome(_nothing, "")
        self.show_server(None)

    def showEvent(self, event: QShowEvent) -> None:
        """Says that somebody looks at it."""
        super().showEvent(event)
        self.seen.emit()

    def _line(self, role: str) -> QLabel:
        line = PlainLabel()
        line.setProperty("role", role)
        line.setWordWrap(True)
        self.column.addWidget(line)
        return line

    def _enrol_form(self, texts: Texts) -> list[QLabel]:
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        captions = []
        for key, edit in (("ui.sync.address", self.address), ("ui.sync.code", self.code)):
            caption = label(texts, key)
            caption.setWordWrap(False)
            caption.setBuddy(edit)
            texts.name(edit, key)
            form.addRow(caption, edit)
            captions.append(caption)
        self._enrol = button(texts, "ui.sync.enrol", "main")
        self._enrol.clicked.connect(self._ask_enrol)
        self.address.forward.connect(self.code.setFocus)
        self.code.forward.connect(self._ask_enrol)
        form.addRow("", self._enrol)
        self._enrol_text = label(texts, "ui.sync.enrol.text", "small")
        self.column.addWidget(self._enrol_text)
        self.column.addLayout(form)
        return captions

    def _ask_enrol(self) -> None:
        if self.address.text().strip() and self.code.text().strip():
            self.enrol_asked.emit(self.address.text().strip(), self.code.text().strip())
        else:
            (self.code if self.address.text().strip() else self.address).setFocus()

    def _show_enrol(self, shown: bool) -> None:
        for part in (*self.enrol_card, self.address, self.code, self._enrol, self._enrol_text):
            part.setVisible(shown)
        if shown:
            self.address.setFocus()

    def ask_for_code(self) -> None:
        """The server wants this laptop to be enrolled again: the form is there, at its known address."""
        self._show_enrol(True)
        (self.code if self.address.text() else self.address).setFocus()
        self.code.selectAll()  # typing takes the place of the code that was refused

    def take_cursor(self) -> None:
        """Puts the cursor where the next step is; the way here may have been the menu."""
        next_ = self.stop if not self.stop.isHidden() else self.address if self.go.isHidden() else self.go
        next_.setFocus(Qt.FocusReason.OtherFocusReason)
        if next_ is self.address:
            self.address.selectAll()  # typing takes the place of one that did not answer

    def show_server(self, url: str | None) -> None:
        """Shows the server that this laptop is enrolled with; None when it is not yet."""
        self._server = url
        self._show_enrol(url is None)
        self.go.setVisible(url is not None)
        self.other.setVisible(url is not None)
        if url is not None and not self.address.text():
            self.address.setText(url)
        if url is not None and self.isVisible():
            self.go.setFocus(Qt.FocusReason.OtherFocusReason)
        self._write()

    def show_status(self, status: Status) -> None:
        """Shows what waits and what the office holds."""
        self._status = status
        self._write()

    def show_progress(self, words: Callable[[], str] | None, done: int = 0, total: int = 0) -> None:
        """Shows how far it is, in words of the language in force; None when nothing runs."""
        running = words is not None
        turned = running == self.stop.isHidden()
        here = self.isVisible() and self.isAncestorOf(self.window().focusWidget() or self)
        self._bar.setVisible(running)
        self._step.setVisible(running)
        self.stop.setVisible(running)
        self.go.setEnabled(not running)
        self._enrol.setEnabled(not running)
        if here and turned:  # the button that had the cursor rests now
            self.take_cursor()
        if words is not None:
            self._words = words
            self._bar.setRange(0, total)
            self._bar.setValue(done)
            self._counted = f" {done:,} / {total:,}" if total else ""
            self.show_outcome(_nothing, "")

    def show_outcome(self, words: Callable[[], Outcome], tone: str) -> None:
        """Says how it ended, now and after a language switch."""
        self._ending = words
        self._write()
        self._advice.setProperty("role", tone)
        self._advice.style().polish(self._advice)

    def _write(self) -> None:
        self._step.setText(self._words() + self._counted)
        for part, text in zip((self._outcome, self._advice), self._ending(), strict=True):
            part.setText(text)
            part.setVisible(bool(text))
        status = self._status
        self._where.setText(i18n.t("ui.sync.server", url=self._server) if self._server else i18n.t("ui.sync.no_server"))
        if status is None:
            return
        lines = [
            i18n.t("ui.sync.waiting", n=f"{status.ops_waiting:,}", sent=f"{status.ops_sent:,}"),
            i18n.t("ui.sync.photos", n=f"{status.photos_waiting:,}", size=megabytes(status.photos_waiting_bytes)),
            i18n.t("ui.sync.confirmed", n=f"{status.ops_confirmed:,}", photos=f"{status.photos_confirmed:,}"),
            i18n.t("ui.fact.last_sync", time=clock(status.last_sync_at) or i18n.t("ui.fact.never")),
        ]
        self._facts.setText("\n".join(lines))
