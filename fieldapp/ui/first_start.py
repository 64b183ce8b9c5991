"""The first start: make a profile with a PIN, open one that is there, or look around in the practice village."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QPushButton, QStackedWidget

from fieldapp import i18n
from fieldapp.errors import FieldappError
from fieldapp.ui.folders import ask_file, ask_folder
from fieldapp.ui.line_edit import LineEdit
from fieldapp.ui.open_pages import ProblemPage, UnlockPage, secret_edit
from fieldapp.ui.page import CardPage, Told, button, label
from fieldapp.ui.pin import pin_strength
from fieldapp.ui.plain import PlainLabel
from fieldapp.ui.practice_page import PracticePage
from fieldapp.ui.recover_page import MOST_KEY_BYTES, RecoverPage
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class NewProfile:
    """What a person chose for a new profile; `office_key` is the office's public recovery key."""

    folder: Path
    person: str
    pin: str
    office_key: bytes | None


class WelcomePage(CardPage):
    """What to begin with; no account is needed to look."""

    practice_asked = Signal()
    create_asked = Signal()
    open_asked = Signal()
    language_asked = Signal()

    def __init__(self, texts: Texts, theme: Theme) -> None:
        super().__init__(theme)
        head = QHBoxLayout()
        head.addWidget(label(texts, "ui.start.title", "title"), 1)
        language = button(texts, "ui.start.language")
        language.clicked.connect(self.language_asked)
        head.addWidget(language)
        self.column.addLayout(head)
        self.column.addWidget(label(texts, "ui.start.text", "quiet"))
        self.practice = self._choice(texts, "practice", "main")
        self.create_button = self._choice(texts, "create")
        self.open = self._choice(texts, "open")
        self.practice.clicked.connect(self.practice_asked)
        self.create_button.clicked.connect(self.create_asked)
        self.open.clicked.connect(self.open_asked)

    def _choice(self, texts: Texts, name: str, role: str = "") -> QPushButton:
        made = button(texts, f"ui.start.{name}", role)
        self.column.addSpacing(8)
        self.column.addWidget(made)
        self.column.addWidget(label(texts, f"ui.start.{name}.text", "small"))
        return made


class CreatePage(CardPage):
    """Folder, name and PIN of a new profile; the database is encrypted from its first byte."""

    created = Signal(object)  # NewProfile
    back_asked = Signal()

    def __init__(self, texts: Texts, theme: Theme, folder: Path) -> None:
        super().__init__(theme, 620)
        self._office_key: bytes | None = None
        self.folder = LineEdit(str(folder))
        self.person = LineEdit()
        self.pin = secret_edit()
        self.again = secret_edit()
        self.strength = PlainLabel()
        self.strength.setProperty("role", "small")
        self.strength.setWordWrap(True)
        self.office = PlainLabel()
        self.office.setProperty("role", "small")
        self.office.setWordWrap(True)
        self._office_file = ""
        self.problem = Told(texts)
        self.column.addWidget(label(texts, "ui.create.title", "title"))
        self.column.addWidget(label(texts, "ui.create.text", "quiet"))
        self.column.addLayout(self._form(texts))
        self.column.addWidget(self.problem)
        self.column.addLayout(self._buttons(texts))
        for edit in (self.pin, self.again):
            edit.textChanged.connect(self._judge)
            edit.textChanged.connect(lambda _: self.problem.tell())
        for here, after in ((self.folder, self.person), (self.person, self.pin), (self.pin, self.again)):
            here.forward.connect(after.setFocus)
        self.again.forward.connect(self.accept)
        texts.changed.connect(self._judge)
        self._judge()

    def _form(self, texts: Texts) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        browse = button(texts, "ui.create.browse")
        browse.clicked.connect(self._browse)
        office = button(texts, "ui.create.office_file")
        office.clicked.connect(self._read_office_key)
        rows: tuple[tuple[str, LineEdit | None, QPushButton | None], ...] = (
            ("ui.create.folder", self.folder, browse),
            ("ui.create.person", self.person, None),
            ("ui.create.pin", self.pin, None),
            ("ui.create.again", self.again, None),
            ("ui.create.office", None, office),
        )
        for key, edit, extra in rows:
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(edit or self.office, 1)
            if extra:
                line.addWidget(extra)
            caption = label(texts, key)
            caption.setWordWrap(False)
            form.addRow(caption, line)
            if edit:
                caption.setBuddy(edit)
                texts.name(edit, key)
            if edit is self.pin:
                form.addRow("", self.strength)
        return form

    def _buttons(self, texts: Texts) -> QHBoxLayout:
        row = QHBoxLayout()
        back = button(texts, "ui.back")
        back.clicked.connect(self.back_asked)
        go = button(texts, "ui.create.go", "main")
        go.clicked.connect(self.accept)
        row.addWidget(back)
        row.addStretch(1)
        row.addWidget(go)
        return row

    def _browse(self) -> None:
        folder = ask_folder(self, i18n.t("ui.create.folder"), "profiles", self.folder.text())
        if folder:
            self.folder.setText(folder)

    def _read_office_key(self) -> None:
        file = ask_file(self, i18n.t("ui.create.office"), "keys")
        if file:
            self.take_office_key(Path(file))

    def take_office_key(self, file: Path) -> None:
        """Reads the office's public recovery key; anything else is refused with the reason."""
        from fieldapp.storage.office_files import public_key
        from fieldapp.storage.outside import reading

        self._office_key, self._office_file = None, file.name
        self.problem.tell()
        try:
            with reading(file), file.open("rb") as opened:
                self._office_key = public_key(opened.read(MOST_KEY_BYTES))
        except FieldappError as error:
            self.problem.tell_error(error)
        self._judge()

    def _judge(self) -> None:
        self.strength.setText(i18n.t(f"ui.pin.{pin_strength(self.pin.text())}"))
        words, role = self._office_words()
        self.office.setText(words)
        self.office.setProperty("role", role)
        self.office.style().polish(self.office)

    def _office_words(self) -> tuple[str, str]:
        """What becomes of a forgotten PIN, and in which role that is said."""
        if self._office_key is not None:
            from fieldapp.storage.office_files import number

            return i18n.t("ui.create.office_chosen", name=self._office_file, number=number(self._office_key)), "small"
        return i18n.t("ui.create.office_none"), "amber"

    def accept(self) -> None:
        """Goes on when everything is there, or says what is missing."""
        problem, field = self._missing()
        if field is not None:
            self.problem.tell(lambda: i18n.t(problem))
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.problem.tell()
        folder = Path(self.folder.text().strip()).expanduser()
        self.created.emit(NewProfile(folder, self.person.text().strip(), self.pin.text(), self._office_key))

    def _missing(self) -> tuple[str, LineEdit | None]:
        """What is still wanted, and the field that wants it."""
        if not self.folder.text().strip():
            return "ui.create.no_folder", self.folder
        if not self.person.text().strip():
            return "ui.create.no_person", self.person
        if pin_strength(self.pin.text()) in ("empty", "short"):
            return "ui.create.pin_short", self.pin
        return "ui.create.pin_differs", None if self.pin.text() == self.again.text() else self.again


class StartPages(QStackedWidget):
    """The pages before a profile is open, in one place."""

    def __init__(self, texts: Texts, theme: Theme, folder: Path) -> None:
        super().__init__()
        self.welcome = WelcomePage(texts, theme)
        self.creating = CreatePage(texts, theme, folder)
        self.unlock = UnlockPage(texts, theme)
        self.recover = RecoverPage(texts, theme)
        self.problem = ProblemPage(texts, theme)
        self.practice = PracticePage(texts, theme)
        for page in (self.welcome, self.creating, self.unlock, self.recover, self.problem, self.practice):
            self.addWidget(page)
        self.welcome.create_asked.connect(self.show_creating)
        for leaving in (self.creating, self.unlock, self.problem):
            leaving.back_asked.connect(lambda: self.setCurrentWidget(self.welcome))

    def show_welcome(self) -> None:
        """The first page, with the cursor on its first choice."""
        self.setCurrentWidget(self.welcome)
        self.welcome.practice.setFocus()

    def show_creating(self) -> None:
        """Asks for folder, name and PIN of a new profile."""
        self.setCurrentWidget(self.creating)
        self.creating.person.setFocus()
