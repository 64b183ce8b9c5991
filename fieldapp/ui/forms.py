"""A form is a list of declared fields and a loop: two columns of label and editor, Enter goes forward."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from fieldapp import i18n
from fieldapp.domain.records import Record
from fieldapp.errors import Finding
from fieldapp.ui.form_fields import FieldEdit
from fieldapp.ui.names import Offer, Spoken
from fieldapp.ui.plain import PlainLabel
from fieldapp.ui.shown import declared
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import at_scale

LABEL_PX = 96
# fields whose values are offered by what else there is: papers of the household, its own curve of heights, equations
OFFERED = frozenset({("parcel", "tenure_id"), ("parcel", "height_curve"), ("parcel", "equation_id")})
WIDE = OFFERED  # what they offer is long


class RecordForm(QWidget):
    """Shows one record; every field that is left with another value is told at once."""

    field_left = Signal(str, object)
    field_misread = Signal(str, str)
    field_entered = Signal(str)
    ended = Signal()  # Enter on the last field

    def __init__(
        self,
        record: type[Record],
        names: Sequence[str],
        texts: Texts,
        columns: int = 2,
        spoken: Mapping[str, Spoken] | None = None,
    ) -> None:
        super().__init__()
        self.setProperty("role", "form")
        about = record.record_name
        ways = spoken or {}
        self.fields = {
            name: FieldEdit(declared(about, name), offered=(about, name) in OFFERED, spoken=ways.get(name))
            for name in names
        }
        self._labels: dict[str, QLabel] = {}
        self._wide = columns > 1
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        place = 0
        for name, field in self.fields.items():
            wide = (about, name) in WIDE
            place += -place % columns if wide else 0
            row, column = divmod(place, columns)
            self._place(grid, row, column * 2, name, field, columns if wide else 1)
            place += columns if wide else 1
        for column in range(columns):
            grid.setColumnStretch(column * 2 + 1, 1)
        self._chain()
        self._fit()
        texts.changed.connect(self._write)
        self._write()

    def _place(self, grid: QGridLayout, row: int, column: int, name: str, field: FieldEdit, span: int) -> None:
        label = PlainLabel()
        label.setProperty("role", "quiet")
        label.setBuddy(field.editor)
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        label.setContentsMargins(0, 6, 0, 0)
        label.setWordWrap(True)  # long names in either language must not take the room from the fields
        field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        grid.addWidget(label, row, column)
        grid.addWidget(field, row, column + 1, 1, span * 2 - 1, Qt.AlignmentFlag.AlignTop)
        self._labels[name] = label
        field.left.connect(self.field_left)
        field.misread.connect(self.field_misread)
        field.entered.connect(self.field_entered)

    def changeEvent(self, event: QEvent) -> None:
        """The room for the names grows with the type."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._fit()

    def _fit(self) -> None:
        for label in self._labels.values():
            label.setFixedWidth(at_scale(LABEL_PX if self._wide else LABEL_PX * 3 // 4))
        for field in self.fields.values():
            field.fit()

    def _chain(self) -> None:
        fields = list(self.fields.values())
        for here, after in pairwise(fields):
            here.forward.connect(lambda after=after: after.editor.setFocus(Qt.FocusReason.TabFocusReason))
            after.backward.connect(lambda here=here: here.editor.setFocus(Qt.FocusReason.BacktabFocusReason))
            QWidget.setTabOrder(here.editor, after.editor)
        fields[-1].forward.connect(self._leave_last)

    def _leave_last(self) -> None:
        # the key has stored the field already; the next widget may be a button, which Enter would press
        editor = list(self.fields.values())[-1].editor
        if isinstance(editor, QLineEdit):
            editor.selectAll()
        self.ended.emit()

    def begin(self) -> None:
        """Brings the cursor to the first field."""
        next(iter(self.fields.values())).editor.setFocus(Qt.FocusReason.TabFocusReason)

    def show_record(self, record: Record, typed: Mapping[str, str] | None = None) -> None:
        """Shows the stored values of a record, and over them what was `typed` into its fields without a meaning."""
        for name, field in self.fields.items():
            field.keep((typed or {}).get(name, ""))
            field.show_value(getattr(record, name))

    def offer(self, name: str, offers: Sequence[Offer], none: str = "ui.not_chosen") -> None:
        """Names the values that a field may be given."""
        self.fields[name].offer(offers, none)

    def show_findings(self, findings: Iterable[Finding]) -> None:
        """Puts each finding beside its field."""
        found = list(findings)
        for name, field in self.fields.items():
            field.show_findings([f for f in found if f.field == name])

    def hide_personal(self, hidden: bool) -> None:
        """Hides personal values."""
        for field in self.fields.values():
            field.hide_personal(hidden)

    def focus_field(self, name: str) -> bool:
        """Brings the cursor to a field; False when this form does not have it."""
        field = self.fields.get(name)
        if field is None:
            return False
        field.editor.setFocus(Qt.FocusReason.TabFocusReason)  # selects what stands there
        return True

    def _write(self) -> None:
        for name, field in self.fields.items():
            self._labels[name].setText(i18n.t(field.spec.label))  # its unit is part of it
            field.retranslate()
