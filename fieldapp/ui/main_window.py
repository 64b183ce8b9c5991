"""The window: the pages before a profile is open, then the rail with its places and the status bar."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QRect, QSettings, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from fieldapp import i18n
from fieldapp.ui import facts
from fieldapp.ui.commands import Commands
from fieldapp.ui.dialogs import message_box
from fieldapp.ui.first_start import StartPages
from fieldapp.ui.inbox import Inbox
from fieldapp.ui.map_page import MapPage
from fieldapp.ui.menu_state import MenuState
from fieldapp.ui.rail import Rail
from fieldapp.ui.status_bar import StatusBar
from fieldapp.ui.sync_panel import SyncPanel
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import Theme
from fieldapp.ui.unsaved_note import UnsavedNote
from fieldapp.ui.workbench import Workbench

if TYPE_CHECKING:
    from fieldapp.ui.session import Session

SMALLEST = (1100, 640)


class MainWindow(QMainWindow):
    """Holds the parts together; who does what lives in them."""

    closing = Signal()

    def __init__(self, texts: Texts, theme: Theme, start: StartPages) -> None:
        super().__init__()
        self.texts, self.theme, self.start = texts, theme, start
        self.commands = Commands(self, texts)
        self.menu: QMenu = self.commands.menu(self)
        self._pages = QStackedWidget()
        self._pages.addWidget(start)
        self.setCentralWidget(self._pages)
        self.workbench: Workbench | None = None
        self.session: Session | None = None
        self._stood = (b"", "")  # record and field in which the cursor stood last
        self._left: QWidget | None = None  # where the cursor stood in the work when another place came
        MenuState(self)
        self._warned = False  # that closing loses what the disk did not take
        self._must_end = False  # the system ends the program: no question would be answered
        self.may_stop_import: Callable[[Callable[[], object]], bool] | None = None  # asks while photos come in
        texts.changed.connect(self._write_title)
        self._write_title()
        self.enable_commands(open_=False)

    def open(self, session: Session, workbench: Workbench) -> None:
        """Shows an open profile."""
        self.session, self.workbench = session, workbench
        old = self._pages.widget(1)
        if old is not None:
            self._pages.removeWidget(old)
            old.deleteLater()
        self.rail = Rail(self.texts, self.theme, self.menu)
        self.status = StatusBar(self.texts, self.theme)
        self.map_page = MapPage(self.texts, self.theme, session)
        self.inbox = Inbox(self.texts, self.theme, session)
        self.sync_panel = SyncPanel(self.texts, self.theme)
        self.unsaved_note = UnsavedNote(self.texts, session.unsaved)
        self._places = QStackedWidget()
        self._names = {"households": workbench, "map": self.map_page, "inbox": self.inbox, "sync": self.sync_panel}
        for page in self._names.values():
            self._places.addWidget(page)
        self._pages.addWidget(self._frame())
        self._pages.setCurrentIndex(1)
        self.rail.place_chosen.connect(self.show_place)
        workbench.place_changed.connect(self._note_cursor)
        session.status_changed.connect(self.show_status)
        session.unsaved.refused.connect(self._warn_again)
        self.closing.connect(session.unsaved.end)
        self.texts.changed.connect(self.show_status)
        self.enable_commands(open_=True)
        self._write_title()

    def _note_cursor(self, _: str, key: bytes, name: str) -> None:
        self._stood = (key, name)

    def show_start(self) -> None:
        """Goes back to the pages before a profile is open."""
        self._pages.setCurrentIndex(0)
        self.start.show_welcome()  # not the page from which the last profile was opened: it has ended
        self.enable_commands(open_=False)
        self.session = None
        self._write_title()

    def _frame(self) -> QWidget:
        frame = QWidget()
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self.rail)
        across.addWidget(self._places, 1)
        column = QVBoxLayout(frame)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(across, 1)
        column.addWidget(self.unsaved_note)
        column.addWidget(self.status)
        return frame

    def enable_commands(self, *, open_: bool) -> None:
        """Offers only what can be done now."""
        always = {"keys", "quit", "switch_language", "larger", "smaller", "theme"}
        for action in self.actions():
            action.setEnabled(open_ or action.objectName() in always)

    def show_place(self, name: str) -> None:
        """Brings one of the places to the screen; coming back to the work, the cursor stands where it stood."""
        before = self.place
        if before == "households" != name:
            self._left = self.focusWidget()
        self._places.setCurrentWidget(self._names[name])
        self.rail.show_place(name)
        if name == "households" != before:
            self._return()
        if name == "inbox":
            self.inbox.begin(*self._stood)
        elif name == "sync" != before:
            self.sync_panel.take_cursor()

    def _return(self) -> None:
        left, self._left = self._left, None
        if left is not None and shiboken6.isValid(left) and left.isVisible():
            left.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.workbench is not None and self.workbench.page.grid.isVisible():
            self.workbench.page.grid.take_cursor()  # its open cell was closed when it was hidden

    @property
    def place(self) -> str:
        """The place on the screen."""
        return next(name for name, page in self._names.items() if page is self._places.currentWidget())

    def show_status(self) -> None:
        """Writes the facts anew."""
        session = self.session
        if session is None or session.status is None:
            return
        status = session.status
        self.status.show_facts(**facts.facts(status, session.unsaved.count))
        self.status.badge.setVisible(status.practice)
        self.rail.set_count("inbox", status.conflicts + status.returned + status.quarantined)
        self.rail.set_count("sync", 0)
        self._write_title()

    def _warn_again(self) -> None:
        """After another refusal, closing is refused once more."""
        self._warned = False

    def _write_title(self) -> None:
        name = i18n.t("app.name")
        status = self.session.status if self.session is not None else None
        self.setWindowTitle(f"{name} · {i18n.t('ui.practice')}" if status is not None and status.practice else name)

    # -- the window's own place
    def restore_place(self, settings: QSettings) -> None:
        """Goes where it was, if that is still on a screen; the first time it fills the screen."""
        wanted = settings.value("window/rect")
        screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        home = screens[0]
        rect = wanted if isinstance(wanted, QRect) else home
        if not any(screen.contains(rect.center()) and screen.intersected(rect).width() > 400 for screen in screens):
            rect = home
        self.setMinimumSize(min(SMALLEST[0], home.width()), min(SMALLEST[1], home.height()))
        self.setGeometry(rect.intersected(home) if rect.width() > home.width() else rect)
        # A window as large as the screen that does not fill it has its title beyond the edge, and no way to close it.
        if rect == home or settings.value("window/maximized", False, type=bool):
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def save_place(self, settings: QSettings) -> None:
        """Remembers where it is."""
        settings.setValue("window/maximized", self.isMaximized())
        settings.setValue("window/rect", self.normalGeometry() if self.isMaximized() else self.geometry())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stores the open field, then lets the work that runs finish; warns once while the disk takes nothing."""
        if self.workbench is not None:
            self.workbench.page.grid.leave_cell()
            focus = self.focusWidget()
            if focus is not None:
                focus.clearFocus()
        if not self.may_leave(self.close):
            event.ignore()
            return
        self.closing.emit()
        event.accept()

    def end(self) -> None:
        """Closes because the system ends the program: photos that come in are noted for the next start, not asked."""
        self._must_end = True
        self.close()

    def may_leave(self, leave: Callable[[], object]) -> bool:
        """Whether the profile may be closed: not before it was said once that something typed is not stored.

        Nor while photos come in: `leave` is called again when the person has decided to stop them.
        """
        asks = self.may_stop_import
        if asks is not None and not self._must_end and not asks(leave):
            return False
        session = self.session
        if session is None or not session.unsaved.count:
            return True
        session.unsaved.retry()
        if self._warned:
            return True
        self._warned = True
        message_box(self, i18n.t("ui.unsaved.closing"), i18n.t("ui.unsaved.message"), i18n.t("ui.unsaved.close_again"))
        return False
