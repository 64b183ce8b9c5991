"""`fieldapp estimate --compare`: every tree with all equations that apply to it, tree by tree."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

from fieldapp.carbon.cells import OUTPUTS, result_cells
from fieldapp.carbon.compare import Comparison, compare
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.table import Block, TreeTable
from fieldapp.carbon.words import comparison_dict, comparison_lines, error_sentence
from fieldapp.commands.json_rows import JsonRows
from fieldapp.errors import ExitCode
from fieldapp.geo.files import writing
from fieldapp.i18n import t


@dataclass(slots=True)
class Counts:
    """How many rows there were, and how many have no result."""

    rows: int = 0
    refused: int = 0


def print_comparisons(args: argparse.Namespace, table: TreeTable, estimator: RegistryEstimator) -> int:
    """Prints every tree with all equations that apply to it, tree by tree; a file gets a line a tree and equation."""
    counts = Counts()
    with JsonRows(wanted=args.json) as listed, writing(args.out, "utf-8") if args.out else nullcontext() as file:
        lines = csv.writer(file, lineterminator="\n") if file is not None else None
        if lines is not None:
            lines.writerow([*table.header, "chosen", *OUTPUTS])
        for row, result in _compared(table, estimator):
            if lines is not None:
                lines.writerows(_comparison_cells(row, result))
            elif not args.json:
                print(*([""] if counts.rows else []), *comparison_lines(result), sep="\n")
            if args.json:
                listed.put(_comparison_row(table, row, result) | {"method_version": estimator.method_version})
            counts.rows += 1
            counts.refused += bool(result.error)
    print(t("command.estimate.done", rows=counts.rows, refused=counts.refused), file=sys.stderr)
    return ExitCode.REFUSED if counts.refused else ExitCode.OK


def _compared(table: TreeTable, estimator: RegistryEstimator) -> Iterator[tuple[list[str], Comparison]]:
    for block in table.blocks(estimator):
        for place, row in enumerate(block.rows):
            tree, error = block.tree(place), _refused_row(block, place)
            if place in block.forked:  # no stem has the diameter that stands for all of them
                tree = replace(tree, dbh_cm=None)
            yield row, Comparison(tree, (), error) if error else compare(estimator, tree)


def _comparison_row(table: TreeTable, row: list[str], result: Comparison) -> dict[str, Any]:
    """The tree's own cells, such as its tag, with the comparison; a cell that is no number stays as it was written."""
    cells = dict(zip(table.header, row, strict=True))
    found = comparison_dict(result)
    return cells | {name: value for name, value in found.items() if value is not None or not cells.get(name)}


def _refused_row(block: Block, place: int) -> str:
    return block.errors.get(place, "carbon_forked_compare" if place in block.forked else "")


def _comparison_cells(row: list[str], result: Comparison) -> Iterator[list[Any]]:
    if result.error:
        yield [*row, "", *[""] * (len(OUTPUTS) - 1), error_sentence(result.error)]
        return
    for line in result.lines:
        yield [*row, int(line.chosen), *result_cells(line.sink, "")]
