"""The middle of the work: one household with its three numbers, and its tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fieldapp import i18n
from fieldapp.domain.ids import RecordId
from fieldapp.domain.programme import Programme
from fieldapp.errors import Severity
from fieldapp.ui import figures
from fieldapp.ui.finding_places import FindingWalk, finding_places, place_words
from fieldapp.ui.hint_line import HintLine
from fieldapp.ui.history import HistoryList
from fieldapp.ui.household_form import HouseholdForm, PapersForm, ParcelForm
from fieldapp.ui.household_head import HouseholdHead
from fieldapp.ui.line_edit import LineEdit
from fieldapp.ui.names import Names
from fieldapp.ui.pane_buttons import PaneButtons
from fieldapp.ui.parcel_choice import ParcelChoice
from fieldapp.ui.tab_line import TABS, TabLine
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import Theme
from fieldapp.ui.tree_cells import COLUMN_OF, Column
from fieldapp.ui.tree_grid import TreeGrid
from fieldapp.ui.tree_model import TreeModel
from fieldapp.ui.tree_texts import all_findings, state_hint, worst_first

if TYPE_CHECKING:
    from fieldapp.ui.desk import Desk

_Form = HouseholdForm | ParcelForm | PapersForm


class HouseholdPage(QWidget):
    """Shows a desk; what is edited in its tabs is told through the tabs' own signals."""

    tab_changed = Signal(str)

    def __init__(self, texts: Texts, theme: Theme, programme: Programme, names: Names) -> None:
        super().__init__()
        self.names, self._texts = names, texts
        self.desk: Desk | None = None
        self.hidden = False  # personal values are covered
        self.trees = TreeModel(self, names.species, names.shown, names.short)
        self.grid = TreeGrid(theme, self.trees, names.spoken_species)
        texts.name(self.grid, "ui.tab.trees")
        self.household = HouseholdForm(texts)
        self.parcels = ParcelForm(
            texts, lambda desk, parcel: figures.parcel_foot(desk, parcel, programme, names.equation), names
        )
        self.papers = PapersForm(texts)
        self.history = HistoryList(texts)
        head = self.head = HouseholdHead(texts, theme, programme, names)
        head.place_asked.connect(self.go_to)
        self.cards, self.explain_button, self.ready_button = head.cards, head.explain_button, head.ready_button
        self.parcel_choice = ParcelChoice(texts, theme, names)
        self.parcel_choice.activated.connect(lambda _: self._show_trees())
        self._forms: dict[str, _Form] = {"household": self.household, "parcels": self.parcels, "papers": self.papers}
        self._stale: set[str] = set()
        self._walk = FindingWalk()
        self._here = (b"", "")  # record and field of the form in which the cursor stands
        self._hint = HintLine()
        self.panes = PaneButtons(texts)
        self.line = TabLine(texts, self.parcel_choice)
        self._stack = QStackedWidget()
        self._lay_out()
        self.line.changed.connect(self._hint.leave_here)
        self.line.changed.connect(self._tab_chosen)
        self.grid.typing.connect(self._show_typing)
        self.grid.told.connect(self.tell)
        for part in (self.household, self.parcels, self.papers):
            part.field_entered.connect(self._hint.leave_here)
            part.field_entered.connect(self._field_entered)
        self.grid.cell_entered.connect(self._walk.entered)
        self.grid.tree_changed.connect(lambda _: self._write_hint())
        texts.changed.connect(self._retranslate)
        self._retranslate()

    def _lay_out(self) -> None:
        for page in (self.household, self.parcels, self.grid, self.papers, self.history):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 6)
        column.setSpacing(8)
        column.addWidget(self.head)
        column.addWidget(self.line)
        column.addWidget(self._stack, 1)
        foot = QHBoxLayout()
        foot.addWidget(self._hint, 1)
        foot.addWidget(self.panes, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(foot)

    # -- showing
    def show_desk(self, desk: Desk | None, other: bool) -> None:
        """Shows a household; `other` when it is another one than before."""
        if other or desk is None:
            self.leave_field()  # what is being typed belongs to the household that goes
            self.trees.clear()
        self.desk = desk
        if desk is None:
            return
        self.head.show_desk(desk)
        self._stale = set(self._forms)
        self._fill_form(self.tab)
        self.parcel_choice.show_parcels(desk, other, cards=self.tab == "parcels")
        self.line.fit()
        self._show_trees()
        self.line.show_counts(self.desk)
        self._write_hint()

    def _fill_form(self, tab: str) -> None:
        """Builds the cards of a tab that is on the screen: those of the others wait until they are asked for."""
        if tab in self._stale and self.desk is not None:
            self._stale.discard(tab)
            self._forms[tab].show_desk(self.desk)

    def _show_trees(self) -> None:
        desk = self.desk
        if desk is None:
            return
        parcel = desk.parcel(self.parcel_choice.currentData())
        rows = [row for row in desk.trees if parcel is None or row.tree.parcel_id == parcel.id]
        if not self.trees.shows(parcel):
            self.grid.leave_cell()
        self.trees.show_trees(rows, desk.findings, parcel, desk.free_tags, after=desk.after)
        for tree_id, texts in desk.kept.items():
            for name, text in texts.items():
                self.trees.restore_typed(tree_id, name, text)

    def choose_parcel(self, parcel_id: bytes | None) -> None:
        """Shows the trees of a parcel."""
        place = self.parcel_choice.place_of(parcel_id)
        if place >= 0 and place != self.parcel_choice.currentIndex():
            self.parcel_choice.setCurrentIndex(place)
            self._show_trees()

    def hide_personal(self, hidden: bool) -> None:
        """Hides personal values everywhere on the page."""
        self.hidden = hidden
        self.head.hide_personal(hidden)
        self.household.hide_personal(hidden)
        self.papers.hide_personal(hidden)

    # -- places
    def leave_field(self) -> None:
        """Stores what is being typed, in the grid or in a form, as leaving it does; the cursor stays."""
        self.grid.leave_cell()
        focus = self.window().focusWidget()
        if isinstance(focus, LineEdit) and self._stack.isAncestorOf(focus):
            focus.editingFinished.emit()

    @property
    def tab(self) -> str:
        """The tab on the screen."""
        return self.line.tab

    def show_tab(self, name: str) -> None:
        """Brings a tab to the front."""
        self.line.show_tab(name)

    def begin_tree(self) -> None:
        """Brings the cursor to the empty row of the grid."""
        self.show_tab("trees")
        self.grid.go_to_new()

    def go_to(self, record: str, record_id: RecordId, name: str) -> bool:
        """Brings the cursor to a field of a record of this household; False when it is not here."""
        if self.desk is None:
            return False
        if record in ("tree", "measurement"):
            row = next((r for r in self.desk.trees if r.tree.id == record_id), None)
            if row is None:
                return False
            self.choose_parcel(row.tree.parcel_id)
            self.show_tab("trees")
            return self.grid.go_to(record_id, COLUMN_OF.get(name, Column.DBH))
        pages: dict[str, tuple[_Form, str]] = {"parcel": (self.parcels, "parcels"), "tenure": (self.papers, "papers")}
        page, tab = pages.get(record, (self.household, "household"))
        self.show_tab(tab)
        return page.focus_field(record_id, name)

    def next_finding(self, *, red: bool = False) -> str:
        """Goes to the next place that wants a person, round and round; tells where it is and why, "" for none."""
        desk = self.desk
        places = finding_places(desk, self.trees) if desk is not None else []
        place = self._walk.following([p for p in places if not red or p[2].severity is Severity.RED])
        if desk is None or place is None:
            return ""
        record, key, finding = place
        self.go_to(record, RecordId(key), finding.field)
        self._walk.arrived()
        return place_words(desk, place)

    # -- words
    def _tab_chosen(self, index: int) -> None:
        focus = self.window().focusWidget()
        if focus is not None and self._stack.isAncestorOf(focus):
            self.line.take_focus()  # hiding the focused page would throw the cursor into any field of the next one
        self._fill_form(TABS[index])
        self._stack.setCurrentIndex(index)
        self.line.fit()
        self._write_hint()
        self.tab_changed.emit(TABS[index])

    def _retranslate(self) -> None:
        self._hint.forget()
        self.trees.retranslate()
        self.grid.fit()
        self.line.show_counts(self.desk)
        self._write_hint()
        if self.desk is not None:
            self.show_desk(self.desk, other=False)

    def _field_entered(self, key: bytes, name: str) -> None:
        self._walk.entered(key, name)
        self._here = (key, name)
        self._write_hint()

    def _write_hint(self) -> None:
        row = self.grid.current_row() if self.tab == "trees" else None
        found = [f for f in all_findings(row) if f.severity is not Severity.GREY] if row else []
        if self.tab in self._forms and self.desk is not None:  # in full: under its field it may be cut
            key, name = self._here
            found = [f for f in worst_first(self.desk.findings.get(key, [])) if f.field == name]
        if found:
            self._hint.show_findings(found)
        else:
            self._hint.hint(state_hint(row) or i18n.t(f"ui.hint.{self.tab}"))

    def _show_typing(self, column: int, text: str) -> None:
        if column == Column.SPECIES and text.strip():
            meant = self.names.shown(self.trees.species(text.strip()))
            self._hint.say(i18n.t("ui.hint.species", text=text, meant=meant) if meant != text else "")

    def tell(self, text: str, ms: int = 8_000) -> None:
        """Says something in the hint line for a while."""
        self._hint.tell(text, ms, self._write_hint)

    def tell_here(self, text: str) -> None:
        """Says something that holds as long as the cursor stays in its field."""
        self._hint.tell_here(text)

    @property
    def said(self) -> str:
        """What the hint line says."""
        return self._hint.text()
