"""Counts the findings of households that nobody has opened, one after the other while the store has nothing else to do.

The list then tells of what a sync, a bag or a practice village brought, before anybody opens it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from fieldapp.domain.ids import RecordId
from fieldapp.ui.desk import read_desk
from fieldapp.ui.session import Session
from fieldapp.ui.unsaved import PASSING

if TYPE_CHECKING:
    from fieldapp.errors import FieldappError
    from fieldapp.storage.store import Store


class Recount(QObject):
    """One household is one piece of work: what is typed meanwhile waits for no more than that."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._tried: set[RecordId] = set()  # the disk may refuse to keep a count: once is enough
        self._running = False
        self._counted = 0
        session.lists_changed.connect(self.go_on)

    def go_on(self) -> None:
        """Begins with what is to be counted in the village on the screen, unless it is being done."""
        if not self._running:
            self._running = True
            self._step()

    def _step(self) -> None:
        session, tried = self._session, self._tried
        code, programme, inside = session.village_code, session.programme, session.inside

        def work(store: Store) -> tuple[RecordId, bool] | None:
            from fieldapp.storage import finding_counts

            found = finding_counts.next_uncounted(store, code, tried)
            if found is None:
                return None
            read_desk(store, found, programme, inside)
            return found, finding_counts.next_uncounted(store, code, tried) != found

        session.tasks.run(self, work, self._came_home, self._failed)

    def _came_home(self, done: tuple[RecordId, bool] | None) -> None:
        if done is None:
            self._running = False
            if self._counted:
                self._counted = 0
                self._session.refresh()
            return
        household, kept = done
        if kept:
            self._counted += 1
        else:
            self._tried.add(household)
        self._step()

    def _failed(self, error: FieldappError) -> None:
        self._running = False
        if error.code not in PASSING:
            self._session.failed.emit(error)
