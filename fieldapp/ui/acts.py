"""Acts that open something beside the desk: explaining a number, a position, photos, the sync."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from fieldapp import i18n
from fieldapp.domain.ids import RecordId
from fieldapp.domain.records import Position
from fieldapp.domain.standing import SENSITIVE
from fieldapp.errors import StorageError
from fieldapp.ui import edits
from fieldapp.ui.bin_dialog import open_bin
from fieldapp.ui.evidence import Subject
from fieldapp.ui.explain_card import ExplainCard, Question
from fieldapp.ui.folders import ask_files, ask_folder
from fieldapp.ui.last_place import LastPlace
from fieldapp.ui.photo_drops import PhotoDrops
from fieldapp.ui.photo_import import PhotoImport
from fieldapp.ui.photo_told import PhotoTold
from fieldapp.ui.pictures import Pictures
from fieldapp.ui.position_dialog import PositionDialog
from fieldapp.ui.recount import Recount
from fieldapp.ui.sync_acts import SyncActs
from fieldapp.ui.tree_cells import GridRow

if TYPE_CHECKING:
    from fieldapp.ui.main_window import MainWindow
    from fieldapp.ui.session import Session
    from fieldapp.ui.workbench import Workbench


class Acts(QObject):
    """Lives as long as a profile is open."""

    def __init__(self, window: MainWindow, session: Session, workbench: Workbench, pictures: Pictures) -> None:
        super().__init__(workbench)
        self._window, self._session, self._bench = window, session, workbench
        self.imports = PhotoImport(session, self)
        self.told = PhotoTold(window, session, self.imports, self)
        page, evidence = workbench.page, workbench.evidence
        page.cards.opened.connect(self.explain)
        workbench.list.sums.opened.connect(self.explain_village)
        page.explain_button.clicked.connect(lambda: self.explain(""))
        page.ready_button.clicked.connect(workbench.recorder.ready.ask)
        page.grid.files_dropped.connect(self._dropped_on_row)
        page.grid.position_asked.connect(self.set_position)
        page.grid.photo_asked.connect(evidence.open_photo)
        evidence.photos_asked.connect(self.choose_photos)
        evidence.position_asked.connect(self.set_position)
        evidence.files_dropped.connect(self._dropped)
        evidence.photo_taken_off.connect(self._take_photo_off)
        PhotoDrops(page, workbench.list).dropped.connect(self._dropped_on)
        Recount(session)
        self.syncing = SyncActs(session, window.sync_panel, window.status, self)
        window.sync_panel.consents.asked.connect(self._ask_consent)
        self._connect_commands()
        LastPlace(session, workbench, self)
        session.tasks.run(self, lambda store: store.blobs.is_there, self._tell_missing)

    def _ask_consent(self, village_code: str, household_id: bytes) -> None:
        """Leads to the text that this household was not asked about yet."""
        self._window.show_place("households")
        self._bench.open_place(village_code, RecordId(household_id), "tenure", RecordId(b""), SENSITIVE)

    def _tell_missing(self, there: bool) -> None:
        """Says once that the photo folder is gone; work goes on without it."""
        if not there:
            self._session.failed.emit(StorageError("photo_folder_missing"))

    def _connect_commands(self) -> None:
        commands = self._window.commands
        for name, act in (
            ("explain", lambda: self.explain("")),
            ("new_member", self.add_member),
            ("import_photos", self.choose_photos),
            ("import_folder", self.choose_folder),
            ("set_position", self.set_position),
            ("sync", self.sync),
            ("methodology", self.open_methodology),
            ("bin", lambda: open_bin(self._window, self._session, self._bench)),
            ("view_photo", self._bench.evidence.open_photo),
            ("photo_report", self.told.reach),
        ):
            # the actions outlive a profile: this object's slots go with it
            commands[name].triggered.connect(_Slot(self, act).call)

    def add_member(self) -> None:
        """A new member of the household on the desk, with the cursor in the name."""
        self._window.show_place("households")
        self._bench.recorder.add_member()

    def sync(self) -> None:
        """Opens the place for the sync, and begins it when this laptop is enrolled."""
        self._bench.page.grid.leave_cell()
        self._window.show_place("sync")
        self._window.sync_panel.take_cursor()
        if self._window.sync_panel.go.isVisibleTo(self._window.sync_panel):
            self.syncing.start()

    def open_methodology(self) -> None:
        """Opens what this profile computes with, and what a pack would change."""
        from fieldapp.ui.methodology_dialog import MethodologyDialog

        self._bench.page.grid.leave_cell()
        dialog = MethodologyDialog(self._window, self._session.tasks)
        dialog.adopted.connect(self._session.refresh)
        dialog.open()

    # -- the number
    def explain(self, card: str) -> None:
        """Opens the card that explains the current number."""
        self._bench.page.grid.leave_cell()
        desk = self._bench.page.desk
        if desk is None or (not card and self._window.focusWidget() is self._bench.list.sums):
            self.explain_village()
            return
        subject = self._bench.subject()
        kind, key = (subject.kind, subject.id) if subject and not card else ("", b"")
        programme = self._session.programme
        tree = next((r for r in desk.trees if kind == "tree" and r.tree.id == key), None)
        parcel = desk.parcel(key) if kind == "parcel" else None
        if tree is not None:
            question = Question.of_tree(tree, programme)
        elif parcel is not None:
            question = Question.of_parcel(parcel, desk, programme)
        else:
            question = Question.of_household(desk, programme, card or "stock")
        self._open_card(question)

    def explain_village(self) -> None:
        """Opens the card of the village's sum."""
        if not self._bench.list.sums.isHidden():
            code = self._session.village_code
            name = next((one.name for one in self._session.villages if one.village_code == code), code)
            self._open_card(Question.of_village(code, name, self._session.programme))

    def _open_card(self, question: Question) -> None:
        ExplainCard(self._window, self._session.tasks, self._window.theme, question).open()

    # -- the place
    def set_position(self) -> None:
        """Opens the dialog that says where the current tree, parcel or household stands."""
        self._bench.page.grid.leave_cell()
        subject = self._bench.subject()
        if subject is None:
            return
        photo = self._bench.evidence.current_photo()
        dialog = PositionDialog(self._window, self._session.tasks, subject, self._session.village_code, photo)
        dialog.accepted_position.connect(self._store_position)
        dialog.open()

    def _store_position(self, position: Position) -> None:
        # held like a typed text while the disk is full: nobody averages a log twice
        self._session.act_typed(lambda store: edits.add_position(store, position))

    # -- photos
    def choose_photos(self) -> None:
        """Asks for photo files and brings them to the current subject."""
        subject = self._bench.subject()
        if subject is None:
            return
        kinds = i18n.t("ui.photos.kinds")
        files = ask_files(self._window, i18n.t("ui.photos.add"), "photos", kinds)
        if files:
            self.bring(files, subject)

    def choose_folder(self) -> None:
        """Asks for a folder, such as a camera's card, and brings all its photos to the current subject."""
        subject = self._bench.subject()
        if subject is None:
            return
        folder = ask_folder(self._window, i18n.t("ui.photos.folder"), "photos")
        if folder:
            self.bring([folder], subject)

    def bring(self, files: list[str], subject: Subject) -> None:
        """Imports files and folders for a subject."""
        if not self.imports.start([Path(file) for file in files], subject):
            self._bench.page.tell(i18n.t("ui.photos.busy"))

    def _take_photo_off(self, link_id: RecordId) -> None:
        self._session.act(lambda store: edits.take_photo_off(store, link_id))
        self._bench.page.tell(i18n.t("ui.photos.taken_off"))

    def _dropped_on_row(self, row: GridRow | None, files: list[str]) -> None:
        if row is not None and row.row is not None:
            title = i18n.t("ui.subject.tree", tag=row.row.tree.tag or "—")
            self.bring(files, Subject("tree", row.row.tree.id, title, row.row.tree))
        else:
            self._dropped(files)

    def _dropped_on(self, subject: Subject, files: list[str]) -> None:
        if subject.kind == "household":  # what becomes of them is seen there
            self._session.open_household(subject.id)
            self._bench.page.show_tab("household")
        elif subject.kind == "parcel":
            self._bench.page.choose_parcel(subject.id)
        self.bring(files, subject)

    def _dropped(self, files: list[str]) -> None:
        subject = self._bench.subject()
        if subject is not None:
            self.bring(files, subject)


class _Slot(QObject):
    """A slot that dies with its owner, for actions that outlive it."""

    def __init__(self, owner: QObject, act: object) -> None:
        super().__init__(owner)
        self._act = act

    def call(self) -> None:
        """Does it."""
        if callable(self._act):
            self._act()
