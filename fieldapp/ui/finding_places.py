"""The places of a household that want a person, in the order in which they are gone through."""

from __future__ import annotations

from fieldapp.errors import Finding, Severity
from fieldapp.ui.desk import Desk
from fieldapp.ui.tree_model import TreeModel
from fieldapp.ui.tree_texts import all_findings, worst_first

_LOUD = (Severity.RED, Severity.AMBER)


def finding_places(desk: Desk, trees: TreeModel) -> list[tuple[str, bytes, Finding]]:
    """Record, id and worst finding of each place: household, members, papers, parcels, trees, then what was misread."""
    view = desk.view
    order: list[tuple[str, bytes]] = [("household", view.household.id)]
    order += [("member", member.id) for member in view.members]
    order += [("tenure", paper.id) for paper in view.tenures]
    order += [("parcel", parcel.id) for parcel in view.parcels]
    order += [("tree", row.tree.id) for row in desk.trees]
    loud = [
        (r, k, next((f for f in worst_first(desk.findings.get(k, [])) if f.severity in _LOUD), None)) for r, k in order
    ]
    typed = [trees.at(place) for place in range(trees.rowCount())]
    misread = [("tree", row.tree_id, all_findings(row)[0]) for row in typed if row is not None and row.misread]
    return [(record, key, finding) for record, key, finding in loud if finding is not None] + misread
