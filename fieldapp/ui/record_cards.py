"""Forms in cards: one record, and several of a kind under a heading."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from fieldapp.domain.ids import RecordId
from fieldapp.domain.records import Record
from fieldapp.errors import Finding
from fieldapp.ui.forms import RecordForm
from fieldapp.ui.names import Offer, Spoken
from fieldapp.ui.page import label
from fieldapp.ui.plain import PlainLabel
from fieldapp.ui.tab_order import tab_after, tab_stops
from fieldapp.ui.texts import Texts
from fieldapp.ui.tree_cells import Box

Offers = Mapping[str, tuple[Sequence[Offer], str]]  # by field: the values, and the key of the words for none


class BinButton(QPushButton):
    """Puts a record into the bin; Enter, which walks through the fields, does not press it."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        texts.say(self, "ui.remove")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space presses it, and a click."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
        else:
            super().keyPressEvent(event)


class RecordCard(QFrame):
    """One record's form in a card of its own, with a way to put it into the bin."""

    field_left = Signal(object, str, object)  # Box, field, value
    field_misread = Signal(object, str, str)  # Box, field, text
    field_entered = Signal(bytes, str)
    removed = Signal(object)
    ended = Signal()  # Enter on its last field

    def __init__(
        self,
        record: type[Record],
        names: tuple[str, ...],
        texts: Texts,
        *,
        removable: bool,
        spoken: Mapping[str, Spoken] | None = None,
    ) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.box = Box()
        self.form = RecordForm(record, names, texts, spoken=spoken)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self.form)
        self.foot = PlainLabel()
        self.foot.setProperty("role", "small")
        self.foot.setWordWrap(True)
        self.foot.hide()
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self.foot, 1)
        self.acts = QHBoxLayout()  # what else can be done with this record
        row.addLayout(self.acts)
        self.bin_button = BinButton(texts) if removable else None
        if self.bin_button is not None:
            self.bin_button.clicked.connect(lambda: self.removed.emit(self.box.record))
            row.addWidget(self.bin_button)
        column.addLayout(row)
        self.form.field_left.connect(lambda name, value: self.field_left.emit(self.box, name, value))
        self.form.field_misread.connect(lambda name, text: self.field_misread.emit(self.box, name, text))
        self.form.field_entered.connect(lambda name: self.field_entered.emit(self._id(), name))
        self.form.ended.connect(self.ended)

    def show_record(
        self,
        record: Record,
        findings: list[Finding],
        foot: str = "",
        offers: Offers | None = None,
        after: int = 0,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        """Shows a record as stored, with what is to be looked at in it and what its fields may be given.

        `typed` had no meaning for its fields and shows over their values. A reading that knows nothing of a field
        just left (an act later than `after`) changes no field: the next will.
        """
        for name, (values, none) in (offers or {}).items():
            self.form.offer(name, values, none)
        if self._id() != record.id or self.box.act <= after:
            self.box = Box(record)
            self.form.show_record(record, typed)
        self.form.show_findings(findings)
        self.foot.setText(foot)
        self.foot.setVisible(bool(foot))

    @property
    def forms(self) -> list[RecordForm]:
        """The one form."""
        return [self.form]

    def _id(self) -> bytes:
        return self.box.record.id if self.box.record else b""


class RecordList(QWidget):
    """Several records of one kind under a heading, each in its card, and a button for one more."""

    field_left = Signal(object, str, object)
    field_misread = Signal(object, str, str)
    field_entered = Signal(bytes, str)
    removed = Signal(object)
    ended = Signal()

    def __init__(
        self,
        record: type[Record],
        names: tuple[str, ...],
        texts: Texts,
        heading: str,
        add: QPushButton,
        spoken: Mapping[str, Spoken] | None = None,
    ) -> None:
        super().__init__()
        self._record, self._names, self._texts, self._spoken = record, names, texts, spoken
        self._add = add
        self._cards: dict[RecordId, RecordCard] = {}
        self._hidden = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        head = QHBoxLayout()
        head.addWidget(label(texts, heading, "strong"))
        head.addStretch(1)
        head.addWidget(add)
        column.addLayout(head)
        self._column = QVBoxLayout()
        column.addLayout(self._column)

    def show_records(
        self,
        records: tuple[Record, ...],
        findings: Mapping[bytes, list[Finding]],
        typed: Mapping[RecordId, Mapping[str, str]],
        foot: Callable[[Record], str] = lambda _: "",
        offers: Callable[[Record], Offers] = lambda _: {},
        after: int = 0,
    ) -> None:
        """Shows these records; cards of records that are still here stay, with what is being typed in them."""
        for gone in [key for key in self._cards if key not in {r.id for r in records}]:
            card = self._cards.pop(gone)
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        for record in records:
            if record.id not in self._cards:
                self._cards[record.id] = self._card()
            card = self._cards[record.id]
            found = findings.get(record.id, [])
            card.show_record(record, found, foot(record), offers(record), after, typed.get(record.id))

    def _card(self) -> RecordCard:
        card = RecordCard(self._record, self._names, self._texts, removable=True, spoken=self._spoken)
        card.field_left.connect(self.field_left)
        card.field_misread.connect(self.field_misread)
        card.field_entered.connect(self.field_entered)
        card.removed.connect(self.removed)
        card.ended.connect(self.ended)
        card.form.hide_personal(self._hidden)
        stops = tab_stops(card)
        self._column.addWidget(card)
        tab_after(next((c.bin_button for c in reversed(self._cards.values()) if c.bin_button), self._add), stops)
        return card

    @property
    def forms(self) -> list[RecordForm]:
        """The form of each card, from above."""
        return [card.form for card in self._cards.values()]

    def hide_personal(self, hidden: bool) -> None:
        """Hides personal values."""
        self._hidden = hidden
        for card in self._cards.values():
            card.form.hide_personal(hidden)

    def focus_field(self, record_id: bytes, name: str) -> bool:
        """Brings the cursor to a field of one of the records."""
        card = self._cards.get(RecordId(record_id))
        return card is not None and card.form.focus_field(name)
