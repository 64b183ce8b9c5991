"""The lines of a household's history, read in one go; what comes by the hundred is one line a day. No words yet."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldapp.domain.ids import RecordId
    from fieldapp.storage.attached import Attached
    from fieldapp.storage.store import Store
    from fieldapp.storage.views import HistoryRow


@dataclass(frozen=True, slots=True)
class About:
    """A tree, parcel or household; `name` is the tree's tag or the parcel's place name."""

    subject: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change of one record, `name` tells parcels and trees apart; or many of one day, told by their number `n`."""

    record: str
    name: str
    row: HistoryRow
    n: int = 0
    about: tuple[About, ...] = ()  # what a photo, position, event or remark is about


def read_history(store: Store, household_id: RecordId) -> list[HistoryLine]:
    """What was done to a household, its parcels, papers, consents, members, trees and photos, the oldest first."""
    from fieldapp.storage.attached import attached
    from fieldapp.storage.history import of_household
    from fieldapp.storage.tree_history import tree_history

    of_trees = tree_history(store, household_id)
    lines = [HistoryLine(*change) for change in (*of_household(store, household_id), *of_trees.changes)]
    lines += _by_day([HistoryLine("tree", "", row) for row in of_trees.recorded])
    lines += attached_lines(attached(store, household_id))
    return sorted(lines, key=lambda line: line.row.written_ms)


def attached_lines(found: Iterable[Attached]) -> list[HistoryLine]:
    """Photos and first positions by person and day, every later change for itself; a position alone is told in full."""
    lines: list[HistoryLine] = []
    many: dict[str, list[HistoryLine]] = {"photo_link": [], "position": []}
    for one in found:
        line = HistoryLine(one.record, "", one.row, about=(About(one.subject, one.name),))
        by_day = one.row.added and (one.record == "photo_link" or (one.record == "position" and one.first))
        (many[one.record] if by_day else lines).append(line)
    lines += _by_day(many["photo_link"])
    lines += [replace(line, n=0) if line.n == 1 else line for line in _by_day(many["position"])]
    return lines


def _by_day(lines: Sequence[HistoryLine]) -> list[HistoryLine]:
    """A line for each person and day; 450 of them would hide every change."""
    days: dict[tuple[str, dt.date], list[HistoryLine]] = defaultdict(list)
    for line in lines:
        days[line.row.person, dt.datetime.fromtimestamp(line.row.written_ms / 1000).date()].append(line)
    return [
        replace(max(of_day, key=lambda line: line.row.written_ms), n=len(of_day), about=_all_about(of_day))
        for of_day in days.values()
    ]


def _all_about(lines: Iterable[HistoryLine]) -> tuple[About, ...]:
    return tuple(dict.fromkeys(about for line in lines for about in line.about))
