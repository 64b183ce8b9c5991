"""Totals of a table by one of its columns (parcel, household, village), both numbers apart, discounted."""

from __future__ import annotations

from typing import Any

from fieldapp.carbon.bulk import ColumnEstimator
from fieldapp.carbon.discount import discounted
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.steps import rounded
from fieldapp.carbon.table import TreeTable
from fieldapp.carbon.two_numbers import two_numbers
from fieldapp.carbon.uncertainty import total_of_stems, totals
from fieldapp.domain.programme import Programme
from fieldapp.domain.totals import Total
from fieldapp.errors import ItemError


def total_rows(
    table: TreeTable, estimator: RegistryEstimator, programme: Programme, column: str
) -> list[dict[str, Any]]:
    """One row a group in the order of first appearance; an unknown column is an ItemError."""
    if column not in table.header:
        raise ItemError("estimate_no_such_column", column=column, found=", ".join(table.header))
    at = table.header.index(column)
    found: dict[str, Total] = {}
    columns = ColumnEstimator(estimator)
    for block in table.blocks(estimator):
        groups = [row[at].strip() for row in block.rows]
        for group in dict.fromkeys(groups):
            found.setdefault(group, Total())
        forked = {
            place: total_of_stems(columns, block.tree(place), stems)
            for place, stems in block.stems_cm.items()
            if not block.forked[place].error
        }
        for group, total in totals(block.estimates, groups, forked).items():
            found[group].add(total)
    return [_row(column, group, total, programme, estimator) for group, total in found.items()]


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
