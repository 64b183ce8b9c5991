"""Totals of a table by one of its columns (parcel, household, village), both numbers apart, discounted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from fieldapp.carbon.copies import Copies
from fieldapp.carbon.discount import discounted
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.rounding import rounded
from fieldapp.carbon.table import Block, TreeTable
from fieldapp.carbon.two_numbers import two_numbers
from fieldapp.carbon.uncertainty import Drawn, simulate, total_of_stems, totals
from fieldapp.domain.programme import Programme
from fieldapp.domain.totals import Total
from fieldapp.errors import ItemError

_NO_GROUP = "\0gone\0"  # of trees that are dead or gone; no cell of a table holds it


@dataclass(frozen=True, slots=True)
class Draws:
    """How often the Monte Carlo draws, and from which seed: the same seed gives the same digits."""

    number: int
    seed: int


def total_rows(
    table: TreeTable,
    estimator: RegistryEstimator,
    programme: Programme,
    column: str,
    draws: Draws | None = None,
    copies: Copies | None = None,
) -> list[dict[str, Any]]:
    """One row a group in the order of first appearance; an unknown column is an ItemError.

    `draws` sets a Monte Carlo beside the closed form: it takes every tree as often, and minutes for a village.
    `copies` counts the rows that stand there twice; they are in the totals, for nobody but a person can judge them.
    """
    if column not in table.header:
        raise ItemError("estimate_no_such_column", column=column, found=", ".join(table.header))
    at = table.header.index(column)
    found: dict[str, Total] = {}
    gone: Counter[str] = Counter()
    trees: dict[str, list[list[Drawn]]] = defaultdict(list)
    for block in table.blocks(estimator):
        if copies is not None:
            copies.look_at(block.rows)
        groups = [row[at].strip() for row in block.rows]
        for group in dict.fromkeys(groups):
            found.setdefault(group, Total())
        for place in block.gone:
            gone[groups[place]] += 1
            groups[place] = _NO_GROUP
        forked = {
            place: total_of_stems(estimator, block.tree(place), block.forked[place])
            for place in block.stems
            if not block.forked[place].error
        }
        for group, total in totals(block.estimates, groups, forked).items():
            if group != _NO_GROUP:
                found[group].add(total)
        if draws is not None:
            for place, group in enumerate(groups):
                trees[group] += [stems] if (stems := list(_drawn(estimator, block, place))) else []
    rows = {group: _row(column, group, total, programme, estimator) for group, total in found.items()}
    if table.state_at is not None:
        for group, row in rows.items():
            row["not_counted"] = gone[group]
    if draws is not None:
        for group, row in rows.items():
            row |= _simulated(trees[group], draws, estimator.registry.number("uncertainty", "z_90"))
    return list(rows.values())


def _drawn(estimator: RegistryEstimator, block: Block, place: int) -> Iterator[Drawn]:
    """The stems of a row as the Monte Carlo draws them; none of a refused row."""
    tree, stems = block.tree(place), block.stems.get(place)
    diameters = stems.diameters_cm if stems else (tree.dbh_cm,)
    for d_cm in diameters if not block.sink(place).error else ():
        filled, _how = estimator.with_height(replace(tree, dbh_cm=d_cm))
        route = estimator.plan(filled).route
        if route is not None and d_cm is not None:
            yield route, d_cm, filled.height_m if route.uses_height else None


def _simulated(trees: list[list[Drawn]], draws: Draws, z: float) -> dict[str, Any]:
    mean, half = simulate(trees, draws.number, draws.seed, z) if trees else (0.0, 0.0)
    return {
        "monte_carlo_co2e_kg": rounded(mean),
        "monte_carlo_half_width_kg": rounded(half),
        "monte_carlo_draws": draws.number,
        "monte_carlo_seed": draws.seed,
    }


def _row(column: str, group: str, total: Total, programme: Programme, estimator: RegistryEstimator) -> dict[str, Any]:
    both = two_numbers(programme, total, estimator.method_version)
    reported = discounted(total.co2e_kg, total.half_width_kg)
    return {
        column: group,
        "trees": total.trees,
        "refused": total.refused,
        "co2e_kg": rounded(both.computed.stock_kg),
        "co2e_low_kg": rounded(both.computed.low_kg),
        "co2e_high_kg": rounded(both.computed.high_kg),
        "random_half_width_kg": rounded(total.random_half_width_kg),
        "correlated_half_width_kg": rounded(total.correlated_half_width_kg),
        "discounted_co2e_kg": rounded(reported.value),
        "deducted_share": rounded(reported.deducted_share),
        "method_version": both.computed.method_version,
        "platform_co2e_kg_per_year": rounded(both.platform.co2e_kg),
        "platform_yuan_per_year": rounded(both.platform.yuan),
        "programme_version": both.platform.programme_version,
    }
