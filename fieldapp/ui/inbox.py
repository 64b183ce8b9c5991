"""What waits for a person: values that stand against each other, returned work, what could not be taken in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from fieldapp import i18n
from fieldapp.domain.fields import Sensitivity
from fieldapp.domain.ids import RecordId, device_tag
from fieldapp.domain.masking import mask_name
from fieldapp.domain.ops import Value
from fieldapp.domain.records import Household
from fieldapp.ui import edits
from fieldapp.ui.card_walk import CardWalk
from fieldapp.ui.height_curves import curve_words
from fieldapp.ui.page import label
from fieldapp.ui.plain import PlainLabel
from fieldapp.ui.remarks import remark_words
from fieldapp.ui.shown import clock, declared, told_apart, value_text
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import Theme
from fieldapp.ui.whose import Whose, whose

if TYPE_CHECKING:
    from fieldapp.storage.remarks import RemarkRow
    from fieldapp.storage.store import Store
    from fieldapp.storage.views import Choice, ConflictRow, QuarantineRow
    from fieldapp.ui.session import Session


@dataclass(frozen=True, slots=True)
class Waiting:
    """Everything that waits for a person, read in one go."""

    conflicts: list[tuple[ConflictRow, Whose]]
    returned: list[tuple[Household, list[RemarkRow]]]
    quarantined: list[QuarantineRow]


class Inbox(QScrollArea):
    """A card for each decision with one button for each value; choosing one settles it and stays in history."""

    household_asked = Signal(bytes)
    place_asked = Signal(str, bytes, str, bytes, str)  # village, household, record, its id, field

    def __init__(self, texts: Texts, theme: Theme, session: Session) -> None:
        super().__init__()
        self._session = session
        self._hidden = False
        self._walk = CardWalk(self)
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
        self._hint = label(texts, "ui.inbox.hint", "small")
        self._column.addWidget(self._hint)
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

        hidden = self._hidden
        returned = [row.id for row in self._session.households if row.state == "returned"]

        def work(store: Store) -> Waiting:
            from fieldapp.storage import reads
            from fieldapp.storage.remarks import waiting_remarks

            found = [store.get(Household, one) for one in returned]
            return Waiting(
                conflicts=[
                    (row, whose(store, row.record, row.record_id, hidden=hidden)) for row in reads.conflicts(store)
                ],
                returned=[(one, waiting_remarks(store, one.id)) for one in found if one is not None],
                quarantined=reads.quarantine(store),
            )

        self._session.tasks.run(self, work, self._show)

    def begin(self, record_id: bytes, field: str) -> None:
        """Puts the cursor on what stands against each other in this field, else on the first thing that waits."""
        self._walk.begin((record_id, field))

    def _show(self, found: Waiting) -> None:
        self._walk.leave()
        while (item := self._cards.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        cards: list[tuple[tuple[bytes, str], QFrame]] = []
        for row, of in found.conflicts:
            cards.append(((row.record_id, row.field), self._conflict_card(row, of)))
        for household, remarks in found.returned:
            cards.append(((household.id, ""), self._returned_card(household, remarks)))
        for poisoned in found.quarantined:
            cards.append(((b"", ""), self._card(i18n.t("ui.inbox.quarantined"), poisoned.reason)[0]))
        for _, card in cards:
            self._cards.addWidget(card)
        self._empty.setVisible(not cards)
        self._hint.setVisible(bool(found.conflicts))
        self._walk.arrive(cards)

    def _person(self, name: str) -> str:
        return mask_name(name) if self._hidden else name

    def _card(self, title: str, text: str) -> tuple[QFrame, QVBoxLayout]:
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 12)
        for words, role in ((title, "strong"), (text, "quiet")):
            if not words:
                continue
            line = PlainLabel(words)
            line.setProperty("role", role)
            line.setWordWrap(True)
            column.addWidget(line)
        return card, column

    def _returned_card(self, household: Household, remarks: Sequence[RemarkRow]) -> QFrame:
        name = self._person(household.head_name or "") or i18n.t("ui.no_name")
        lines = [household.state_reason or "", *map(remark_words, remarks)]
        card, column = self._card(i18n.t("ui.inbox.returned", name=name), "\n".join(filter(None, lines)))
        go = _button(i18n.t("ui.inbox.open"))
        go.clicked.connect(lambda: self.household_asked.emit(household.id))
        column.addWidget(go, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _open_button(self, row: ConflictRow, household_id: RecordId) -> QPushButton:
        """Leads to the field, for those who know a third value that is the right one."""
        go = _button(i18n.t("ui.inbox.open"))
        place = (row.village_code, household_id, row.record, row.record_id, row.field)
        go.clicked.connect(lambda: self.place_asked.emit(*place))
        return go

    def _conflict_card(self, row: ConflictRow, of: Whose) -> QFrame:
        field = declared(row.record, row.field)
        card, column = self._card(f"{of.title} · {i18n.t(field.label)}", i18n.t("ui.inbox.conflict"))
        picks = []
        for choice, text in zip(row.choices, choice_texts(row, hidden=self._hidden), strict=True):
            line = QHBoxLayout()
            pick = _button(_take(text))
            pick.setAccessibleDescription(_who(choice))
            pick.clicked.connect(lambda _=False, value=choice.value: self._decide(row, value))
            who = PlainLabel(_who(choice))
            who.setProperty("role", "quiet")
            line.addWidget(pick)
            line.addWidget(who, 1)
            column.addLayout(line)
            picks.append(pick)
        below = QHBoxLayout()
        if field.sensitivity is Sensitivity.SENSITIVE and not self._hidden:
            below.addWidget(self._reveal_button(row, picks))
        if of.household_id is not None:
            below.addWidget(self._open_button(row, of.household_id))
        below.addStretch(1)
        column.addLayout(below)
        return card

    def _reveal_button(self, row: ConflictRow, picks: list[QPushButton]) -> QPushButton:
        """Shows sensitive values in full until it is pressed again; a form does while the cursor is in the field."""
        reveal = _button(i18n.t("ui.inbox.reveal"))
        reveal.setCheckable(True)

        def show(full: bool) -> None:
            reveal.setText(i18n.t("ui.inbox.cover" if full else "ui.inbox.reveal"))
            for pick, text in zip(picks, choice_texts(row, hidden=self._hidden, full=full), strict=True):
                pick.setText(_take(text))

        reveal.toggled.connect(show)
        return reveal

    def _decide(self, row: ConflictRow, value: Value) -> None:
        self._session.act(lambda store: edits.decide(store, row.record_id, row.field, value))


def _button(words: str) -> QPushButton:
    made = QPushButton(words)
    made.setAutoDefault(True)  # Enter presses it
    return made


def _take(text: str) -> str:
    # a lone & would be taken for the mark of a key
    return i18n.t("ui.inbox.take", value=text.replace("&", "&&"))


def choice_texts(row: ConflictRow, *, hidden: bool, full: bool = False) -> list[str]:
    """The values to choose from as words; sensitive ones covered unless `full`, all personal ones when `hidden`."""
    field = declared(row.record, row.field)
    if row.field == "removed":
        return [i18n.t("ui.inbox.removed" if c.value else "ui.inbox.kept") for c in row.choices]
    if field.choices:
        return [_choice_word(row, c.value) for c in row.choices]
    if row.field == "height_curve":
        return [curve_words(str(c.value)) if c.value else i18n.t("word.none") for c in row.choices]
    texts = [value_text(field, choice.value) for choice in row.choices]
    covered = field.sensitivity is Sensitivity.SENSITIVE and not full
    if covered or (hidden and field.sensitivity is not Sensitivity.PUBLIC):
        texts = told_apart(field, texts)
    return [text or i18n.t("word.none") for text in texts]


def _choice_word(row: ConflictRow, value: Value) -> str:
    if not value:
        return i18n.t("word.none")
    key = f"choice.{row.record}.{row.field}.{value!s}"
    # a newer version may know others
    return i18n.t(key) if i18n.has(key) else value_text(declared(row.record, row.field), value)


def _who(choice: Choice) -> str:
    return i18n.t("ui.inbox.who", person=choice.person, time=clock(choice.written_ms), tag=device_tag(choice.device))
