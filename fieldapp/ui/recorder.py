"""Turns what is typed and clicked on the desk into acts on the store; one for each open window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from fieldapp import i18n
from fieldapp.domain.ids import RecordId
from fieldapp.domain.ops import Value
from fieldapp.domain.records import Record
from fieldapp.ui import edits, undoing
from fieldapp.ui.binning import BinDialog, bin_question
from fieldapp.ui.cell_edits import store_cells
from fieldapp.ui.dialogs import ReasonDialog
from fieldapp.ui.household_page import HouseholdPage
from fieldapp.ui.kept import forget_here, keep_typed
from fieldapp.ui.readying import Readying
from fieldapp.ui.session import Session
from fieldapp.ui.tree_cells import Box, CellEdit

if TYPE_CHECKING:
    from fieldapp.storage.store import Store


class Recorder(QObject):
    """Records fields, new households, parcels, members, papers, consents; and takes back."""

    told = Signal(str)  # something to say in the hint line

    def __init__(self, session: Session, page: HouseholdPage) -> None:
        super().__init__(page)
        self._session, self._page = session, page
        self.ready = Readying(session, page, self._when_shown, self)
        page.trees.edits_asked.connect(self.store_cells)
        page.trees.misread.connect(self.keep_typed_cell)
        for form in (page.household, page.parcels, page.papers):
            form.field_left.connect(self.store_field)
            form.field_misread.connect(self.keep_typed)
            form.removed.connect(self.remove)
            form.ended.connect(self._say_ended)
        page.household.member_asked.connect(self.add_member)
        page.household.state_asked.connect(self.set_state)
        page.parcels.parcel_asked.connect(self.add_parcel)
        page.papers.tenure_asked.connect(self.add_tenure)
        page.papers.consent_asked.connect(self.add_consent)

    # -- fields
    def store_cells(self, cells: list[CellEdit]) -> None:
        """Stores the cells of the grid that were filled in one act: one, or a pasted block."""
        desk = self._page.desk
        # the village of the trees on the desk: another one may have been opened while the cell was typed in
        code = desk.view.household.village_code if desk is not None else self._session.village_code

        def work(store: Store) -> None:
            store_cells(store, cells, code)
            forget_here(store, [(cell.tree_id, cell.field) for cell in cells])

        act = self._session.act_typed(work)
        for cell in cells:
            cell.box.act = act

    def store_field(self, box: Box, name: str, value: Value) -> None:
        """Stores a field of a form."""

        def work(store: Store) -> None:
            edits.store_field(store, box, name, value)
            if box.record is not None:
                forget_here(store, [(box.record.id, name)])

        box.act = self._session.act_typed(work)

    def keep_typed(self, box: Box, name: str, text: str) -> None:
        """Keeps what has no meaning for its field of a form, for everybody and over a power cut."""
        if box.record is not None:
            self._keep_typed(box, box.record.id, name, text)

    def keep_typed_cell(self, tree_id: bytes, name: str, text: str) -> None:
        """The same of a cell of the grid."""
        row = self._page.trees.at(self._page.trees.row_of(tree_id))
        if row is not None:
            self._keep_typed(row.box, row.tree_id, name, text)

    def _keep_typed(self, box: Box, record_id: RecordId, name: str, text: str) -> None:
        def work(store: Store) -> None:
            keep_typed(store, record_id, name, text)

        box.act = self._session.act_typed(work)
        self._session.held.misread(box.act, record_id, name, text)

    # -- new things
    def add_household(self) -> None:
        """A new household, with the cursor on its head's name."""
        code = self._session.village_code
        if code:
            self._session.act(lambda store: edits.add_household(store, code), self._open_new)

    def _open_new(self, household_id: RecordId) -> None:
        self._page.show_tab("household")
        self._session.open_household(household_id)
        self._when_shown(lambda: self._page.go_to("household", household_id, "head_name"))

    def add_parcel(self) -> None:
        """A new parcel of the household on the desk."""
        desk = self._page.desk
        if desk is not None:
            household, above = desk.view.household, desk.view.parcels[-1] if desk.view.parcels else None
            self._page.show_tab("parcels")
            self._session.act(
                lambda store: edits.add_parcel(store, household, above),
                lambda new: self._when_shown(lambda: self._page.go_to("parcel", new, "place_name")),
            )

    def add_member(self) -> None:
        """A new member of the household on the desk."""
        desk = self._page.desk
        if desk is not None:
            household = desk.view.household
            self._session.act(
                lambda store: edits.add_member(store, household),
                lambda new: self._when_shown(lambda: self._page.go_to("member", new, "name")),
            )

    def add_tenure(self) -> None:
        """A new tenure paper."""
        desk = self._page.desk
        if desk is not None:
            household = desk.view.household
            self._session.act(
                lambda store: edits.add_tenure(store, household, "forest_right"),
                lambda new: self._when_shown(lambda: self._page.go_to("tenure", new, "kind")),
            )

    def add_consent(self, kind: str, text_version: str) -> None:
        """The household agreed, or withdrew, today, to the text that was read to it."""
        desk = self._page.desk
        if desk is not None:
            household = desk.view.household
            self._session.act(lambda store: edits.add_consent(store, household, kind, text_version))

    # -- taking away and back
    def remove(self, record: Record | None) -> None:
        """Puts a record into the bin, after a question where more goes with it; undo brings it back."""
        desk = self._page.desk
        if record is None or desk is None:
            return

        def agreed() -> None:
            self._session.act(lambda store: edits.remove(store, record))
            if record.id == desk.view.household.id:
                self._when_shown(self._say_removed)
            else:
                self.told.emit(i18n.t("ui.removed"))

        question = bin_question(desk, record, hidden=self._page.hidden)
        if question:
            BinDialog(self._page.window(), question, agreed).open()
        else:
            agreed()

    def _say_ended(self, read: bool) -> None:
        self._page.tell_here(i18n.t("ui.form.end" if read else "ui.form.end.unread"))

    def _say_removed(self) -> bool:
        """Said when the desk is empty: what was told before would go with the page."""
        gone = self._page.desk is None
        if gone:
            self.told.emit(i18n.t("ui.removed"))
        return gone

    def remove_current_tree(self) -> None:
        """Puts the current tree into the bin."""
        row = self._page.grid.current_row()
        # only one that is seen: the grid keeps its current row behind the other tabs
        if self._page.tab == "trees" and row is not None and row.row is not None:
            self.remove(row.row.tree)

    def undo(self) -> None:
        """Takes the last save back, whatever it was and whenever, and says what that changed."""
        self._page.leave_field()

        def done(changes: list[undoing.Change] | None) -> None:
            self.told.emit(undoing.undone_words(changes, self._page.hidden))
            tree_id = undoing.tree_back(changes)
            if tree_id is not None:
                tries = iter((False, True))  # the next reading may have begun before; a tree of elsewhere never comes
                self._when_shown(lambda: self._page.go_to("tree", tree_id, "dbh_cm") or next(tries))

        self._session.act(undoing.undo, done)

    def redo(self) -> None:
        """Brings back what was taken back."""
        self._session.act(undoing.redo, lambda done: self.told.emit(undoing.redone_words(done, self._page.hidden)))

    # -- other states
    def set_state(self, state: str) -> None:
        """Not eligible, which wants a reason and is a normal ending, or a draft again."""
        desk = self._page.desk
        if desk is None:
            return
        box = Box(desk.view.household)

        def store_it(reason: str) -> None:
            self._session.act(lambda store: edits.set_state(store, box, state, reason))

        if state == "not_eligible":
            dialog = ReasonDialog(self._page.window(), i18n.t("ui.eligible.question"))
            dialog.given.connect(store_it)
            dialog.open()
        else:
            store_it("")

    def _when_shown(self, act: Callable[[], bool]) -> None:
        """Acts as soon as the window shows what was made; a reading that began before does not have it yet."""

        def once(*_: object) -> None:
            if act():
                self._session.desk_changed.disconnect(once)

        self._session.desk_changed.connect(once)
