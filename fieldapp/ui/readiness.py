"""What stands between a household and being ready: one line for each thing, the heaviest first. Pure.

Red must be mended, amber wants a reason, grey is still missing; what is the same in many trees is one line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from fieldapp import i18n
from fieldapp.domain.checks import STANDING, handed_in
from fieldapp.errors import Finding, Severity
from fieldapp.ui.desk import REMARK
from fieldapp.ui.finding_places import where_words
from fieldapp.ui.form_fields import SEVERITY_ORDER
from fieldapp.ui.shown import NOTES, brief_words

if TYPE_CHECKING:
    from fieldapp.ui.desk import Desk

# a sentence answers a remark; a curve, or an equation without height, does without a height
_NOT_LISTED = frozenset({REMARK, "height_missing", *NOTES})


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do first: what it is, and the record and field where it is done."""

    severity: Severity
    words: str
    record: str
    record_id: bytes
    field: str
    code: str
    n: int = 1  # how many findings it stands for: the list of households counts them one by one


def readiness(desk: Desk) -> list[Line]:
    """Everything that a person should know before the household is handed in; empty when it is complete.

    Remarks of the review are not among it: they are answered by a sentence.
    """
    found = sorted(_found(desk), key=lambda place: SEVERITY_ORDER.index(place[2].severity))
    lines = []
    for (severity, record, _, alone), group in groupby(_neighbours(found), key=_kind):
        same = list(group)
        _, key, finding = same[0]
        where = where_words(desk, record, key, finding.field)
        if len(same) > 1 and not alone:
            where = i18n.t("ui.ready.and_more", first=where, n=len(same))
        words = i18n.t("ui.marked", severity=where, words=brief_words(finding))
        lines.append(Line(severity, words, record, key, finding.field, finding.code, len(same)))
    return lines


_Place = tuple[str, bytes, Finding]


def _kind(place: _Place) -> tuple[Severity, str, str, bytes]:
    """What makes several findings one line: the same of several trees; everything else stands alone."""
    record, key, finding = place
    return finding.severity, record, finding.code, b"" if record == "tree" else key


def _neighbours(found: list[_Place]) -> list[_Place]:
    """The same findings one after the other, in the order in which the first of them came."""
    first: dict[tuple[Severity, str, str, bytes], int] = {}
    for number, place in enumerate(found):
        first.setdefault(_kind(place), number)
    return sorted(found, key=lambda place: first[_kind(place)])


def _found(desk: Desk) -> Iterator[_Place]:
    """Findings of every record, then what only matters now."""
    view = desk.view
    order: list[tuple[str, bytes]] = [("household", view.household.id)]
    order += [("member", member.id) for member in view.members]
    order += [("tenure", paper.id) for paper in view.tenures]
    order += [("parcel", parcel.id) for parcel in view.parcels]
    order += [("tree", row.tree.id) for row in desk.trees]
    for record, key in order:
        for finding in desk.findings.get(key, ()):
            if finding.code not in _NOT_LISTED:
                yield record, key, handed_in(finding)
    yield from _of_household(desk)
    for row in desk.trees:
        if row.tree.state in STANDING and not row.photos:
            yield "tree", row.tree.id, Finding("photo_missing", Severity.GREY, "photo")


def _of_household(desk: Desk) -> Iterator[_Place]:
    """Neighbours stand closer than a receiver can tell: the place of its parcel is enough for a tree."""
    household = desk.view.household.id
    nowhere = Finding("position_missing", Severity.GREY, "position")
    if not desk.photos:
        yield "household", household, Finding("photo_missing", Severity.GREY, "photo")
    if not desk.trees:
        yield "household", household, Finding("trees_missing", Severity.GREY, "trees")
        if not desk.positions:
            yield "household", household, nowhere
    for parcel in desk.view.parcels:
        trees = (row for row in desk.trees if row.tree.parcel_id == parcel.id and row.tree.state in STANDING)
        if parcel.id not in desk.positions and any(row.lat is None for row in trees):
            yield "parcel", parcel.id, nowhere
