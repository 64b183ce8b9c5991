"""A forgotten PIN: whoever brings the office's recovery key gives the profile a new one; the data stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout

from fieldapp import i18n
from fieldapp.errors import FieldappError
from fieldapp.ui.folders import ask_file
from fieldapp.ui.open_pages import secret_edit
from fieldapp.ui.page import CardPage, Told, button, label
from fieldapp.ui.pin import pin_strength
from fieldapp.ui.plain import PlainLabel
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import Theme

MOST_KEY_BYTES = 10_000  # more than any key has


@dataclass(frozen=True, slots=True)
class Recovery:
    """The file of the office's private recovery key with its passphrase, and the PIN from now on."""

    file: bytes
    passphrase: str
    pin: str


class RecoverPage(CardPage):
    """Takes the key's file and the new PIN twice."""

    given = Signal(object)  # Recovery
    back_asked = Signal()

    def __init__(self, texts: Texts, theme: Theme) -> None:
        super().__init__(theme, 620)
        self._data: bytes | None = None
        self._file = ""
        self.passphrase, self.pin, self.again = secret_edit(), secret_edit(), secret_edit()
        self.file, self.strength, self._where = PlainLabel(), PlainLabel(), PlainLabel()
        for part in (self.file, self.strength, self._where):
            part.setProperty("role", "small")
            part.setWordWrap(True)
        self.problem = Told(texts)
        self._rows = self._form(texts)
        self.column.addWidget(label(texts, "ui.recover.title", "title"))
        self.column.addWidget(self._where)
        self.column.addWidget(label(texts, "ui.recover.text", "quiet"))
        self.column.addLayout(self._rows)
        self.column.addWidget(self.problem)
        row = QHBoxLayout()
        back = button(texts, "ui.back")
        back.clicked.connect(self.back_asked)
        go = button(texts, "ui.recover.go", "main")
        go.clicked.connect(self.accept)
        row.addWidget(back)
        row.addStretch(1)
        row.addWidget(go)
        self.column.addLayout(row)
        self.pin.textChanged.connect(self._judge)
        self.passphrase.forward.connect(self.pin.setFocus)
        self.pin.forward.connect(self.again.setFocus)
        self.again.forward.connect(self.accept)
        texts.changed.connect(self._judge)
        self._judge()

    def _form(self, texts: Texts) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        self.choose = button(texts, "ui.recover.choose")
        self.choose.clicked.connect(self._ask_file)
        line = QHBoxLayout()
        line.addWidget(self.file, 1)
        line.addWidget(self.choose)
        caption = label(texts, "ui.recover.key")
        caption.setWordWrap(False)
        form.addRow(caption, line)
        for key, edit in (
            ("ui.recover.passphrase", self.passphrase),
            ("ui.recover.pin", self.pin),
            ("ui.create.again", self.again),
        ):
            caption = label(texts, key)
            caption.setWordWrap(False)
            caption.setBuddy(edit)
            texts.name(edit, key)
            form.addRow(caption, edit)
        form.addRow("", self.strength)
        return form

    def ask(self, folder: Path) -> None:
        """Begins for the profile in `folder`."""
        self._where.setText(str(folder))
        self._data, self._file = None, ""
        for edit in (self.passphrase, self.pin, self.again):
            edit.clear()
        self._rows.setRowVisible(self.passphrase, False)
        self.problem.tell()
        self._judge()
        self.choose.setFocus()

    def _ask_file(self) -> None:
        file = ask_file(self, i18n.t("ui.recover.key"), "keys")
        if file:
            self.take_key(Path(file))

    def take_key(self, file: Path) -> None:
        """Reads the office's private recovery key; its passphrase is asked for where it has one."""
        from fieldapp.storage.office_files import private_key
        from fieldapp.storage.outside import reading

        self._data, self._file = None, file.name
        wanted = False
        try:
            with reading(file), file.open("rb") as opened:
                data = opened.read(MOST_KEY_BYTES)
            private_key(data)
        except FieldappError as error:
            wanted = error.code == "passphrase_wanted"
            if not wanted:
                self.problem.tell_error(error)
                self._judge()
                return
        self._data = data
        self._rows.setRowVisible(self.passphrase, wanted)
        self.passphrase.clear()
        self.problem.tell()
        self._judge()
        (self.passphrase if wanted else self.pin).setFocus()

    def _judge(self) -> None:
        self.strength.setText(i18n.t(f"ui.pin.{pin_strength(self.pin.text())}"))
        self.file.setText(self._file if self._data else i18n.t("ui.recover.no_file"))

    def accept(self) -> None:
        """Goes on when everything is there, or says what is missing."""
        if self._data is None:
            problem = "ui.recover.no_file"
        elif pin_strength(self.pin.text()) in ("empty", "short"):
            problem = "ui.create.pin_short"
        elif self.pin.text() != self.again.text():
            problem = "ui.create.pin_differs"
        else:
            self.problem.tell()
            self.given.emit(Recovery(self._data, self.passphrase.text(), self.pin.text()))
            return
        self.problem.tell(lambda: i18n.t(problem))

    def refuse(self, error: FieldappError) -> None:
        """Says why the profile was not opened by this key."""
        if error.code == "wrong_pin":
            self.problem.tell(lambda: i18n.t("ui.recover.other_key"))
        else:
            self.problem.tell_error(error)
        if error.code == "passphrase_wrong":
            self.passphrase.selectAll()
            self.passphrase.setFocus()
