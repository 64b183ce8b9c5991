"""Brings photo files into the store: the original unchanged by its hash, a working copy, a thumbnail, the facts."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Photo
from fieldapp.errors import Finding, ItemError, Severity
from fieldapp.media.derive import derive_decoded
from fieldapp.media.facts import PhotoFacts
from fieldapp.media.folders import kind_not_taken
from fieldapp.media.inspect import examine

Put = Callable[[bytes], bytes]  # stores bytes and returns their SHA-256, as BlobStore.put does

MOST_BYTES = 200_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedPhoto:
    """A photo that lies in the store; the three hashes name its original, working copy and thumbnail."""

    facts: PhotoFacts
    sha256: bytes
    working_sha256: bytes
    thumbnail_sha256: bytes
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of one file: imported, the same as an earlier one, or refused with findings."""

    path: Path
    photo: ImportedPhoto | None
    findings: tuple[Finding, ...] = ()
    duplicate: bool = False


def read_photo(path: Path) -> bytes:
    """The bytes of a file that nobody is still writing. Raises ItemError that says what stands in the way."""
    try:
        before = path.stat()
        if not stat.S_ISREG(before.st_mode):  # a pipe or a device has no end, a folder no bytes
            raise ItemError("photo_file_unreadable")
        if before.st_size > MOST_BYTES:
            raise ItemError("photo_file_too_large", megabytes=before.st_size // 1_000_000)
        data = path.read_bytes()
        after = path.stat()
    except FileNotFoundError as error:
        raise ItemError("photo_file_missing") from error
    except OSError as error:
        raise ItemError("photo_file_unreadable") from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise ItemError("photo_still_growing")
    return data


def import_photo(path: Path, put: Put) -> ImportedPhoto:
    """Stores one photo. Raises ItemError with the red finding's code; a refused file leaves nothing behind."""
    return import_bytes(read_photo(path), put)


def import_bytes(data: bytes, put: Put) -> ImportedPhoto:
    """Stores a photo whose bytes are in memory; see `import_photo`."""
    facts, opened = examine(data)
    if opened.image is None or not facts.ok:
        raise ItemError(facts.findings[0].code)
    made = derive_decoded(opened.image, facts.orientation)
    return ImportedPhoto(
        facts=facts,
        sha256=put(data),
        working_sha256=put(made.working),
        thumbnail_sha256=put(made.thumbnail),
        size=len(data),
        media_type=facts.media_type,
    )


def import_many(
    paths: Iterable[Path],
    put: Put,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[ImportResult]:
    """One result per file, as each is done; a broken file stops nothing. `progress` gets (done, all).

    The same bytes under two names are stored and derived once: the later result says `duplicate`.
    """
    files = list(paths)
    known: dict[bytes, ImportedPhoto] = {}
    for done, path in enumerate(files, start=1):
        if cancelled():
            return
        yield _import_one(path, put, known)
        if progress is not None:
            progress(done, len(files))


def _import_one(path: Path, put: Put, known: dict[bytes, ImportedPhoto]) -> ImportResult:
    kind = kind_not_taken(path)
    if kind:
        return ImportResult(path, None, (Finding("photo_kind_not_taken", Severity.RED, params={"kind": kind}),))
    try:
        data = read_photo(path)
        same = known.get(hashlib.sha256(data).digest())
        if same is not None:
            return ImportResult(path, same, same.facts.findings, duplicate=True)
        photo = import_bytes(data, put)
    except ItemError as error:
        return ImportResult(path, None, (Finding(error.code, Severity.RED, params=error.params),))
    known[photo.sha256] = photo
    return ImportResult(path, photo, photo.facts.findings)


def to_record(imported: ImportedPhoto, village_code: str) -> Photo:
    """The fact to store, ready to be added; the same file on two laptops makes two facts with one hash."""
    facts = imported.facts
    return Photo(
        id=new_id(),
        village_code=village_code,
        sha256=imported.sha256,
        thumbnail_sha256=imported.thumbnail_sha256,
        working_sha256=imported.working_sha256,
        media_type=imported.media_type,
        size_bytes=imported.size,
        width=facts.width,
        height=facts.height,
        orientation=facts.orientation,
        taken_at_local=None if facts.taken_at is None else facts.taken_at + (facts.taken_at_zone or ""),
        lat=facts.lat,
        lon=facts.lon,
        alt_m=facts.alt_m,
        accuracy_m=facts.accuracy_m,
    )
