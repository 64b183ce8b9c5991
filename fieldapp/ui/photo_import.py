"""Photos from a folder, a card or the hand: decoded in the pool, stored one by one, broken ones told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from fieldapp.domain.ids import RecordId, new_id
from fieldapp.domain.records import Photo, PhotoLink
from fieldapp.errors import FieldappError, Finding
from fieldapp.ui import photo_journal
from fieldapp.ui.evidence import Subject
from fieldapp.ui.photo_outcome import Outcome
from fieldapp.ui.tasks import Cancel

if TYPE_CHECKING:
    from fieldapp.media.importing import ImportResult
    from fieldapp.storage.store import Store
    from fieldapp.ui.session import Session


@dataclass(frozen=True, slots=True)
class _Read:
    files: list[Path]
    others: int  # files of the folders that are no pictures
    refused: dict[int, tuple[str, Finding]]
    stopped: bool


class PhotoImport(QObject):
    """One import at a time; each photo is durable as soon as it is counted."""

    progressed = Signal(int, int)
    ended = Signal(object)  # Outcome

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._cancel: Cancel | None = None
        self.leaving = False  # stopped because the profile is being left: its journal is kept for the next start
        self.counted = (0, 0)
        self._same = 0  # counted on the store's thread

    @property
    def running(self) -> bool:
        """Whether an import runs."""
        return self._cancel is not None

    def stop(self) -> None:
        """Ends after the photo that is being read; what is stored stays."""
        if self._cancel is not None:
            self._cancel.set()

    def start(self, paths: Sequence[Path], subject: Subject, village_code: str = "") -> bool:
        """Begins to import files and folders for a subject; False while another import runs."""
        if self.running:
            return False
        tasks, code = self._session.tasks, village_code or self._session.village_code
        cancel = self._cancel = tasks.cancel_token()
        self._progress((0, 0))

        def decode(store: Store) -> None:
            photo_journal.begin(store, paths, subject, code)
            self._same = 0
            blobs = store.blobs
            tasks.aside(self, lambda: self._decode(paths, blobs.put, subject, code, cancel), self._end, self._failed)

        tasks.run(self, decode, failed=self._failed)
        return True

    def _decode(
        self, paths: Sequence[Path], put: Callable[[bytes], bytes], subject: Subject, code: str, cancel: Cancel
    ) -> _Read:
        from fieldapp.media.folders import look_through
        from fieldapp.media.importing import import_many  # Pillow comes with it: not at start

        tasks = self._session.tasks
        refused: dict[int, tuple[str, Finding]] = {}
        found = look_through(paths)
        files = found.pictures
        tasks.tell(self, self._note, (files, subject, code))
        for number, result in enumerate(import_many(files, put, cancelled=cancel)):
            if result.photo is None:
                refused[number] = (result.path.name, result.findings[0])
            else:
                tasks.tell(self, self._store, (number, result, subject, code))
            tasks.tell(self, self._progress, (number + 1, len(files)))
        return _Read(files, found.others, refused, cancel.is_set())

    def _note(self, found: tuple[list[Path], Subject, str]) -> None:
        files, subject, code = found
        self._session.tasks.run(self, lambda store: photo_journal.begin(store, files, subject, code))

    def _store(self, found: tuple[int, ImportResult, Subject, str]) -> None:
        number, result, subject, code = found

        def work(store: Store) -> None:
            self._same += not store_photo(store, result, subject, code)
            photo_journal.cross_off(store, number)

        self._session.act(work)

    def _progress(self, counted: tuple[int, int]) -> None:
        self.counted = counted
        self.progressed.emit(*counted)

    def _end(self, read: _Read) -> None:
        """Ends when the last photo is stored: a disk that was full leaves files that were read and not taken."""

        def work(store: Store) -> Outcome:
            unfinished = photo_journal.unfinished(store)
            numbers = set(unfinished.numbers if unfinished is not None else ()) - read.refused.keys()
            if not self.leaving:
                photo_journal.forget(store)  # the person is told now
            left = tuple(read.files[number] for number in sorted(numbers))
            stored = len(read.files) - len(read.refused) - len(left)
            return Outcome(stored, tuple(read.refused.values()), read.stopped, left, self._same, read.others)

        self._session.tasks.run(self, work, self._told, self._failed)

    def _told(self, outcome: Outcome) -> None:
        self._cancel = None
        self.ended.emit(outcome)

    def _failed(self, error: FieldappError) -> None:
        self._cancel = None
        self.ended.emit(Outcome(0, (), True))
        self._session.failed.emit(error)


def store_photo(store: Store, result: ImportResult, subject: Subject, village_code: str) -> bool:
    """Stores a photo's facts and what it shows; False where the subject has this very photo already."""
    from fieldapp.media.importing import to_record
    from fieldapp.storage import reads

    if result.photo is None:
        return False
    record = to_record(result.photo, village_code)
    if any(row.sha256 == record.sha256 for row in reads.photos(store, subject.id)):
        return False
    with store.unit() as unit:
        if store.get(Photo, record.id) is None:
            unit.add(record)
        unit.add(_link(record.id, subject, village_code))
        unit.commit()
    return True


def _link(photo_id: RecordId, subject: Subject, village_code: str) -> PhotoLink:
    return PhotoLink(
        id=new_id(), village_code=village_code, photo_id=photo_id, subject=subject.kind, subject_id=subject.id
    )
