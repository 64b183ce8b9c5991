"""Photos from a folder, a card or the hand: decoded in the pool, stored one by one, broken ones told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from fieldapp import i18n
from fieldapp.domain.ids import RecordId, new_id
from fieldapp.domain.records import Photo, PhotoLink
from fieldapp.errors import FieldappError, Finding
from fieldapp.ui.evidence import Subject
from fieldapp.ui.shown import finding_words
from fieldapp.ui.tasks import Cancel

if TYPE_CHECKING:
    from fieldapp.media.importing import ImportResult
    from fieldapp.storage.store import Store
    from fieldapp.ui.session import Session


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an import ended: photos stored, files refused with their findings, whether it was stopped."""

    stored: int
    refused: tuple[tuple[str, Finding], ...]
    stopped: bool


class PhotoImport(QObject):
    """One import at a time; each photo is durable as soon as it is counted."""

    progressed = Signal(int, int)
    ended = Signal(object)  # Outcome

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._cancel: Cancel | None = None

    @property
    def running(self) -> bool:
        """Whether an import runs."""
        return self._cancel is not None

    def stop(self) -> None:
        """Ends after the photo that is being read; what is stored stays."""
        if self._cancel is not None:
            self._cancel.set()

    def start(self, paths: Sequence[Path], subject: Subject) -> bool:
        """Begins to import files and folders for a subject; False while another import runs."""
        if self.running:
            return False
        tasks, code = self._session.tasks, self._session.village_code
        cancel = self._cancel = tasks.cancel_token()
        self.progressed.emit(0, 0)

        def decode(store: Store) -> None:
            blobs = store.blobs
            tasks.aside(self, lambda: self._decode(paths, blobs.put, subject, code, cancel), self._end, self._failed)

        tasks.run(self, decode)
        return True

    def _decode(self, paths: Sequence[Path], put: object, subject: Subject, code: str, cancel: Cancel) -> Outcome:
        from fieldapp.media.importing import import_many, photo_files  # Pillow comes with it: not at start

        tasks = self._session.tasks
        refused: list[tuple[str, Finding]] = []
        stored = 0
        files = photo_files(paths)
        results = import_many(files, put, cancelled=cancel)  # type: ignore[arg-type]
        for done, result in enumerate(results, start=1):
            if result.photo is None:
                refused += [(result.path.name, finding) for finding in result.findings[:1]]
            else:
                stored += 1
                tasks.tell(self, self._store, (result, subject, code))
            tasks.tell(self, self._progress, (done, len(files)))
        return Outcome(stored, tuple(refused), cancel.is_set())

    def _store(self, found: tuple[ImportResult, Subject, str]) -> None:
        result, subject, code = found
        self._session.act(lambda store: store_photo(store, result, subject, code))

    def _progress(self, counted: tuple[int, int]) -> None:
        self.progressed.emit(*counted)

    def _end(self, outcome: Outcome) -> None:
        self._cancel = None
        self.ended.emit(outcome)

    def _failed(self, error: FieldappError) -> None:
        self._cancel = None
        self.ended.emit(Outcome(0, (), True))
        self._session.failed.emit(error)


def store_photo(store: Store, result: ImportResult, subject: Subject, village_code: str) -> None:
    """Stores a photo's facts and what it shows; the same photo on the same subject is stored once."""
    from fieldapp.media.importing import to_record
    from fieldapp.storage import reads

    if result.photo is None:
        return
    record = to_record(result.photo, village_code)
    if any(row.sha256 == record.sha256 for row in reads.photos(store, subject.id)):
        return
    with store.unit() as unit:
        if store.get(Photo, record.id) is None:
            unit.add(record)
        unit.add(_link(record.id, subject, village_code))
        unit.commit()


def _link(photo_id: RecordId, subject: Subject, village_code: str) -> PhotoLink:
    return PhotoLink(
        id=new_id(), village_code=village_code, photo_id=photo_id, subject=subject.kind, subject_id=subject.id
    )


def outcome_words(outcome: Outcome) -> str:
    """What became of an import, with every refused file and its reason."""
    lines = [i18n.t("ui.photos.stored", n=outcome.stored)]
    if outcome.stopped:
        lines.append(i18n.t("ui.photos.stopped"))
    lines += [f"{name}: {_reason(finding)}" for name, finding in outcome.refused]
    return "\n".join(lines)


def _reason(finding: Finding) -> str:
    if i18n.has(finding.key):
        return finding_words(finding)
    return i18n.t(f"error.{finding.code}.message", **finding.params)
