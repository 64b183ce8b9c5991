"""Says on standard error how a table was understood, where that is not the plain case."""

from __future__ import annotations

import sys

from fieldapp.i18n import t
from fieldapp.tables import Text


def tell_reading(source: Text, delimiter: str) -> None:
    """One line for an encoding or separator that had to be recognised, one for signs that could not be read."""
    if (source.encoding, delimiter) != ("utf-8", ","):
        between = t("command.table.tab") if delimiter == "\t" else delimiter
        print(t("command.table.read_as", encoding=source.encoding.upper(), delimiter=between), file=sys.stderr)
    if source.unreadable:
        print(t("command.table.unreadable", n=source.unreadable), file=sys.stderr)
