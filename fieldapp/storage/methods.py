"""Which methodology a sink is computed with: the one that the profile works with, or an older one of a household.

The files of every methodology that was ever in force lie in the encrypted database itself, so that a backup carries
them and a switch is one transaction with everything that belongs to it (docs/decisions/0014).
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping

import msgpack

from fieldapp.domain.ids import RecordId
from fieldapp.domain.sinks import Estimator, Method, Sink, SinkInput
from fieldapp.errors import FieldappError
from fieldapp.storage.connection import Connection

ACTIVE = "methodology"  # local setting: checksum of what drafts are computed with
FILES = "methodology_files:"  # + checksum: version and files
HOUSEHOLD = "methodology_of:"  # + household id: checksum of an older one, and DUE while an adoption is under way
DUE = "due"
UNREADABLE = "methodology_unreadable"
_OF_SQL = "SELECT (SELECT value FROM local WHERE key = ?), (SELECT value FROM local WHERE key = ?)"


class UnreadableMethod:
    """Stands for a kept methodology that this program cannot read: it says so, and computes nothing else instead."""

    def __init__(self, method_version: str) -> None:
        self.method_version = method_version

    def estimate(self, tree: SinkInput) -> Sink:
        """No numbers, and why."""
        nothing = (None,) * 6
        return Sink(tree.equation_id or "", "", *nothing, (), self.method_version, UNREADABLE)

    def shared_half_widths(
        self, _species: str, _equation_id: str, _flags: tuple[str, ...]
    ) -> Mapping[str, float] | None:
        """Not known."""
        return None


class Methods:
    """Estimators by the checksum of their methodology; shared by the connections of one profile."""

    def __init__(self, shipped: Estimator) -> None:
        self.shipped = shipped
        self.current = shipped  # what drafts are computed with, for those who have no connection at hand
        self._known: dict[str, Estimator] = {}
        # Asking a protocol costs 10 us, and every save of a measurement would ask twice.
        self._shipped = shipped if isinstance(shipped, Method) else None
        if self._shipped is not None:
            self._known[self._shipped.checksum] = shipped

    def active(self, connection: Connection) -> Estimator:
        """What drafts are computed with."""
        if self._shipped is None:
            return self.shipped
        return self._named(connection, _value(connection, ACTIVE))

    def of(self, connection: Connection, household_id: RecordId | None) -> Estimator:
        """What this household's trees are computed with; None are trees whose household is not known yet."""
        if self._shipped is None:
            return self.shipped
        return self.named(connection, *connection.execute(_OF_SQL, (household_key(household_id), ACTIVE)).fetchone())

    def named(self, connection: Connection, kept: str | None, active: str | None) -> Estimator:
        """The estimator by both settings: that of the household, if it has one, before that of the profile."""
        return self._named(connection, kept.split()[0] if kept else active or "")

    def _named(self, connection: Connection, checksum: str) -> Estimator:
        if not checksum or self._shipped is None:
            return self.shipped
        found = self._known.get(checksum)
        if found is None:
            found = self._known[checksum] = self._made_again(connection, checksum)
        return found

    def _made_again(self, connection: Connection, checksum: str) -> Estimator:
        assert self._shipped is not None
        version, contents = unpacked(_value(connection, FILES + checksum))
        try:
            return self._shipped.from_contents(contents)
        except FieldappError:  # a format that this program no longer, or does not yet, understands
            return UnreadableMethod(version or checksum[:12])


def household_key(household_id: RecordId | None) -> str:
    """The setting that names the methodology with which a household stays."""
    return HOUSEHOLD + (household_id.hex() if household_id is not None else "")


def packed(version: str, contents: Mapping[str, bytes]) -> str:
    """A methodology as the value of a setting."""
    return base64.b64encode(zlib.compress(msgpack.packb([version, dict(contents)]))).decode("ascii")


def unpacked(value: str) -> tuple[str, dict[str, bytes]]:
    """The opposite of `packed`; a damaged one has neither version nor files."""
    try:
        version, contents = msgpack.unpackb(zlib.decompress(base64.b64decode(value, validate=True)))
        return str(version), dict(contents)
    except (binascii.Error, zlib.error, ValueError, TypeError, msgpack.exceptions.UnpackException):
        return "", {}


def _value(connection: Connection, key: str) -> str:
    found = connection.execute("SELECT value FROM local WHERE key = ?", (key,)).fetchone()
    return str(found[0]) if found else ""
