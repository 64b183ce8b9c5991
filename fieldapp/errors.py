"""What can go wrong, said so that a surveyor knows what happened, whether data is safe, and what to do now.

Texts are catalogue keys (see `fieldapp.i18n`): an error is born in a layer that knows no language
and is put into words where it is shown. Parameters never hold personal data.
"""

from __future__ import annotations

import dataclasses
import errno
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any


class Severity(StrEnum):
    """How a finding is shown: red must be mended, amber wants a reason, grey is still missing."""

    RED = "red"
    AMBER = "amber"
    GREY = "grey"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the surveyor should look at; a value, never an exception, and it never blocks typing.

    `code` is stable and is the catalogue key `finding.<code>`; `field` names the record's field;
    `suggestion` is the likely right value, ready to be accepted.
    """

    code: str
    severity: Severity
    field: str = ""
    params: dict[str, Any] = dataclasses.field(default_factory=dict)
    suggestion: str = ""

    @property
    def key(self) -> str:
        """Catalogue key of the finding's sentence."""
        return f"finding.{self.code}"


class Others(int):
    """How many more there are; a text says so in its own words, `{more: (and # more)}`, or nothing for none."""

    def __format__(self, words: str) -> str:
        return words.replace("#", str(int(self))) if self else ""


class ExitCode(IntEnum):
    """Exit codes of the command line."""

    OK = 0
    REFUSED = 1
    USAGE = 2
    ENVIRONMENT = 3


class FieldappError(Exception):
    """Base of every error that a person is told about.

    `code` selects the catalogue texts `error.<code>.title`, `.message` and `.advice`; `params` fill them.
    """

    exit_code = ExitCode.REFUSED

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return f"{self.code} {self.params}" if self.params else self.code


class ItemError(FieldappError):
    """This record, file or row is refused; everything else goes on."""


class PauseError(FieldappError):
    """The network, the login or the other side is not ready; nothing is lost, it goes on later."""

    exit_code = ExitCode.ENVIRONMENT


class StorageError(FieldappError):
    """The disk, the key or the database stands in the way."""

    exit_code = ExitCode.ENVIRONMENT


class VersionError(FieldappError):
    """The file or the other side is newer (or too old) than this program understands."""

    exit_code = ExitCode.ENVIRONMENT


class UsageError(FieldappError):
    """The command was called wrongly."""

    exit_code = ExitCode.USAGE


def os_reason(error: OSError) -> str:
    """Why the operating system refused: the name of its error, as `reason` of ours, which the catalogue words (`os.`).

    Its own English words where it gives no number.
    """
    if isinstance(error, TimeoutError):
        return "ETIMEDOUT"
    return errno.errorcode.get(error.errno or 0, "") or error.strerror or str(error)
