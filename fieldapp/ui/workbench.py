"""The place of daily work: list, household, evidence; one selection shared by all three."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from fieldapp import i18n
from fieldapp.domain.ids import RecordId
from fieldapp.ui.empty_desk import EmptyDesk
from fieldapp.ui.evidence import Evidence, Subject
from fieldapp.ui.history_lines import read_history
from fieldapp.ui.household_list import HouseholdList
from fieldapp.ui.household_page import HouseholdPage
from fieldapp.ui.names import Names
from fieldapp.ui.panel_way import PanelWay
from fieldapp.ui.photo_doubts import Proofs, proofs
from fieldapp.ui.pictures import Pictures
from fieldapp.ui.recorder import Recorder
from fieldapp.ui.session import Session
from fieldapp.ui.subjects import map_of, subject_of
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import Theme

if TYPE_CHECKING:
    from fieldapp.storage.search import Hit
    from fieldapp.storage.store import Store
    from fieldapp.ui.desk import Desk


class Workbench(QWidget):
    """Wires the three panes to the session."""

    place_changed = Signal(str, object, str)  # record, id, field: where the cursor stands

    def __init__(self, texts: Texts, theme: Theme, session: Session, pictures: Pictures, names: Names) -> None:
        super().__init__()
        self._theme, self._session = theme, session
        self.list = HouseholdList(texts, theme, session.programme)
        self.page = HouseholdPage(texts, theme, session.programme, names)
        self.evidence = Evidence(texts, theme, pictures)
        self.recorder = Recorder(session, self.page)
        self._middle, self.empty = QStackedWidget(), EmptyDesk(texts, theme)
        self._middle.addWidget(self.empty)
        self._middle.addWidget(self.page)
        self.wants_evidence = True
        self.wants_list = True
        self._asked = ""  # the pane that a person asked for comes even where there is little room
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addWidget(self._middle, 1)
        row.addWidget(self.evidence)
        self._connect()
        theme.changed.connect(self.fit)
        texts.changed.connect(self._retranslate)
        texts.changed.connect(self.list.search.name_clear)
        self.fit()

    def _connect(self) -> None:
        session, page = self._session, self.page
        session.lists_changed.connect(self._show_lists)
        session.desk_changed.connect(self._show_desk)
        self.list.household_chosen.connect(session.open_household)
        self.list.village_chosen.connect(session.open_village)
        self.list.new_household_asked.connect(self.recorder.add_household)
        self.empty.household_asked.connect(self.recorder.add_household)
        self.empty.village_asked.connect(self.list.new_village_asked)
        self.list.search_asked.connect(self._search)
        self.list.hit_chosen.connect(self._open_hit)
        page.grid.tree_changed.connect(lambda _: self.show_evidence())
        page.tab_changed.connect(self._tab_changed)
        page.parcel_choice.activated.connect(lambda _: self._show_map())
        page.grid.cell_entered.connect(lambda key, name: self.place_changed.emit("tree", key, name))
        page.household.field_entered.connect(lambda key, name: self.place_changed.emit("household", key, name))
        page.parcels.field_entered.connect(lambda key, name: self.place_changed.emit("parcel", key, name))
        page.parcels.field_entered.connect(lambda key, _: self._parcel_entered(key))
        page.papers.field_entered.connect(lambda key, name: self.place_changed.emit("tenure", key, name))
        self.evidence.field_left.connect(self.recorder.store_field)
        # after the recorder, which gives each edit the number of its act
        page.trees.edits_asked.connect(session.held.cells)
        for form in (page.household, page.parcels, page.papers, self.evidence):
            form.field_left.connect(session.held.field)
        self.evidence.tree_chosen.connect(lambda key: page.go_to("tree", RecordId(key), "dbh_cm"))
        self.panel_way = PanelWay(page, self.evidence, lambda: self.toggle("evidence"))
        self.recorder.told.connect(self._tell)
        page.panes.asked.connect(self.toggle)

    # -- showing
    def _show_lists(self) -> None:
        session = self._session
        practice = session.status is not None and session.status.practice
        self.list.show_villages(session.villages, session.village_code, practice)
        self.list.show_households(session.households, session.household_id)
        self.empty.show_state(village=bool(session.village_code), households=bool(session.households))
        self.list.sums.show_sums(session.village_sums, session.county_sums, *session.village_doubtful)

    def _show_desk(self, desk: Desk | None, other: bool) -> None:
        if desk is None and self.page.isAncestorOf(self.focusWidget() or self):
            self.list.search.setFocus()  # or the cursor would fall on a button that makes a new household
        self._middle.setCurrentIndex(0 if desk is None else 1)
        self.page.show_desk(desk, other)
        self._show_map()
        self._tab_changed(self.page.tab)

    def _tab_changed(self, tab: str) -> None:
        self.show_evidence()
        desk = self.page.desk
        if tab == "history" and desk is not None:
            household_id = desk.view.household.id
            self._session.tasks.run(self, lambda store: read_history(store, household_id), self.page.history.show_lines)

    def _parcel_entered(self, key: bytes) -> None:
        """Photos, position, map, and the trees to be recorded next are those of the parcel whose card is open."""
        if self.page.parcel_choice.currentData() != key:
            self.page.choose_parcel(key)
            self._show_map()
        self.show_evidence()

    def _tell(self, text: str) -> None:
        self.page.tell(text)
        if self.page.desk is None:
            self.empty.tell(text)

    def _show_map(self) -> None:
        self.evidence.show_map(*map_of(self.page))

    def subject(self) -> Subject | None:
        """What the evidence is about: the current tree, or the parcel, or the household."""
        return subject_of(self.page)

    def show_evidence(self) -> None:
        """Reads photos and position of the current subject and shows them, if it still is the current one."""
        subject = self.subject()
        if subject is None:
            self.evidence.show_subject(None, Proofs())
            return

        def work(store: Store) -> Proofs:
            return proofs(store, subject.kind, subject.id)

        def arrived(found: Proofs) -> None:
            now = self.subject()
            if now is not None and now.id == subject.id:
                self.evidence.show_subject(now, found, desk.after if (desk := self.page.desk) else 0)

        self._session.tasks.run(self, work, arrived)

    # -- finding
    def _search(self, text: str) -> None:
        def work(store: Store) -> list[Hit]:
            from fieldapp.storage import search

            return search.search(store, text)

        def arrived(hits: list[Hit]) -> None:
            if self.list.search.text().strip() == text:
                self.list.show_hits(hits, [hit_words(hit) for hit in hits])

        self._session.tasks.run(self, work, arrived)

    def _open_hit(self, hit: Hit) -> None:
        self.list.search.clear()
        self.open_place(hit.village_code, hit.household_id, hit.record, hit.record_id, "")

    def open_place(
        self, village_code: str, household_id: RecordId | None, record: str, record_id: RecordId, name: str
    ) -> None:
        """Opens a household and brings the cursor to a field of one of its records."""
        if village_code and village_code != self._session.village_code:
            self._session.open_village(village_code)
        if household_id is None:
            return

        def once(desk: Desk | None, _: bool) -> None:
            if desk is not None and desk.view.household.id == household_id:
                self._session.desk_changed.disconnect(once)
                field = name or ("dbh_cm" if record == "tree" else "head_name")
                if not self.page.go_to(record, record_id, field) and record == "tree":
                    self.page.begin_tree()  # the row had not been stored yet: it is the empty one again

        self._session.desk_changed.connect(once)
        self._session.open_household(household_id)
        self._session.refresh()

    def next_finding(self) -> None:
        """Goes to the next thing to look at and tells it in full."""
        self.page.tell(self.page.next_finding() or i18n.t("ui.no_findings"), 4_000)

    def go_to_trees(self) -> None:
        """Brings the trees of the open household to the front and the cursor into them."""
        if self.page.desk is not None:
            self.page.show_tab("trees")
            self.page.grid.setFocus()

    def go_to_empty(self) -> None:
        """Without an open household the cursor stands on the button that says what comes next."""
        if self.page.desk is None:
            self.empty.go.setFocus()

    # -- room
    def toggle(self, pane: str) -> None:
        """Shows or hides the list or the evidence."""
        shown = not (self.list if pane == "list" else self.evidence).isHidden()
        if pane == "list":
            self.wants_list = not shown
        else:
            self.wants_evidence = not shown
        self._asked = "" if shown else pane
        self.fit()

    def begin_search(self) -> None:
        """Brings the cursor to the search, and the list with it when there was no room for it."""
        if self.list.isHidden():
            self.toggle("list")
        self.list.search.setFocus()
        self.list.search.selectAll()

    def fit(self) -> None:
        """Gives the middle what it needs: first the evidence, then the list makes room on a small screen."""
        theme = self._theme
        self.list.setFixedWidth(theme.px(266))
        width = self.width()
        needed = theme.px(620)
        lists = self._asked == "list" or (self.wants_list and width - theme.px(266) >= needed)
        lists = lists and (self._asked != "evidence" or width - theme.px(266 + 304) >= needed)
        room = width - (theme.px(266) if lists else 0) - theme.px(304) >= needed
        evidence = self._asked == "evidence" or (self.wants_evidence and room)
        self.list.setVisible(lists)
        self.evidence.setVisible(evidence)
        self.page.panes.offer(list=not lists, evidence=not evidence)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Looks again at what fits."""
        super().resizeEvent(event)
        self.fit()

    def _retranslate(self) -> None:
        if self._session.status is not None:
            self._show_lists()
            self.show_evidence()


def hit_words(hit: Hit) -> str:
    """What a search found, in two lines."""
    return f"{hit.title}\n{i18n.t(f'record.{hit.record}')} · {i18n.t(f'ui.matched.{hit.matched}')}"
