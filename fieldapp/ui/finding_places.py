"""The places of a household that want a person, the order in which they are gone through, and how far one has come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fieldapp import i18n
from fieldapp.domain.records import Parcel, Record, Tenure, Tree
from fieldapp.errors import Finding, Severity
from fieldapp.ui.shown import finding_words
from fieldapp.ui.tree_texts import all_findings, worst_first

if TYPE_CHECKING:
    from fieldapp.ui.desk import Desk
    from fieldapp.ui.tree_model import TreeModel

_LOUD = (Severity.RED, Severity.AMBER)
Place = tuple[str, bytes, Finding]  # record, id, the worst finding of one field


def finding_places(desk: Desk, trees: TreeModel) -> list[Place]:
    """Every field with something red or amber: household, members, papers, parcels, trees, then what is being typed."""
    view = desk.view
    order: list[tuple[str, bytes]] = [("household", view.household.id)]
    order += [("member", member.id) for member in view.members]
    order += [("tenure", paper.id) for paper in view.tenures]
    order += [("parcel", parcel.id) for parcel in view.parcels]
    order += [("tree", row.tree.id) for row in desk.trees]
    places = [(record, key, f) for record, key in order for f in _by_field(desk.findings.get(key, []))]
    known = {(key, finding.field) for _, key, finding in places}
    typed = [row for place in range(trees.rowCount()) if (row := trees.at(place)) is not None and row.misread]
    fresh: list[Place] = [("tree", row.tree_id, f) for row in typed for f in _by_field(all_findings(row))]
    return places + [place for place in fresh if (place[1], place[2].field) not in known]


def _by_field(findings: Sequence[Finding]) -> list[Finding]:
    found: dict[str, Finding] = {}
    for finding in worst_first(findings):
        if finding.severity in _LOUD:
            found.setdefault(finding.field, finding)
    return list(found.values())


def place_words(desk: Desk, place: Place) -> str:
    """Where a finding is, the record by its name and the field, and what it says; of a tree all that is found in it."""
    record, key, finding = place
    where = where_words(desk, record, key, finding.field)
    beside = [f for f in _by_field(desk.findings.get(key, [])) if record == "tree" and f.field != finding.field]
    return i18n.t("ui.marked", severity=where, words=" · ".join(finding_words(f) for f in (finding, *beside)))


def where_words(desk: Desk, record: str, key: bytes, field: str) -> str:
    """A record by its kind and name, and a field of it."""
    parts = [f"{i18n.t(f'record.{record}')} {_name(desk, key)}".strip()]
    labels = [f"field.{kind}.{field}" for kind in (record, "measurement", "position")]
    return " · ".join(parts + [i18n.t(label) for label in labels if field and i18n.has(label)][:1])


def _name(desk: Desk, key: bytes) -> str:
    view = desk.view
    records: tuple[Record, ...] = (*view.tenures, *view.parcels, *(row.tree for row in desk.trees))
    one = next((record for record in records if record.id == key), None)
    if isinstance(one, Parcel):
        return one.place_name or i18n.t("ui.parcel.no_name")
    return (one.number if isinstance(one, Tenure) else one.tag if isinstance(one, Tree) else "") or ""


class FindingWalk:
    """Goes from one place to the next and round again, from where the cursor stands."""

    def __init__(self) -> None:
        self._cursor: tuple[bytes, str] = (b"", "")
        self._arrived: tuple[bytes, str] | None = None  # where the cursor stood after the last step
        self._last, self._last_number = (b"", ""), 0

    def entered(self, key: bytes, name: str) -> None:
        """The cursor stands in another field."""
        self._cursor = (key, name)

    def arrived(self) -> None:
        """The step has been made: while the cursor stays, the next one goes on from here."""
        self._arrived = self._cursor

    def following(self, places: Sequence[Place]) -> Place | None:
        """The next place, None when there is none."""
        if not places:
            return None
        keys = [(key, finding.field) for _, key, finding in places]
        if self._arrived is not None and self._cursor == self._arrived:
            # a place that was mended is not there any more: the one after it has moved up
            number = keys.index(self._last) + 1 if self._last in keys else self._last_number
        elif self._cursor in keys:
            number = keys.index(self._cursor) + 1
        else:
            number = next((n for n, (key, _) in enumerate(keys) if key == self._cursor[0]), 0)
        self._last_number = number % len(places)
        self._last = keys[self._last_number]
        return places[self._last_number]
