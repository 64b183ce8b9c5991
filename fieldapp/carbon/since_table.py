"""`fieldapp estimate --since`: what changed between two tables of the same trees, for sums and never for one tree.

Trees are matched by their code or tag, within their group where there is one. A tree that is missing in the later
table, or stands there as dead or gone, died or was felled; one that is new was planted. A row without a usable
measurement is left out of both ends, counted and named, so a tree that nobody measured again is no loss; likewise a
tree whose species changed between the tables (another tree, or misnamed), one that stands twice in a table, and one
without a name. A tree that forks is its stems added up in both tables; one that has more or fewer stems than it had is
in the sum, and named.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from fieldapp.carbon.copies import KEYS
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.growth import (
    SPECIES_CHANGED,
    Change,
    Remeasured,
    shrunk,
    species_changed,
    stems_changed,
    stock_change,
)
from fieldapp.carbon.rounding import rounded
from fieldapp.carbon.table import TreeTable
from fieldapp.carbon.words import error_sentence
from fieldapp.domain.sinks import SinkInput
from fieldapp.errors import ItemError

Key = tuple[str, str]  # group, tree
TWICE, NAMELESS = "carbon_tree_twice", "carbon_tree_nameless"


def change_rows(
    earlier: TreeTable, later: TreeTable, estimator: RegistryEstimator, years: float, column: str | None
) -> list[dict[str, Any]]:
    """One row a group (or one of all trees): the change between the tables, per year, with both parts of its range."""
    first, second = _trees(earlier, estimator, column), _trees(later, estimator, column)
    pairs: dict[str, list[Remeasured]] = defaultdict(list)
    unusable: dict[str, list[str]] = defaultdict(list)
    thinner: dict[str, list[str]] = defaultdict(list)
    other_stems: dict[str, list[str]] = defaultdict(list)
    for key in dict.fromkeys((*first, *second)):
        tree, error = _pair(estimator, first.get(key), second.get(key))
        if error:
            unusable[key[0]].append(f"{key[1]}: {error_sentence(error)}")
        else:
            pairs[key[0]].append(tree)
            thinner[key[0]] += [key[1]] if shrunk(tree) else []
            other_stems[key[0]] += [key[1]] if stems_changed(tree) else []
    groups = dict.fromkeys(key[0] for key in (*first, *second))
    return [
        ({column: group} if column else {})
        | _row(stock_change(estimator, pairs[group], years), len(unusable[group]), estimator)
        | {"thinner_trees": ";".join(thinner[group]), "other_stems_trees": ";".join(other_stems[group])}
        | {"refused_trees": "; ".join(unusable[group])}
        for group in groups
    ]


def _pair(
    estimator: RegistryEstimator, first: SinkInput | str | None, second: SinkInput | str | None
) -> tuple[Remeasured, str]:
    """The tree at both ends, and "" or why it is left out."""
    for end in (first, second):
        if isinstance(end, str):
            return Remeasured(None, None), end
    assert not isinstance(first, str)
    assert not isinstance(second, str)
    tree = Remeasured(first, second)
    return tree, SPECIES_CHANGED if species_changed(estimator, tree) else ""


def _row(change: Change, unusable: int, estimator: RegistryEstimator) -> dict[str, Any]:
    yearly = change.yearly_kg
    half = None if yearly is None else change.half_width_kg / change.years
    # a single tree's change is mostly measurement error: its cells stay empty
    told = yearly is not None
    return {
        "years": rounded(change.years),
        "trees": change.trees,
        "lost": change.lost,
        "planted": change.planted,
        "refused": len(change.refused) + unusable,
        "thinner": len(change.findings),
        "change_co2e_kg": rounded(change.change_kg) if told else None,
        "yearly_co2e_kg": rounded(yearly),
        "yearly_low_kg": rounded(None if yearly is None or half is None else yearly - half),
        "yearly_high_kg": rounded(None if yearly is None or half is None else yearly + half),
        "random_half_width_kg": rounded(change.random_half_width_kg) if told else None,
        "correlated_half_width_kg": rounded(change.correlated_half_width_kg) if told else None,
        "method_version": estimator.method_version,
    }


def _trees(table: TreeTable, estimator: RegistryEstimator, column: str | None) -> dict[Key, SinkInput | str]:
    """The trees of a table by group and name, with why a row cannot be used; a row without a name by its number."""
    at = _place_of_key(table)
    group_at = _place_of_group(table, column)
    found: dict[Key, SinkInput | str] = {}
    count = 0
    for block in table.blocks(estimator):
        for place, row in enumerate(block.rows):
            count += 1
            if place in block.gone:
                continue  # as if it were missing: it died or was felled
            group, name = "" if group_at is None else row[group_at].strip(), row[at].strip()
            if not name:
                found[group, f"#{count}"] = NAMELESS
                continue
            if (group, name) in found:
                found[group, name] = TWICE  # nobody knows which of them is the one of the other table
                continue
            key = group, name
            stems = block.stems.get(place)
            found[key] = block.sink(place).error or replace(block.tree(place), stems=stems.text if stems else None)
    return found


def _place_of_key(table: TreeTable) -> int:
    names = [name.strip().lower() for name in table.header]
    name = next((known for known in KEYS if known in names), None)
    if name is None:
        raise ItemError("estimate_tree_names_missing", found=", ".join(table.header))
    return names.index(name)


def _place_of_group(table: TreeTable, column: str | None) -> int | None:
    if column is None:
        return None
    if column not in table.header:
        raise ItemError("estimate_no_such_column", column=column, found=", ".join(table.header))
    return table.header.index(column)
