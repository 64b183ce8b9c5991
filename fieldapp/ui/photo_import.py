"""Photos from a folder, a card or the hand: decoded in the pool, stored one by one, broken ones told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from fieldapp.domain.ids import RecordId, new_id
from fieldapp.domain.records import Photo, PhotoLink
from fieldapp.errors import FieldappError, Finding, StorageError
from fieldapp.ui import photo_doubts, photo_journal
from fieldapp.ui.evidence import Subject
from fieldapp.ui.photo_outcome import Outcome
from fieldapp.ui.tasks import Cancel

if TYPE_CHECKING:
    from fieldapp.media.importing import ImportResult
    from fieldapp.storage.store import Store
    from fieldapp.ui.session import Session


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the photos of the running import show."""

    subject: Subject
    village_code: str


@dataclass(frozen=True, slots=True)
class _Read:
    files: list[Path]
    others: int  # files of the folders that are no pictures
    refused: dict[int, tuple[str, Finding]]
    stopped: bool


@dataclass(slots=True)
class _Taken:
    """What the store holds by now; touched on its thread only."""

    numbers: set[int] = field(default_factory=set)
    same: int = 0
    doubts: list[tuple[str, Finding]] = field(default_factory=list)


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
        self._taken = _Taken()
        self._refusal: FieldappError | None = None  # the first thing that ended the running import

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
        tasks, asked = self._session.tasks, _Asked(subject, village_code or self._session.village_code)
        cancel = self._cancel = tasks.cancel_token()
        self._taken, self._refusal = _Taken(), None
        self._progress((0, 0))
        end = partial(self._end, asked)

        def decode(store: Store) -> None:
            self._begin(store, paths, asked)
            blobs = store.blobs
            tasks.aside(self, lambda: self._decode(paths, blobs.put, asked, cancel), end, self._failed)

        tasks.run(self, decode, failed=self._failed)
        return True

    def _begin(self, store: Store, files: Sequence[Path], asked: _Asked) -> None:
        """Writes the journal; a disk that does not even take that ends the import before its first photo."""
        try:
            photo_journal.begin(store, files, asked.subject, asked.village_code)
        except StorageError as error:
            self._refuse(error)

    def _refuse(self, error: FieldappError) -> None:
        """Ends the import for something that the next photo would meet too; called from any thread."""
        if self._refusal is None:
            self._refusal = error
        self.stop()

    def _decode(self, paths: Sequence[Path], put: Callable[[bytes], bytes], asked: _Asked, cancel: Cancel) -> _Read:
        from fieldapp.media.folders import look_through
        from fieldapp.media.importing import import_many  # Pillow comes with it: not at start

        tasks = self._session.tasks
        refused: dict[int, tuple[str, Finding]] = {}
        found = look_through(paths)
        files = found.pictures
        tasks.tell(self, self._note, (files, asked))
        try:
            for number, result in enumerate(import_many(files, put, cancelled=cancel)):
                if result.photo is None:
                    refused[number] = (result.path.name, result.findings[0])
                else:
                    tasks.tell(self, self._store, (number, result, asked))
                tasks.tell(self, self._progress, (number + 1, len(files)))
        except StorageError as error:
            self._refuse(error)
        return _Read(files, found.others, refused, cancel.is_set())

    def _note(self, found: tuple[list[Path], _Asked]) -> None:
        files, asked = found
        self._session.tasks.run(self, lambda store: self._begin(store, files, asked))

    def _store(self, found: tuple[int, ImportResult, _Asked]) -> None:
        number, result, asked = found
        taken = self._taken

        def work(store: Store) -> bool:
            try:
                taken.same += not store_photo(store, result, asked.subject, asked.village_code)
                taken.numbers.add(number)
                taken.doubts += _doubts(store, result, asked.subject)
                photo_journal.cross_off(store, number)
            except StorageError as error:
                self._refuse(error)
                return False
            return True

        self._session.tasks.run(self, work, self._kept)

    def _kept(self, is_stored: bool) -> None:
        if is_stored:
            self._session.stored.emit()
            self._session.refresh()

    def _progress(self, counted: tuple[int, int]) -> None:
        self.counted = counted
        self.progressed.emit(*counted)

    def _end(self, asked: _Asked, read: _Read) -> None:
        """Ends when the last photo is stored: a disk that was full leaves files that were read and not taken."""
        self._session.tasks.run(self, lambda store: self._close(store, asked, read), self._told, self._failed)

    def _close(self, store: Store, asked: _Asked, read: _Read) -> Outcome:
        done = self._taken.numbers | read.refused.keys()
        left = tuple(file for number, file in enumerate(read.files) if number not in done)
        if not self.leaving and self._refusal is None:
            photo_journal.forget(
                store
            )  # the person is told now; what a full disk left is offered at the next start too
        return Outcome(
            stored=len(self._taken.numbers),
            refused=tuple(read.refused.values()),
            stopped=read.stopped and self._refusal is None,
            left=left,
            same=self._taken.same,
            doubts=tuple(self._taken.doubts),
            others=read.others,
            refusal=self._refusal,
            left_bytes=sum(map(_size, left)),
            subject=asked.subject,
            village_code=asked.village_code,
        )

    def _told(self, outcome: Outcome) -> None:
        self._cancel = None
        self.ended.emit(outcome)

    def _failed(self, error: FieldappError) -> None:
        self._cancel = None
        self.ended.emit(Outcome(len(self._taken.numbers), (), False, same=self._taken.same, refusal=error))


def _doubts(store: Store, result: ImportResult, subject: Subject) -> list[tuple[str, Finding]]:
    if result.photo is None:
        return []
    facts = result.photo.facts
    here = photo_doubts.doubts(store, subject.kind, subject.id, result.photo.sha256, facts.taken_at)
    return [(result.path.name, finding) for finding in (*here, *facts.findings)]


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0  # the card is out


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
