"""Where each line of what a ready household lacks is done: a field, a cell, or the button that adds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldapp.domain.ids import RecordId

if TYPE_CHECKING:
    from fieldapp.ui.readiness import Line
    from fieldapp.ui.workbench import Workbench


def go_to(bench: Workbench, line: Line) -> None:
    """Brings the cursor to the place of a line and says the line there once more."""
    page = bench.page
    if line.field == "trees":
        _begin_trees(bench)
    elif line.field in ("photo", "position"):
        _go_to_evidence(bench, line)
    elif line.field in ("tenure", "consent"):
        _go_to_papers(bench, line)
    else:
        page.go_to(line.record, RecordId(line.record_id), line.field)
    page.tell(line.words)


def _begin_trees(bench: Workbench) -> None:
    """Trees stand on a parcel."""
    desk = bench.page.desk
    if desk is not None and desk.view.parcels:
        bench.page.begin_tree()
    else:
        bench.recorder.add_parcel()


def _go_to_papers(bench: Workbench, line: Line) -> None:
    papers = bench.page.papers
    bench.page.show_tab("papers")
    kind = line.code.removeprefix("consent_").removesuffix("_missing")
    if not (line.field == "consent" and papers.focus_field(line.record_id, kind)):
        papers.add_button.setFocus()
        papers.ensureWidgetVisible(papers.add_button)


def _go_to_evidence(bench: Workbench, line: Line) -> None:
    """The pane beside the work, about the tree, parcel or household that lacks something."""
    page, evidence = bench.page, bench.evidence
    if line.record == "household":
        page.show_tab("household")
    else:
        page.go_to(line.record, RecordId(line.record_id), "tag" if line.record == "tree" else "place_name")
        page.leave_field()
    if evidence.isHidden():
        bench.toggle("evidence")
    (evidence.add_button if line.field == "photo" else evidence.position_button).setFocus()
