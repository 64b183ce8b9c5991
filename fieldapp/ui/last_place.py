"""Where the person was, kept all the time: the record, its field, and what is being typed into it.

A field is stored when it is left. What stands half typed is kept with the place each time the hands rest for half a
second, so that a power cut costs less than a line; at the next start it stands in its field again, not stored yet.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from fieldapp import i18n
from fieldapp.domain.ids import RecordId
from fieldapp.ui.line_edit import LineEdit
from fieldapp.ui.undoing import Change, last_stored, stored_words
from fieldapp.ui.unsaved import PASSING

if TYPE_CHECKING:
    from fieldapp.errors import FieldappError
    from fieldapp.storage.place import Place
    from fieldapp.storage.store import Store
    from fieldapp.ui.session import Session
    from fieldapp.ui.workbench import Workbench

_REST_MS = 500


class LastPlace(QObject):
    """Keeps the place of an open profile, and opens the one that was kept last."""

    def __init__(self, session: Session, workbench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._bench = session, workbench
        self._place: Place | None = None
        self._coming: Place | None = None  # what was half typed at the last end waits for its field to be open
        self._editor: LineEdit | None = None
        self._said = ""
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._keep_typed)
        workbench.place_changed.connect(self._moved)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._watch)
        session.tasks.run(self, _recall, self._reopen)

    def _moved(self, record: str, record_id: bytes, name: str) -> None:
        from fieldapp.storage.place import Place

        session = self._session
        if session.household_id is None or not record_id:
            return
        self._remember(Place(session.village_code, session.household_id, record, RecordId(record_id), name))
        if self._coming is not None and (record, name) == (self._coming.record, self._coming.field):
            QTimer.singleShot(0, self, self._type_again)

    def _remember(self, place: Place) -> None:
        def work(store: Store) -> None:
            from fieldapp.storage.place import remember

            remember(store, place)

        self._place = place
        self._session.tasks.run(self, work, failed=self._not_remembered)

    def _not_remembered(self, error: FieldappError) -> None:
        if error.code not in PASSING:  # a full disk is told where it costs words, not for where the cursor stands
            self._session.failed.emit(error)

    # -- half typed
    def _watch(self, _: QWidget | None, now: QWidget | None) -> None:
        if now is self._editor:
            return
        if self._editor is not None:
            self._rest.stop()
            self._editor.textEdited.disconnect(self._rest.start)
            self._editor = None
            if self._place is not None and self._place.typed:  # its field was left, and is stored
                self._remember(replace(self._place, typed=""))
        if isinstance(now, LineEdit) and self._bench.page.isAncestorOf(now):
            self._editor = now
            now.textEdited.connect(self._rest.start)

    def _keep_typed(self) -> None:
        if self._editor is not None and self._place is not None and self._editor.isModified():
            self._remember(replace(self._place, typed=self._editor.text()))

    def _type_again(self) -> None:
        """As if the person had typed it: it is stored when the field is left, and Escape takes it back."""
        coming, self._coming = self._coming, None
        editor = QApplication.focusWidget()
        if coming is not None and isinstance(editor, LineEdit) and self._bench.page.isAncestorOf(editor):
            editor.selectAll()
            editor.insert(coming.typed)

    # -- the next start
    def _reopen(self, found: tuple[Place, list[Change]] | None) -> None:
        """Opens the last place again, and says so once: after a power cut nobody has to wonder what was kept."""
        if found is None:
            return
        place, stored = found
        if place.record_id is None:
            return
        self._coming = place if place.typed else None
        self._bench.open_place(place.village_code, place.household_id, place.record, place.record_id, place.field)
        if place.typed:
            self._tell(i18n.t("ui.reopened.typed"))
            return
        words = stored_words(stored, hidden=self._bench.page.hidden)
        self._tell(i18n.t("ui.reopened.stored", what=words) if words else i18n.t("ui.reopened"))

    def _tell(self, words: str) -> None:
        """Says it until the first field is stored: from then on the work itself shows where one is."""
        self._bench.page.tell(words)
        self._said = words
        self._session.stored.connect(self._untell)

    def _untell(self) -> None:
        self._session.stored.disconnect(self._untell)
        if self._bench.page.said == self._said:
            self._bench.page.tell("", 0)


def _recall(store: Store) -> tuple[Place, list[Change]] | None:
    from fieldapp.storage.place import recall

    place = recall(store)
    return (place, last_stored(store)) if place is not None else None
