"""From the first page to an open profile: create, unlock, practise, and what to say when it does not open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fieldapp import i18n
from fieldapp.errors import FieldappError, StorageError
from fieldapp.ui.first_start import NewProfile, StartPages
from fieldapp.ui.folders import ask_folder
from fieldapp.ui.parts import Parts
from fieldapp.ui.recover_page import Recovery
from fieldapp.ui.tasks import Cancel, Tasks


class Opening(QObject):
    """Leads through the pages before a profile is open."""

    opened = Signal(object)  # Store

    def __init__(self, parts: Parts, start: StartPages, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._parts, self._start, self._tasks = parts, start, tasks
        self.folder = parts.default_folder
        self._making: Cancel | None = None
        start.welcome.practice_asked.connect(self.practise)
        start.welcome.open_asked.connect(self._choose_folder)
        start.creating.created.connect(self._create)
        start.unlock.unlocked.connect(lambda pin: self._open(self.folder, pin))
        start.unlock.recovery_asked.connect(self._ask_recovery)
        start.recover.back_asked.connect(lambda: self.open(self.folder))
        start.recover.given.connect(self._recover)
        self._again: Callable[[], None] = self.practise
        start.problem.retry_asked.connect(lambda: self._again())
        start.practice.stop_asked.connect(self._stop_making)

    def open(self, folder: Path) -> None:
        """Opens the profile in a folder, asking for its PIN when it has one."""
        self.folder = folder
        try:
            asks = self._parts.needs_pin(folder)
            if asks and self._parts.in_use(folder):  # nobody types a PIN for nothing
                raise StorageError("profile_in_use")
        except FieldappError as error:
            if error.code == "no_profile":  # a folder that was named for a profile that is still to be made
                self._offer_new(error)
            else:
                self._tell_problem(error)
            return
        if asks:
            self._start.setCurrentWidget(self._start.unlock)
            self._start.unlock.ask(folder, office=self._parts.office_can_open(folder))
        else:
            self._open(folder, None)

    def _offer_new(self, error: FieldappError) -> None:
        creating = self._start.creating
        creating.folder.setText(str(self.folder))
        creating.problem.tell()
        if self.folder.exists():  # somebody took it for a profile
            creating.problem.tell_error(error)
        self._start.show_creating()

    def _open(self, folder: Path, pin: str | None) -> None:
        self.folder = folder
        opener = self._parts.open_store
        self._tasks.open(self, lambda: opener(folder, pin), self.opened.emit, self._not_opened)

    def _not_opened(self, error: FieldappError) -> None:
        if isinstance(error, StorageError) and error.code == "wrong_pin":
            self._start.setCurrentWidget(self._start.unlock)
            self._start.unlock.ask(self.folder, error, office=self._parts.office_can_open(self.folder))
        else:
            self._tell_problem(error)

    # -- a forgotten PIN
    def _ask_recovery(self) -> None:
        self._start.setCurrentWidget(self._start.recover)
        self._start.recover.ask(self.folder)

    def _recover(self, recovery: Recovery) -> None:
        recover, folder = self._parts.recover, self.folder

        def work() -> None:
            recover(folder, recovery)

        self._tasks.aside(self, work, lambda _: self._open(folder, recovery.pin), self._start.recover.refuse)

    def _tell_problem(self, error: FieldappError) -> None:
        self._again = lambda: self.open(self.folder)
        self._start.setCurrentWidget(self._start.problem)
        self._start.problem.tell(error, self.folder)

    def _create(self, wanted: NewProfile) -> None:
        create = self._parts.create

        def work() -> None:
            create(wanted)

        failed = self._start.creating.problem.tell_error
        self._tasks.aside(self, work, lambda _: self._open(wanted.folder, wanted.pin), failed)

    # -- the practice village
    def practise(self) -> None:
        """Opens the practice village; the first time it is made, beside the window, with progress and a stop."""
        if self._making is not None:
            return
        make, page, tasks = self._parts.make_practice, self._start.practice, self._tasks
        cancel = self._making = tasks.cancel_token()
        page.begin()
        self._start.setCurrentWidget(page)

        def progress(stage: str, done: int, total: int) -> None:
            tasks.tell(self, page.show_progress, (stage, done, total))

        tasks.aside(self, lambda: make(progress, cancel), self._made, self._not_made)

    def _made(self, folder: Path) -> None:
        self._making = None
        self._open(folder, None)

    def _not_made(self, error: FieldappError) -> None:
        self._making = None
        if error.code == "practice_stopped":
            self._start.show_welcome()
        else:
            self._tell_problem(error)
            self._again = self.practise

    def _stop_making(self) -> None:
        if self._making is not None:
            self._making.set()

    def _choose_folder(self) -> None:
        begin = self.folder if self.folder.is_dir() else self.folder.parent
        folder = ask_folder(self._start, i18n.t("ui.create.folder"), "profiles", str(begin) if begin.is_dir() else "")
        if folder:
            self.open(Path(folder))
