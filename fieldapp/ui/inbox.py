"""What waits for a person: values that stand against each other, returned work, what could not be taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from fieldapp import i18n
from fieldapp.domain.fields import Sensitivity
from fieldapp.domain.ids import RecordId, device_tag
from fieldapp.domain.ops import Value
from fieldapp.domain.records import BY_NAME, Household, Tree
from fieldapp.ui import edits
from fieldapp.ui.page import label
from fieldapp.ui.shown import clock, declared, mask, value_text
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import Theme

if TYPE_CHECKING:
    from fieldapp.storage.store import Store
    from fieldapp.storage.views import Choice, ConflictRow, QuarantineRow
    from fieldapp.ui.session import Session


class Inbox(QScrollArea):
    """A card for each decision with one button for each value; choosing one settles it and stays in history."""

    household_asked = Signal(bytes)

    def __init__(self, texts: Texts, theme: Theme, session: Session) -> None:
        super().__init__()
        self._session = session
        self._hidden = False
        self.setWidgetResizable(True)
        inner = QWidget()
        inner.setProperty("role", "page")
        inner.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(24, 16, 24, 16)
        self._column.setSpacing(12)
        self._column.addWidget(label(texts, "ui.inbox.title", "title"))
        self._empty = label(texts, "ui.inbox.empty", "quiet")
        self._column.addWidget(self._empty)
        self._cards = QVBoxLayout()
        self._column.addLayout(self._cards)
        self._column.addStretch(1)
        self.setWidget(inner)
        session.lists_changed.connect(self.read)
        texts.changed.connect(self.read)

    def hide_personal(self, hidden: bool) -> None:
        """Covers personal values while others look at the screen."""
        self._hidden = hidden
        self.read()

    def read(self) -> None:
        """Reads what waits."""

        def work(store: Store) -> tuple[list[tuple[ConflictRow, str]], list[QuarantineRow]]:
            from fieldapp.storage import reads

            conflicts = [(row, _title(store, row)) for row in reads.conflicts(store)]
            return conflicts, reads.quarantine(store)

        self._session.tasks.run(self, work, self._show)

    def _show(self, found: tuple[list[tuple[ConflictRow, str]], list[QuarantineRow]]) -> None:
        while (item := self._cards.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        conflicts, quarantined = found
        for row, title in conflicts:
            self._cards.addWidget(self._conflict_card(row, title))
        for household in self._session.households:
            if household.state == "returned":
                self._cards.addWidget(self._returned_card(household.id, household.name))
        for poisoned in quarantined:
            self._cards.addWidget(self._card(i18n.t("ui.inbox.quarantined"), poisoned.reason)[0])
        self._empty.setVisible(self._cards.count() == 0)

    def _card(self, title: str, text: str) -> tuple[QFrame, QVBoxLayout]:
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 12)
        for words, role in ((title, "strong"), (text, "quiet")):
            if not words:
                continue
            line = QLabel(words)
            line.setProperty("role", role)
            line.setWordWrap(True)
            column.addWidget(line)
        return card, column

    def _returned_card(self, household_id: RecordId, name: str) -> QFrame:
        card, column = self._card(i18n.t("ui.inbox.returned", name=name or i18n.t("ui.no_name")), "")
        go = QPushButton(i18n.t("ui.inbox.open"))
        go.clicked.connect(lambda: self.household_asked.emit(household_id))
        column.addWidget(go, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _conflict_card(self, row: ConflictRow, title: str) -> QFrame:
        field = declared(row.record, row.field)
        card, column = self._card(f"{title} · {i18n.t(field.label)}", i18n.t("ui.inbox.conflict"))
        for choice in row.choices:
            line = QHBoxLayout()
            pick = QPushButton(i18n.t("ui.inbox.take", value=_value(row, choice.value, hidden=self._hidden)))
            pick.setAccessibleDescription(_who(choice))
            pick.clicked.connect(lambda _=False, value=choice.value: self._decide(row, value))
            who = QLabel(_who(choice))
            who.setProperty("role", "quiet")
            line.addWidget(pick)
            line.addWidget(who, 1)
            column.addLayout(line)
        return card

    def _decide(self, row: ConflictRow, value: Value) -> None:
        self._session.act(lambda store: edits.decide(store, row.record_id, row.field, value))


def _value(row: ConflictRow, value: Value, *, hidden: bool) -> str:
    field = declared(row.record, row.field)
    if row.field == "removed":
        return i18n.t("ui.inbox.removed" if value else "ui.inbox.kept")
    if field.choices and value:
        return i18n.t(f"choice.{row.record}.{row.field}.{value!s}")
    text = value_text(field, value)
    if hidden and field.sensitivity is not Sensitivity.PUBLIC:
        text = mask(field, text)
    return text or i18n.t("word.none")


def _who(choice: Choice) -> str:
    return i18n.t("ui.inbox.who", person=choice.person, time=clock(choice.written_ms), tag=device_tag(choice.device))


def _title(store: Store, row: ConflictRow) -> str:
    """What the conflict is about, as a person names it."""
    record = store.get(BY_NAME[row.record], row.record_id)
    name = i18n.t(f"record.{row.record}")
    if isinstance(record, Household):
        return f"{name} {record.head_name or ''}"
    if isinstance(record, Tree):
        return f"{name} {record.tag or ''}"
    return name
