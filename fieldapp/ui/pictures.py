"""Pictures out of the profile: decrypted and decoded in the pool, remembered in bounded memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from fieldapp.errors import StorageError
from fieldapp.ui.tasks import Tasks

if TYPE_CHECKING:
    from fieldapp.storage.blobs import BlobStore

_KEPT = 60


class Pictures(QObject):
    """Fetches thumbnails and working copies; a file that is not there yet is None, never an error in the way."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._blobs: BlobStore | None = None
        self._known: OrderedDict[bytes, QImage] = OrderedDict()

    def use(self, blobs: BlobStore | None) -> None:
        """Takes pictures from another profile."""
        self._blobs = blobs
        self._known.clear()

    def fetch(
        self,
        owner: QObject,
        sha256: bytes | None,
        done: Callable[[QImage | None], None],
        instead: bytes | None = None,
    ) -> None:
        """Calls `done` with the picture of this hash, at once when it is remembered; `instead` where it is not here.

        Of photos that others took, a laptop holds the thumbnail alone.
        """
        blobs = self._blobs
        wanted = [one for one in (sha256, instead) if one is not None]
        if not wanted or blobs is None:
            done(None)
            return
        if wanted[0] in self._known:
            self._known.move_to_end(wanted[0])
            done(self._known[wanted[0]])
            return

        def work() -> tuple[bytes, QImage] | None:
            for one in wanted:
                image = _decode(blobs, one)
                if image is not None:
                    return one, image
            return None

        def arrived(found: tuple[bytes, QImage] | None) -> None:
            if found is not None:
                self._known[found[0]] = found[1]
                while len(self._known) > _KEPT:
                    self._known.popitem(last=False)
            done(found[1] if found is not None else None)

        self._tasks.aside(owner, work, arrived)


def _decode(blobs: BlobStore, sha256: bytes) -> QImage | None:
    try:
        image = QImage.fromData(blobs.get(sha256))
    except StorageError:
        return None  # not received yet, or damaged: `fieldapp verify` names it
    return None if image.isNull() else image
