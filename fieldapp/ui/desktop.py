"""The window's conductor: opens and closes profiles, carries out the commands that belong to no single pane."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from fieldapp import i18n
from fieldapp.domain import places
from fieldapp.domain.ids import RecordId
from fieldapp.errors import FieldappError
from fieldapp.ui import edits
from fieldapp.ui.clock_warning import ClockWarning
from fieldapp.ui.dialogs import VillageDialog, error_box, keys_dialog
from fieldapp.ui.first_start import StartPages
from fieldapp.ui.focus_keeper import FocusKeeper
from fieldapp.ui.main_window import MainWindow
from fieldapp.ui.opening import Opening
from fieldapp.ui.palette import THEMES
from fieldapp.ui.parts import Parts
from fieldapp.ui.pictures import Pictures
from fieldapp.ui.ready_dialog import ask_ready
from fieldapp.ui.readying import Asked
from fieldapp.ui.session import Session
from fieldapp.ui.tasks import Tasks
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import SCALES, Theme
from fieldapp.ui.workbench import Workbench

if TYPE_CHECKING:
    from fieldapp.storage.store import Store


class Desktop(QObject):
    """One window with at most one open profile."""

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self._parts = parts
        self.texts, self.theme, self.tasks = Texts(self), Theme(self), Tasks(self)
        self.pictures = Pictures(self.tasks, self)
        self.start = StartPages(self.texts, self.theme, parts.default_folder)
        self.window = MainWindow(self.texts, self.theme, self.start)
        self.session: Session | None = None
        self.workbench: Workbench | None = None
        self._hidden = False
        self._restore_look()
        self.start.welcome.language_asked.connect(self.switch_language)
        self.opening = Opening(parts, self.start, self.tasks, self)
        self.opening.opened.connect(self._opened)
        self._connect_commands()
        self.window.closing.connect(self.close)
        self.focus_keeper = FocusKeeper(self.window, self._work_place)

    def _work_place(self) -> QWidget | None:
        page = self.workbench.page if self.workbench is not None else None
        return page.grid if page is not None and page.tab == "trees" and page.grid.isVisible() else None

    # -- before a profile is open
    def open(self, folder: Path) -> None:
        """Opens the profile in a folder, asking for its PIN when it has one."""
        self.opening.open(folder)

    def _opened(self, store: Store) -> None:
        self.pictures.use(store.blobs)
        session = Session(self.tasks, self._parts.programme, self._parts.inside, self)
        workbench = Workbench(self.texts, self.theme, session, self.pictures, self._parts.names)
        self.session, self.workbench = session, workbench
        self.window.open(session, workbench)
        self._connect_session(session, workbench)
        self._parts.settings.setValue("profile", str(self.opening.folder))
        session.lists_changed.connect(self._begin_with_village, Qt.ConnectionType.SingleShotConnection)
        session.refresh()

    def _begin_with_village(self) -> None:
        session = self.session
        if session is not None and not session.villages and session.status is not None and not session.status.practice:
            self.new_village()  # nothing can be recorded before there is one

    # -- with an open profile
    def _connect_session(self, session: Session, workbench: Workbench) -> None:
        from fieldapp.ui.acts import Acts

        self.acts = Acts(self.window, session, workbench, self.pictures)
        ClockWarning(self.window, session)
        session.failed.connect(self.tell)
        self.window.map_page.tree_chosen.connect(self._show_tree)
        self.window.map_page.parcel_chosen.connect(self._show_parcel)
        self.window.inbox.household_asked.connect(self._show_household)
        self.window.inbox.place_asked.connect(self._show_place)
        self.window.status.asked.connect(self._status_asked)
        workbench.list.new_village_asked.connect(self.new_village)
        workbench.recorder.ready.asked.connect(self._ask_ready)
        workbench.list.village_button.setAccessibleName(i18n.t("ui.village"))
        self._cover(self._hidden)

    def _show_tree(self, key: bytes) -> None:
        self.window.show_place("households")
        if self.workbench is not None:
            self.workbench.page.go_to("tree", RecordId(key), "dbh_cm")

    def _show_parcel(self, key: bytes) -> None:
        self.window.show_place("households")
        if self.workbench is not None:
            self.workbench.page.go_to("parcel", RecordId(key), "place_name")

    def _show_household(self, key: bytes) -> None:
        self.window.show_place("households")
        if self.session is not None:
            self.session.open_household(RecordId(key))

    def _show_place(self, village: str, household: bytes, record: str, key: bytes, field: str) -> None:
        self.window.show_place("households")
        if self.workbench is not None:
            self.workbench.open_place(village, RecordId(household), record, RecordId(key), field)

    def _status_asked(self, name: str) -> None:
        places_of = {"waiting": "sync", "confirmed": "sync", "last_sync": "sync", "trouble": "inbox"}
        self.window.show_place(places_of.get(name, "households"))

    def tell(self, error: FieldappError) -> None:
        """Tells an error, once and in one place."""
        error_box(self.window, error)

    def _ask_ready(self, asked: Asked) -> None:
        if self.workbench is not None:
            ask_ready(self.window, self.theme, self.workbench, self.focus_keeper, asked)

    def new_village(self) -> None:
        """Begins work in another village of the official list."""
        known = places.load()
        if (already := self.window.findChild(VillageDialog)) is not None and already.isVisible():
            return
        near = self.session.village_code[:6] if self.session is not None else ""

        def search(text: str) -> list[tuple[places.PlaceHit, str]]:
            hits = known.search(text, near=near, limit=60)
            names = [known.village(hit.code) for hit in hits]
            return [(h, f"{n.city} {n.county} {n.township}" if n else "") for h, n in zip(hits, names, strict=True)]

        dialog = VillageDialog(self.window, search)
        dialog.chosen.connect(self._take_village)
        dialog.rejected.connect(lambda: self._work(lambda w: w.go_to_empty()))
        dialog.open()

    def _take_village(self, code: str) -> None:
        session = self.session
        if session is not None:
            names = places.load().village(code)
            session.act(lambda store: edits.add_village(store, code, names), session.open_village)

    # -- commands
    def _connect_commands(self) -> None:
        acts: dict[str, Callable[[], object]] = {
            "new_tree": lambda: self._work(lambda w: w.page.begin_tree()),
            "copy_above": lambda: self._work(lambda w: w.page.grid.copy_above()),
            "undo": lambda: self._work(lambda w: w.recorder.undo()),
            "redo": lambda: self._work(lambda w: w.recorder.redo()),
            "next_finding": lambda: self._work(lambda w: w.next_finding()),
            "mark_ready": lambda: self._work(lambda w: w.recorder.ready.ask()),
            "remove": lambda: self._work(lambda w: w.recorder.remove_current_tree()),
            "new_household": lambda: self._work(lambda w: w.recorder.add_household()),
            "new_parcel": lambda: self._work(lambda w: w.recorder.add_parcel()),
            "new_village": self.new_village,
            "next_household": lambda: self._work(lambda w: w.list.step(1)),
            "previous_household": lambda: self._work(lambda w: w.list.step(-1)),
            "next_tab": lambda: self._work(lambda w: w.page.line.step(1)),
            "previous_tab": lambda: self._work(lambda w: w.page.line.step(-1)),
            "find": lambda: self._work(lambda w: w.begin_search()),
            "focus_work": lambda: self._work(lambda w: w.go_to_trees()),
            "tree_panel": lambda: self._work(lambda w: w.panel_way.go()),
            "toggle_list": lambda: self._work(lambda w: w.toggle("list")),
            "toggle_evidence": lambda: self._work(lambda w: w.toggle("evidence")),
            "privacy": self._switch_privacy,
            "switch_language": self.switch_language,
            "larger": lambda: self._scale(1),
            "smaller": lambda: self._scale(-1),
            "theme": self._next_theme,
            "keys": lambda: keys_dialog(self.window).open(),
            "other_profile": self._leave_profile,
            "quit": self.window.close,
        }
        for name, act in acts.items():
            self.window.commands[name].triggered.connect(lambda _=False, act=act: act())

    def _work(self, act: Callable[[Workbench], object]) -> None:
        if self.workbench is not None:
            self.window.show_place("households")
            act(self.workbench)

    def _switch_privacy(self) -> None:
        self.hide_personal(not self._hidden)

    def hide_personal(self, hidden: bool) -> None:
        """Hides names, ID numbers and accounts while people stand around the laptop; the same key shows them."""
        self._cover(hidden)
        if self.workbench is not None:
            self.workbench.page.tell(i18n.t("ui.hidden" if hidden else "ui.shown"), 4_000)

    def _cover(self, hidden: bool) -> None:
        self._hidden = hidden
        if self.workbench is not None:
            self.workbench.page.hide_personal(hidden)
            self.workbench.list.model.hide_personal(hidden)
            self.window.inbox.hide_personal(hidden)
            self.window.map_page.hide_personal(hidden)
            self.window.sync_panel.consents.hide_personal(hidden)

    def switch_language(self) -> None:
        """Chinese to English and back, at once and everywhere."""
        other = next(name for name in i18n.LANGUAGES if name != i18n.language())
        self.texts.switch(other)
        self._parts.settings.setValue("language", other)

    def _scale(self, by: int) -> None:
        place = SCALES.index(self.theme.scale) if self.theme.scale in SCALES else 0
        self._look(self.theme.palette.name, SCALES[min(max(place + by, 0), len(SCALES) - 1)])

    def _next_theme(self) -> None:
        names = list(THEMES)
        self._look(names[(names.index(self.theme.palette.name) + 1) % len(names)], self.theme.scale)

    def _look(self, name: str, scale: int) -> None:
        self.theme.choose(name, scale)
        self._parts.settings.setValue("theme", name)
        self._parts.settings.setValue("scale", scale)

    def _restore_look(self) -> None:
        settings = self._parts.settings
        language = self._parts.language or str(settings.value("language") or i18n.language())
        self.texts.switch(language if language in i18n.LANGUAGES else i18n.LANGUAGES[0])
        self.theme.choose(str(settings.value("theme") or "light"), int(str(settings.value("scale") or 100)))

    def _leave_profile(self) -> None:
        if self.workbench is not None:
            self.workbench.page.leave_field()
        if not self.window.may_leave(self._leave_profile):
            return
        if self.session is not None:
            self.session.end()
        self.session = self.workbench = self.window.may_stop_import = None
        self.tasks.shut(self, self.window.show_start)

    def close(self) -> None:
        """Lets running work finish and closes the profile."""
        self.window.save_place(self._parts.settings)
        self.tasks.close()
        QApplication.quit()
