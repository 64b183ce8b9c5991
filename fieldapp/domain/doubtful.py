"""Which findings make a computed tree doubtful: a sum holds it all the same, and says of how many it is so."""

from __future__ import annotations

from collections.abc import Iterable

from fieldapp.errors import Finding

# out of the ordinary (dbh_range) is no doubt
CODES = frozenset(
    {
        "dbh_girth",
        "dbh_point",
        "dbh_age",
        "dbh_shrunk",
        "dbh_impossible",
        "height_ratio",
        "height_unit",
        "height_impossible",
    }
)


def is_doubtful(findings: Iterable[Finding]) -> bool:
    """Whether the diameter or the height of a tree with these findings cannot well be right."""
    return any(finding.code in CODES for finding in findings)


def earlier_to_compare(earlier_cm: float | None, stems: str | None) -> float | None:
    """The diameter of the visit before as the next one is judged by it.

    None where it was a girth taken for a diameter and has been set right: that tree did not shrink.
    """
    return None if earlier_cm is not None and stems == f"C{earlier_cm:g}" else earlier_cm
