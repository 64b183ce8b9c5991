"""The left pane: the village, the search, its households with their quota."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fieldapp import i18n
from fieldapp.domain.programme import Programme
from fieldapp.ui import icons
from fieldapp.ui.household_model import HouseholdDelegate, HouseholdModel
from fieldapp.ui.page import label
from fieldapp.ui.plain import PlainLabel
from fieldapp.ui.search_box import HitList, SearchEdit
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import Theme, icon_size
from fieldapp.ui.village_sums import VillageSums

if TYPE_CHECKING:
    from fieldapp.storage.search import Hit
    from fieldapp.storage.views import HouseholdRow, VillageRow


class HouseholdList(QWidget):
    """Chooses village and household; typing in the search shows hits of name, tag, ID tail and pinyin initials."""

    household_chosen = Signal(bytes)
    village_chosen = Signal(str)
    new_village_asked = Signal()
    new_household_asked = Signal()
    search_asked = Signal(str)
    hit_chosen = Signal(object)

    def __init__(self, texts: Texts, theme: Theme, programme: Programme) -> None:
        super().__init__()
        self.setProperty("role", "list-pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme, self._texts = theme, texts
        self._villages: list[VillageRow] = []
        self._current = ""
        self.village_button = QPushButton()
        self.village_button.setProperty("role", "fact")
        self._menu = QMenu(self)
        self.village_button.setMenu(self._menu)
        self._where = PlainLabel()
        self._where.setProperty("role", "small")
        self._where.setContentsMargins(4, 0, 0, 0)
        self.badge = label(texts, "ui.practice", "badge")
        self.badge.setWordWrap(False)
        self.search = SearchEdit()
        self.search.setProperty("role", "search")
        self.search.setClearButtonEnabled(True)
        texts.say(self.search, "ui.search", "setPlaceholderText")
        texts.name(self.search, "ui.search")
        self.model = HouseholdModel(self, programme.quota)
        self.view = self._household_view()
        self.hits = HitList(texts, theme)
        self._stack = QStackedWidget()
        for page in (self.view, self.hits, self._empty_state()):
            self._stack.addWidget(page)
        self.sums = VillageSums(texts, theme, programme)
        self._foot = PlainLabel()
        self._foot.setProperty("role", "small")
        self._foot.setWordWrap(True)
        self.new_button = texts.say(QPushButton(), "ui.new_household")
        self.new_button.clicked.connect(self.new_household_asked)
        self._lay_out()
        self._connect()

    def _household_view(self) -> QListView:
        view = QListView()
        view.setModel(self.model)
        view.setItemDelegate(HouseholdDelegate(self._theme, self.model))
        view.setUniformItemSizes(True)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._texts.name(view, "ui.households")
        return view

    def _empty_state(self) -> QLabel:
        empty = self._empty = label(self._texts, "ui.households.empty", "quiet")
        empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        empty.setContentsMargins(14, 12, 14, 12)
        return empty

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.village_button)
        head.addStretch(1)
        head.addWidget(self.badge)
        top = QVBoxLayout()
        top.setContentsMargins(10, 8, 12, 8)
        top.setSpacing(4)
        top.addLayout(head)
        top.addWidget(self._where)
        top.addWidget(self.search)
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 6, 12, 6)
        foot.addWidget(self._foot, 1)
        foot.addWidget(self.new_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._stack, 1)
        column.addWidget(self.sums)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.view.selectionModel().currentChanged.connect(self._current_changed)
        self.search.textChanged.connect(self._search_changed)
        self.search.forward.connect(self._choose_first)
        self.search.down.connect(self._go_down)
        self.hits.chosen.connect(self.hit_chosen)
        self.model.dataChanged.connect(self._cover_hits)
        self._theme.changed.connect(self._fit)
        self._texts.changed.connect(self._write)
        self._fit()

    def show_villages(self, villages: Sequence[VillageRow], current: str, practice: bool) -> None:
        """Shows which village is worked in, and offers the others."""
        self._villages = list(villages)
        self._current = current
        self.badge.setVisible(practice)
        self._write()

    def show_households(self, rows: Sequence[HouseholdRow], current: bytes | None) -> None:
        """Shows the households of the village with the open one marked."""
        self.model.show_rows(rows)
        number = self.model.row_of(current)
        selection = self.view.selectionModel()
        if number >= 0 and selection.currentIndex().row() != number:
            index = self.model.index(number)
            blocked = selection.blockSignals(True)
            self.view.setCurrentIndex(index)
            selection.blockSignals(blocked)
            self.view.viewport().update()
            if not self.view.viewport().rect().contains(self.view.visualRect(index)):
                self.view.scrollTo(index, QListView.ScrollHint.PositionAtCenter)  # its neighbours around it
        self._show_right_page()
        self._write()

    def show_hits(self, hits: Sequence[Hit], words: Sequence[str]) -> None:
        """Shows what a search found, `words` as it is to be read."""
        self.hits.show_hits(hits, words)
        self._show_right_page()

    def _cover_hits(self) -> None:
        """One key covers the names of what was found, too."""
        self.hits.hide_personal(self.model.hidden)

    def step(self, by: int) -> None:
        """Goes to a neighbouring household."""
        number = self.view.currentIndex().row() + by
        if 0 <= number < self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(number))

    def _show_right_page(self) -> None:
        if self.search.text().strip():
            self._stack.setCurrentWidget(self.hits)
        else:
            self._stack.setCurrentIndex(0 if self.model.rowCount() else 2)

    def _current_changed(self, index: QModelIndex) -> None:
        row = self.model.at(index.row())
        if row is not None:
            self.household_chosen.emit(row.id)

    def _search_changed(self, text: str) -> None:
        if text.strip():
            self.search_asked.emit(text.strip())
        else:
            self._show_right_page()

    def _choose_first(self) -> None:
        if self._stack.currentWidget() is self.hits and self.hits.count():
            self.hits.choose(self.hits.item(max(self.hits.currentRow(), 0)))

    def _go_down(self) -> None:
        target = self._stack.currentWidget()
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        if target is self.hits and self.hits.currentRow() < 0:
            self.hits.setCurrentRow(0)

    def _fit(self) -> None:
        self.village_button.setFont(self._theme.font("strong", bold=True))
        self.village_button.setStyleSheet(
            f"text-align: left; font-size: {self._theme.font('strong').pointSizeF()}pt; font-weight: 700;"
        )
        self.new_button.setIcon(icons.icon("plus", self._theme.palette.good))
        self.new_button.setIconSize(icon_size())
        self.view.doItemsLayout()
        self.view.scrollTo(self.view.currentIndex())  # higher rows have pushed it out of sight

    def _write(self) -> None:
        self.new_button.setEnabled(bool(self._current))
        self._texts.say(self._empty, "ui.households.empty" if self._current else "ui.households.no_village")
        village = next((v for v in self._villages if v.village_code == self._current), None)
        self.village_button.setText(village.name if village else i18n.t("ui.no_village"))
        self._where.setText(
            f"{village.county or ''} {village.township or ''} · {village.village_code}" if village else ""
        )
        self._menu.clear()
        for other in self._villages:
            action = self._menu.addAction(f"{other.name}  {other.village_code}")
            action.triggered.connect(lambda _=False, code=other.village_code: self.village_chosen.emit(code))
        self._menu.addSeparator()
        self._menu.addAction(i18n.t("ui.command.new_village")).triggered.connect(self.new_village_asked)
        self._foot.setText(i18n.t("ui.households.foot", n=self.model.rowCount(), trees=f"{self.model.trees():,}"))
