"""One field on a form, made from its declaration: it understands what is typed and says what it thinks of it.

Typing is never blocked: what cannot be understood stays as typed, with a red finding beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from fieldapp import i18n
from fieldapp.domain.fields import FieldSpec, Sensitivity
from fieldapp.domain.ops import Value
from fieldapp.errors import Finding, Severity
from fieldapp.ui.choice_box import ChoiceBox
from fieldapp.ui.line_edit import LineEdit
from fieldapp.ui.meaning import understand
from fieldapp.ui.names import Offer, Spoken
from fieldapp.ui.plain import PlainLabel, plain_tip
from fieldapp.ui.shown import marked_words, mask, value_text
from fieldapp.ui.suggestions import Suggestions
from fieldapp.ui.theme import at_scale

SEVERITY_ORDER = (Severity.RED, Severity.AMBER, Severity.GREY)
TONES = {Severity.RED: "red", Severity.AMBER: "amber", Severity.GREY: "small"}
NOTE_PX = 18  # the line under a field for what is to be looked at in it
_IN_FULL = "review_remark"  # what another person wrote is read where it belongs


class FieldEdit(QWidget):
    """The editor of one declared field with its finding under it.

    `offered` fields hold one of the values that `offer` names: other records, or what the methodology knows.
    """

    left = Signal(str, object)  # name, value: the person has left the field with another value
    misread = Signal(str, str)  # name, text: what was typed has no meaning for this field
    entered = Signal(str)
    forward = Signal()
    backward = Signal()

    def __init__(self, spec: FieldSpec, *, offered: bool = False, spoken: Spoken | None = None) -> None:
        super().__init__()
        self.spec = spec
        self._spoken = spoken
        self._stored: Value = None
        self._misread = ""  # what was typed here and has no meaning: it stays until it is mended
        self._hidden = False
        self._findings: list[Finding] = []
        self._offers: Sequence[Offer] = ()
        self._none = "ui.not_chosen"
        self.editor: ChoiceBox | LineEdit = self._combo() if spec.choices or offered else self._line()
        self.setFocusProxy(self.editor)
        self._note = PlainLabel()  # its first line is always there: a short finding moves no field under the hand
        self._note.setWordWrap(True)
        policy = self._note.sizePolicy()  # its words take the width that the field has
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        self._note.setSizePolicy(policy)
        self._note.setProperty("role", "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addWidget(self.editor)
        column.addWidget(self._note)
        self.fit()
        self.retranslate()

    def fit(self) -> None:
        """The room for the finding grows with the type."""
        self._note.setMinimumHeight(at_scale(NOTE_PX))

    def _line(self) -> LineEdit:
        edit = LineEdit()
        edit.editingFinished.connect(self._leave)
        edit.forward.connect(self._leave)
        edit.forward.connect(self.forward)
        edit.backward.connect(self.backward)
        if self._spoken:
            edit.textEdited.connect(self._say_meant)
            Suggestions(edit, self._spoken, down_opens=True)
        edit.installEventFilter(self)
        return edit

    def _combo(self) -> ChoiceBox:
        combo = ChoiceBox()
        # a long choice must not push the form beyond the screen
        combo.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(8)
        combo.addItem("", None)
        for choice in self.spec.choices:
            combo.addItem("", choice)
        combo.activated.connect(lambda _: self._leave())
        combo.installEventFilter(self)
        return combo

    def retranslate(self) -> None:
        """Writes names, choices and findings in the language in force."""
        self.editor.setAccessibleName(i18n.t(self.spec.label))
        if isinstance(self.editor, ChoiceBox):
            self.editor.setItemText(0, i18n.t(self._none))
            for row, choice in enumerate(self.spec.choices, start=1):
                self.editor.setItemText(row, i18n.t(f"choice.{self.spec.record}.{self.spec.name}.{choice}"))
            self.editor.setToolTip(plain_tip(self.editor.currentText()))
        elif self._spoken and not self.editor.isModified():
            self._write()
        self.show_findings(self._findings)

    def offer(self, offers: Sequence[Offer], none: str = "ui.not_chosen") -> None:
        """Names the values to choose from; `none` is the catalogue key of the empty one."""
        if not isinstance(self.editor, ChoiceBox) or (none == self._none and list(offers) == list(self._offers)):
            return
        self._offers, self._none = tuple(offers), none
        self.editor.clear()
        self.editor.addItem(i18n.t(none), None)
        for one in offers:
            self.editor.addItem(one.words, one.value)
        self._write()

    def show_value(self, value: Value) -> None:
        """Shows the stored value, unless the person is typing something else into this field right now."""
        typing = isinstance(self.editor, QLineEdit) and self.editor.hasFocus() and self.editor.isModified()
        self._stored = value
        if not typing:
            self._write()

    @property
    def unread(self) -> bool:
        """Whether what stands here has no meaning for the field."""
        return bool(self._misread)

    def keep(self, text: str) -> None:
        """What the record keeps of this field because it has no meaning; "" for nothing. It shows over the value."""
        unread = isinstance(self.editor, QLineEdit) and isinstance(understand(self.spec, text), Finding)
        self._misread = text if unread else ""

    def hide_personal(self, hidden: bool) -> None:
        """Hides what is personal while others look at the screen; a hidden field cannot be changed."""
        self._hidden = hidden and self.spec.sensitivity is not Sensitivity.PUBLIC
        if isinstance(self.editor, QLineEdit):
            self.editor.setReadOnly(self._hidden)
        self._write()

    def show_findings(self, findings: list[Finding]) -> None:
        """Shows what is to be looked at here, the worst first, each with its word."""
        unread = understand(self.spec, self._misread) if self._misread else None
        if isinstance(unread, Finding) and all(f.code != unread.code for f in findings):
            findings = [replace(unread, field=self.spec.name), *findings]
        self._findings = sorted(findings, key=lambda f: SEVERITY_ORDER.index(f.severity))
        role = TONES[self._findings[0].severity] if findings else "small"
        self._say("\n".join(marked_words(f, brief=f.code != _IN_FULL) for f in self._findings), role)
        self.editor.setAccessibleDescription(" · ".join(map(marked_words, self._findings)))

    def _say(self, text: str, role: str) -> None:
        if self._note.property("role") != role:
            self._note.setProperty("role", role)
            self._note.style().polish(self._note)
        self._note.setText(text)

    def _say_meant(self, text: str) -> None:
        """Says what a short name stands for while it is typed, as the grid does."""
        meant = self._spoken.shown(self._spoken.meant(text.strip())) if self._spoken else ""
        self._say(i18n.t("ui.hint.species", text=text, meant=meant) if meant not in ("", text.strip()) else "", "small")

    def suggestion(self) -> str:
        """The likely right value of the worst finding, "" when there is none."""
        return self._findings[0].suggestion if self._findings else ""

    def _write(self) -> None:
        if isinstance(self.editor, ChoiceBox):
            row = self.editor.place_of(self._stored)
            self.editor.setCurrentIndex(max(row, 0))
            self.editor.setToolTip(plain_tip(self.editor.currentText()))
            return
        if self._misread and not self._hidden:
            self._put(self._misread)
            return
        text = self._text()
        masked = self._hidden or (self.spec.sensitivity is Sensitivity.SENSITIVE and not self.editor.hasFocus())
        self._put(mask(self.spec, text) if masked else text)

    def _put(self, text: str) -> None:
        """Writes into a line; the same text again leaves its selection, which typing replaces."""
        if isinstance(self.editor, QLineEdit):
            if self.editor.text() != text:
                self.editor.setText(text)
            self.editor.setModified(False)

    def _leave(self) -> None:
        if isinstance(self.editor, ChoiceBox):
            self._store(self.editor.currentData())
        elif not self._hidden and self.editor.isModified():
            text = self.editor.text()
            value = understand(self.spec, text)
            self.editor.setModified(False)
            if isinstance(value, Finding):
                self._misread = text
                self.show_findings(self._findings)
                self.misread.emit(self.spec.name, text)
            else:
                meant = self._spoken.meant(value) if self._spoken and isinstance(value, str) else value
                if self._misread:
                    self._misread = ""
                    self.show_findings([])
                    if meant == self._stored:  # another value ends it by itself
                        self.misread.emit(self.spec.name, "")
                self._store(meant)

    def _text(self) -> str:
        text = value_text(self.spec, self._stored)
        return self._spoken.shown(text) if self._spoken else text

    def _store(self, value: Value) -> None:
        if value != self._stored:
            self._stored = value
            self.left.emit(self.spec.name, value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Says when the field is entered; shows a masked value while its owner is at it."""
        if event.type() == QEvent.Type.FocusIn and isinstance(event, QFocusEvent):
            if isinstance(self.editor, QLineEdit) and not self.editor.isModified():
                self._write_plain()
            self.entered.emit(self.spec.name)
        elif event.type() == QEvent.Type.FocusOut and isinstance(self.editor, QLineEdit):
            # after editingFinished has had its say
            QTimer.singleShot(0, self, self._mask_again)
        elif event.type() == QEvent.Type.KeyPress and isinstance(self.editor, ChoiceBox):
            key = getattr(event, "key", lambda: 0)()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                back = isinstance(event, QKeyEvent) and bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                (self.backward if back else self.forward).emit()
                return True
        return super().eventFilter(watched, event)

    def _write_plain(self) -> None:
        if isinstance(self.editor, QLineEdit) and not self._hidden and self._shows_stored():
            self._put(self._text())

    def _shows_stored(self) -> bool:
        text = self._text()
        return self.editor.text() in (text, mask(self.spec, text)) if isinstance(self.editor, QLineEdit) else True

    def _mask_again(self) -> None:
        if isinstance(self.editor, QLineEdit) and not self.editor.hasFocus() and self._shows_stored():
            self._write()
