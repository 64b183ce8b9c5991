"""What one open profile means for the window: which household is on the desk, what was changed, what is to be re-read.

Every act goes through the store's thread and ends in a refresh of what is shown; refreshes that pile up become one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal

from fieldapp.domain.ids import RecordId
from fieldapp.domain.programme import Programme
from fieldapp.ui.desk import Desk, Inside, read_desk
from fieldapp.ui.held import Held
from fieldapp.ui.tasks import Tasks
from fieldapp.ui.unsaved import Unsaved

if TYPE_CHECKING:
    from fieldapp.storage.store import Store
    from fieldapp.storage.views import AreaTotals, HouseholdRow, Status, VillageRow

_COUNTY_DIGITS = 6
_MOST_RECOUNTED = 40  # households after one sync: typing goes on meanwhile
T = TypeVar("T")


class Session(QObject):
    """The open profile as the window sees it."""

    desk_changed = Signal(object, bool)  # Desk or None; whether it is another household than before
    lists_changed = Signal()
    status_changed = Signal()
    stored = Signal()  # something was stored durably
    failed = Signal(object)  # FieldappError

    def __init__(self, tasks: Tasks, programme: Programme, inside: Inside, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tasks = tasks
        self.programme = programme
        self.inside = inside
        self.desk: Desk | None = None
        self.villages: list[VillageRow] = []
        self.households: list[HouseholdRow] = []
        self.village_sums: AreaTotals | None = None
        self.village_doubtful = 0, True  # trees of these sums, and whether all are counted
        self.county_sums: AreaTotals | None = None  # only where it is more than the village
        self.status: Status | None = None
        self.village_code = ""
        self.household_id: RecordId | None = None
        self._reading = False
        self._again = False
        self._ended = False
        self._acts = 0  # asked so far: acts and readings come to the store in the order in which they were asked
        tasks.failed.connect(self.failed)
        self.unsaved = Unsaved(tasks, self)
        self.held = Held(self.unsaved)
        self.unsaved.failed.connect(self.failed)
        self.unsaved.changed.connect(self.status_changed)

    def act(self, work: Callable[[Store], T], done: Callable[[T], None] | None = None) -> int:
        """Does something with the store, then re-reads what is shown; returns the act's number (`Desk.after`)."""

        def finished(result: T) -> None:
            self.stored.emit()
            if done is not None:
                done(result)
            self.refresh()

        self._acts += 1
        self.tasks.run(self, work, finished)
        return self._acts

    def act_typed(self, work: Callable[[Store], T]) -> int:
        """Stores what was typed into a field; while the disk refuses, it is held and tried again."""

        def finished(_: T) -> None:
            self.stored.emit()
            self.refresh()

        self._acts += 1
        self.unsaved.run(self._acts, work, finished)
        return self._acts

    def open_village(self, code: str) -> None:
        """Works in another village from now on."""
        if code != self.village_code:
            self.village_code = code
            self.household_id = None
            self.desk = None
            self.desk_changed.emit(None, True)
        self.refresh()

    def open_household(self, household_id: RecordId | None) -> None:
        """Puts another household on the desk."""
        if household_id != self.household_id:
            self.household_id = household_id
            self.refresh()

    def end(self) -> None:
        """Nothing is shown any more: the profile is being closed, after what was asked of it."""
        self._ended = True
        if self.unsaved.count:
            self.unsaved.retry()
        self.unsaved.end()

    def recount(self, trees: Sequence[RecordId]) -> None:
        """Counts findings anew where a sync has doubled a tag: the list tells it before anybody opens the household."""
        programme, inside = self.programme, self.inside

        def work(store: Store) -> None:
            from fieldapp.storage.tags import doubled_households

            for household_id in doubled_households(store, trees, _MOST_RECOUNTED):
                read_desk(store, household_id, programme, inside)

        self.tasks.run(self, work, lambda _: self.refresh())

    def refresh(self) -> None:
        """Reads what is shown again; while a reading runs, at most one more is remembered."""
        if self._reading or self._ended:
            self._again = True
            return
        self._reading = True
        self.tasks.run(self, self._read(self.village_code, self.household_id), self._show, self._reading_failed)

    def _read(self, village_code: str, household_id: RecordId | None) -> Callable[[Store], dict[str, Any]]:
        programme, inside, acts = self.programme, self.inside, self._acts

        def work(store: Store) -> dict[str, Any]:
            from fieldapp.storage import counting, finding_counts, reads, sums

            villages = reads.villages(store)
            code = village_code or (villages[0].village_code if villages else "")
            desk = read_desk(store, household_id, programme, inside) if household_id else None
            county = code[:_COUNTY_DIGITS]
            of_county = [village for village in villages if village.village_code.startswith(county)]
            return {
                "villages": villages,
                "village_code": code,
                "desk": desk and replace(desk, after=acts),
                "asked": household_id,
                "households": reads.households(store, code),
                "village_sums": sums.area_totals(store, code) if code else None,
                "village_doubtful": finding_counts.doubtful_of(store, code),
                "county_sums": sums.area_totals(store, county) if code and len(of_county) > 1 else None,
                "status": counting.status(store),
            }

        return work

    def _show(self, read: dict[str, Any]) -> None:
        self._reading = False
        if self._ended:
            return
        if self._again and read["asked"] != self.household_id:
            self._again = False
            self.refresh()
            return
        self.villages, self.households, self.status = read["villages"], read["households"], read["status"]
        self.village_sums, self.county_sums = read["village_sums"], read["county_sums"]
        self.village_doubtful = read["village_doubtful"]
        self.village_code = self.village_code or read["village_code"]
        before = self.desk.view.household.id if self.desk else None
        now = read["desk"].view.household.id if read["desk"] else None
        self.lists_changed.emit()
        self.desk = self.held.over(read["desk"]) if read["desk"] else None
        self.desk_changed.emit(self.desk, before != now)
        self.status_changed.emit()
        if self._again:
            self._again = False
            self.refresh()

    def _reading_failed(self, error: object) -> None:
        self._reading = self._again = False
        self.failed.emit(error)
