"""What an import still has to take, kept in the profile: no end of the program loses a file without a word.

Written before the first file is read and crossed off with each photo that is stored; after a kill, a power cut or
a stop, what is left can be named and taken later. The profile is encrypted: file names are nobody else's business.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fieldapp.domain.ids import RecordId
from fieldapp.ui.evidence import Subject

if TYPE_CHECKING:
    from fieldapp.storage.store import Store

_FILES, _LEFT = "photos:import", "photos:import:left"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An import that ended before its time: what its photos show, its files, and the numbers of those not taken."""

    subject: Subject
    village_code: str
    files: tuple[Path, ...]
    numbers: tuple[int, ...]

    @property
    def left(self) -> tuple[Path, ...]:
        """The files that were not taken."""
        return tuple(self.files[number] for number in self.numbers)


def begin(store: Store, files: Sequence[Path], subject: Subject, village_code: str) -> None:
    """Notes what is to be taken."""
    about = {"kind": subject.kind, "id": subject.id.hex(), "title": subject.title, "village": village_code}
    store.set_setting(_LEFT, json.dumps(list(range(len(files)))))
    store.set_setting(_FILES, json.dumps({**about, "files": [str(file) for file in files]}))


def cross_off(store: Store, number: int) -> None:
    """Notes that the file of this number is stored."""
    left = json.loads(store.setting(_LEFT, "[]"))
    store.set_setting(_LEFT, json.dumps([one for one in left if one != number]))


def unfinished(store: Store) -> Unfinished | None:
    """What an import left; None when there was none or it took everything."""
    noted = store.setting(_FILES)
    if not noted:
        return None
    read = json.loads(noted)
    files = tuple(Path(file) for file in read["files"])
    left = tuple(number for number in json.loads(store.setting(_LEFT, "[]")) if number < len(files))
    subject = Subject(read["kind"], RecordId(bytes.fromhex(read["id"])), read["title"])
    return Unfinished(subject, read["village"], files, left) if left else None


def forget(store: Store) -> None:
    """Ends the journal: everything was taken, or a person was told and decided."""
    store.set_setting(_FILES, "")
