"""Consents: the text is read aloud before it is agreed to, and the very text of every given one opens again."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSlider,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from fieldapp import i18n
from fieldapp.domain import consent
from fieldapp.domain.consent import ConsentText
from fieldapp.domain.masking import mask_name
from fieldapp.domain.records import CONSENT_KINDS, Consent
from fieldapp.ui.page import button, label
from fieldapp.ui.plain import PlainLabel, plain_tip
from fieldapp.ui.shown import finding_words
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import at_scale, size_at_scale

if TYPE_CHECKING:
    from fieldapp.ui.desk import Desk

_READ_ALOUD_PX = 17  # read at arm's length to somebody else


class ReadAloud(QTextBrowser):
    """The text; Enter turns a page here and never agrees: that takes the button itself."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes down like PageDown; a dialog would take it for its main button."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.verticalScrollBar().triggerAction(QAbstractSlider.SliderAction.SliderPageStepAdd)
            event.accept()
            return
        super().keyPressEvent(event)


class ConsentDialog(QDialog):
    """One text as it is read aloud; with `agreeing` the household may agree to it, without it is only read again."""

    agreed = Signal(str, str)  # kind, version

    def __init__(self, parent: QWidget, text: ConsentText, *, agreeing: bool, note: str = "") -> None:
        super().__init__(parent)
        self.text = text
        self.setWindowTitle(text.title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(size_at_scale(720, 660))
        about = PlainLabel(f"{edition_words(text)}\n{text.source}")
        about.setProperty("role", "small")
        about.setWordWrap(True)
        self.browser = ReadAloud()
        self.browser.setAccessibleName(text.title)
        self.browser.setHtml(_read_aloud(text))
        given = PlainLabel(note)
        given.setWordWrap(True)
        given.setVisible(bool(note))
        self.buttons = QDialogButtonBox()
        self._lay_buttons(agreeing)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(8)
        for part in (about, given, self.browser):
            column.addWidget(part)
        foot = QHBoxLayout()
        keys = PlainLabel(i18n.t("ui.consent.keys" if agreeing else "ui.consent.keys.again"))
        keys.setProperty("role", "small")
        foot.addWidget(keys, 1)
        foot.addWidget(self.buttons)
        column.addLayout(foot)
        self.browser.setFocus()

    def _lay_buttons(self, agreeing: bool) -> None:
        close = QPushButton(i18n.t("ui.consent.not_now" if agreeing else "word.close"))
        self.buttons.addButton(close, QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.rejected.connect(self.reject)
        if agreeing:
            word = "ui.consent.withdraw" if self.text.kind == "withdrawn" else "ui.consent.agree"
            agree = QPushButton(i18n.t(word))
            agree.setProperty("role", "main")
            self.buttons.addButton(agree, QDialogButtonBox.ButtonRole.AcceptRole)
            self.buttons.accepted.connect(self._agree)

    def _agree(self) -> None:
        self.agreed.emit(self.text.kind, self.text.version)
        self.accept()


class GivenList(QListWidget):
    """The consents that were given, one under the other: as high as they are at the type scale in force."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "framed")
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """All rows and the frame."""
        rows = sum(self.sizeHintForRow(number) for number in range(self.count()))
        return QSize(super().sizeHint().width(), rows + 2 * self.frameWidth() + 2)

    def minimumSizeHint(self) -> QSize:
        """It never scrolls: the page does."""
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())


class ConsentPart(QWidget):
    """The buttons that open a text, the consents that were given, and what is missing."""

    agreed = Signal(str, str)  # kind, version

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._consents: Sequence[Consent] = ()
        self._hidden = False
        self.ask_buttons = {kind: button(texts, f"ui.consent.{kind}") for kind in CONSENT_KINDS}
        self.given = GivenList()
        texts.name(self.given, "ui.consent.given")
        self.given.itemActivated.connect(lambda item: self._open_given(self.given.row(item)))
        self._hint = label(texts, "ui.consent.given.hint", "small")
        self._missing = PlainLabel()
        self._missing.setProperty("role", "amber")
        self._missing.setWordWrap(True)
        row = QHBoxLayout()
        for kind, ask in self.ask_buttons.items():
            ask.clicked.connect(lambda _=False, kind=kind: self.read_out(kind))
            row.addWidget(ask)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(label(texts, "ui.consents", "strong"))
        column.addWidget(label(texts, "ui.consents.text", "quiet"))
        column.addLayout(row)
        for part in (self._missing, self.given, self._hint):
            column.addWidget(part)

    def show_desk(self, desk: Desk) -> None:
        """Shows what was given and what is missing."""
        self._consents = desk.view.consents
        self._fill()
        mine = desk.findings.get(desk.view.household.id, [])
        missing = [finding_words(f) for field in ("consent", "tenure") for f in mine if f.field == field]
        self._missing.setText("\n".join(missing))
        self._missing.setVisible(bool(missing))

    def hide_personal(self, hidden: bool) -> None:
        """Covers who took the consents."""
        self._hidden = hidden
        self._fill()

    def read_out(self, kind: str) -> None:
        """Opens today's text of a kind, to be read aloud and then agreed to."""
        text = consent.load().text(kind, i18n.language())
        if text is not None:
            dialog = ConsentDialog(self.window(), text, agreeing=True)
            dialog.agreed.connect(self.agreed)
            dialog.open()

    def _open_given(self, place: int) -> None:
        given = self._consents[place]
        text = consent.load().text(given.kind or "", i18n.language(), given.text_version or "")
        if text is not None:
            ConsentDialog(self.window(), text, agreeing=False, note=self._words(place)).open()

    def _fill(self) -> None:
        place = self.given.currentRow()
        self.given.clear()
        for number in range(len(self._consents)):
            item = QListWidgetItem(self._words(number), self.given)
            item.setToolTip(plain_tip(item.text()))
        self.given.setCurrentRow(place)
        for part in (self.given, self._hint):
            part.setVisible(bool(self._consents))
        self.given.updateGeometry()

    def _words(self, place: int) -> str:
        """A given consent in one line: what, which text, when, before whom, and whether it was withdrawn since."""
        given = self._consents[place]
        text = consent.load().text(given.kind or "", i18n.language(), given.text_version or "")
        title = text.title if text else i18n.t(f"choice.consent.kind.{given.kind}")
        witness = given.witness or ""
        who = mask_name(witness) if self._hidden and witness else witness
        status = i18n.t(f"ui.consent.status.{text.status}") if text is not None else i18n.t("ui.consent.no_text")
        version = given.text_version or "—"
        if version.startswith(consent.PRACTICE):
            version, status = (
                version.removeprefix(consent.PRACTICE),
                i18n.listed((i18n.t("ui.consent.status.practice"), status)),
            )
        edition = i18n.aside(version, status)
        later = (one.kind for one in self._consents[place + 1 :])
        if given.kind != "withdrawn" and "withdrawn" in later:  # first: the end of a line may be cut
            title = i18n.aside(title, i18n.t("ui.consent.was_withdrawn"))
        return " · ".join((title, edition, given.given_on or "—", i18n.t("ui.consent.who", person=who or "—")))


def edition_words(text: ConsentText) -> str:
    """Which text this is: version, day, and that a draft is one."""
    status = i18n.t(f"ui.consent.status.{text.status}")
    return i18n.t("ui.consent.edition", version=text.version, date=text.date, status=status)


def _read_aloud(text: ConsentText) -> str:
    style = f"font-size:{at_scale(_READ_ALOUD_PX)}px; line-height:140%"
    paragraphs = "".join(f"<p style='{style}'>{html.escape(paragraph)}</p>" for paragraph in text.paragraphs)
    return f"<h2>{html.escape(text.title)}</h2>{paragraphs}"
