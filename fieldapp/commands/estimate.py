"""`fieldapp estimate`: the sinks of a table of trees; a row that cannot be computed says why and the others go on."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import Any, TextIO

from fieldapp.carbon.cells import MODELLED, OUTPUTS, result_cells
from fieldapp.carbon.copies import Copies
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.height_curve import MIN_HEIGHTS
from fieldapp.carbon.parcel_curves import ParcelCurve
from fieldapp.carbon.reports import Draws, total_rows
from fieldapp.carbon.rounding import rounded
from fieldapp.carbon.row_results import curve_dict, result_dict, sink_and_year
from fieldapp.carbon.since_table import change_rows
from fieldapp.carbon.table import Block, TreeTable
from fieldapp.carbon.words import error_sentence
from fieldapp.commands.estimate_compare import Counts, print_comparisons
from fieldapp.commands.json_rows import JsonRows
from fieldapp.commands.methodology_in_use import registry_in_use
from fieldapp.commands.reading import tell_reading
from fieldapp.domain import programme
from fieldapp.errors import ExitCode, UsageError
from fieldapp.geo.files import read_bytes, write_text, writing
from fieldapp.i18n import t
from fieldapp.tables import read_text

JsonRow = dict[str, Any]


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.description = t("command.estimate.summary")
    parser.add_argument("file", metavar="FILE.csv", help=t("command.estimate.file"))
    parser.add_argument("--out", metavar="OUT.csv", help=t("command.estimate.out"))
    parser.add_argument("--compare", action="store_true", help=t("command.estimate.compare"))
    parser.add_argument("--totals", metavar="COLUMN", help=t("command.estimate.totals"))
    parser.add_argument("--monte-carlo", type=int, metavar="N", help=t("command.estimate.monte_carlo"))
    parser.add_argument("--seed", type=int, default=1, metavar="S", help=t("command.estimate.seed"))
    parser.add_argument("--since", metavar="FIRST.csv", help=t("command.estimate.since"))
    parser.add_argument("--years", type=float, metavar="T", help=t("command.estimate.years"))
    parser.add_argument("--fit-heights", action="store_true", help=t("command.estimate.fit_heights"))
    parser.add_argument("--allow-memory", action="store_true", help=t("command.estimate.allow_memory"))
    parser.add_argument("--methodology", type=Path, metavar="DIR", help=t("command.methodology.folder"))
    parser.add_argument("--json", action="store_true", help=t("command.estimate.json"))


def run(args: argparse.Namespace) -> int:
    """Estimates every row; 1 when some have no result."""
    _refuse_what_excludes_itself(args)
    estimator = RegistryEstimator(registry_in_use(args.methodology), allow_memory=args.allow_memory)
    source = read_text(read_bytes(args.file), Path(args.file).name)
    table = TreeTable(source.text)
    tell_reading(source, table.delimiter)
    source = replace(source, text="")  # the table has its own copy, row by row
    if args.fit_heights:
        _tell_curves(table.fit_heights(estimator.registry))
    counts = Counts()
    if args.since or args.years is not None:
        return _since(args, table, estimator)
    if args.monte_carlo is not None and (args.monte_carlo < 2 or not args.totals):
        raise UsageError("estimate_monte_carlo_what")
    if args.totals:
        return _totals(args, table, estimator)
    if args.compare:
        return print_comparisons(args, table, estimator)
    blocks = _counted(table.blocks(estimator), counts)
    with JsonRows(wanted=args.json) as listed:
        if args.out:
            # spreadsheets want a mark at the beginning; a file gets one when the table came with one
            with writing(args.out, "utf-8-sig" if source.marked else "utf-8") as file:
                _write_csv(file, table, estimator, blocks, listed)
        elif args.json:
            _put_rows(table, estimator, blocks, listed)
        else:
            _write_csv(sys.stdout, table, estimator, blocks, listed)
    print(t("command.estimate.done", rows=counts.rows, refused=counts.refused), file=sys.stderr)
    return ExitCode.REFUSED if counts.refused else ExitCode.OK


def _refuse_what_excludes_itself(args: argparse.Namespace) -> None:
    """UsageError for two outputs at once: one of them would be passed over in silence."""
    asked = "--since" if args.since else "--totals" if args.totals else ""
    idle = ["--compare"] if asked and args.compare else []
    idle += ["--monte-carlo"] if args.since and args.monte_carlo is not None else []
    if idle:
        raise UsageError("estimate_idle", names=", ".join(idle), asked=asked)
    if (asked or args.compare) and args.out and any(_is_same(args.out, name) for name in (args.file, args.since)):
        raise UsageError("estimate_over_source", name=Path(args.out).name)


def _is_same(out: str, source: str | None) -> bool:
    """Whether the result would take the place of a table that it does not hold."""
    there = source is not None and Path(out).is_file() and Path(source).is_file()
    return there and Path(out).samefile(source or "")


def _totals(args: argparse.Namespace, table: TreeTable, estimator: RegistryEstimator) -> int:
    """Prints the totals of each group of rows, the computed and the platform's number beside each other."""
    draws = None if args.monte_carlo is None else Draws(args.monte_carlo, args.seed)
    copies = Copies(table.header)
    rows = total_rows(table, estimator, programme.load(), args.totals, draws, copies)
    _print_rows(args, rows)
    if copies.number:
        print(t("command.estimate.copies", n=copies.number, tree=copies.first), file=sys.stderr)
    seen = sum(row["trees"] + row["refused"] + row.get("not_counted", 0) for row in rows)
    counts = Counts(seen, sum(row["refused"] for row in rows))
    print(t("command.estimate.done", rows=counts.rows, refused=counts.refused), file=sys.stderr)
    return ExitCode.REFUSED if counts.refused else ExitCode.OK


def _since(args: argparse.Namespace, table: TreeTable, estimator: RegistryEstimator) -> int:
    """Prints what changed since an earlier table, by group where one is named; never for a single tree."""
    if not args.since or args.years is None or not isfinite(args.years) or args.years <= 0:
        raise UsageError("estimate_since_what")
    source = read_text(read_bytes(args.since), Path(args.since).name)
    earlier = TreeTable(source.text)
    tell_reading(source, earlier.delimiter)
    if args.fit_heights:
        _tell_curves(earlier.fit_heights(estimator.registry))
    rows = change_rows(earlier, table, estimator, args.years, args.totals)
    _print_rows(args, rows)
    thinner, refused = (sum(row[name] for row in rows) for name in ("thinner", "refused"))
    print(t("command.estimate.changed", thinner=thinner, refused=refused), file=sys.stderr)
    return ExitCode.REFUSED if refused else ExitCode.OK


def _print_rows(args: argparse.Namespace, rows: list[JsonRow]) -> None:
    """Rows of sums as a table into the file or onto the screen, or as JSON."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]) if rows else [args.totals or "trees"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    if args.out:
        write_text(args.out, text.getvalue(), "utf-8")
    if args.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    elif not args.out:
        sys.stdout.write(text.getvalue())


def _tell_curves(curves: list[ParcelCurve]) -> None:
    """Says which heights come from a curve, and which parcels lack heights for one, on standard error."""
    for one in curves:
        words = {"parcel": one.parcel or "-", "species": one.species, "n": one.heights}
        if one.curve is not None:
            numbers = {"rmse": f"{one.curve.rmse_m:.2f}", "a": one.curve.a, "b": one.curve.b}
            print(t("command.estimate.curve", filled=one.filled, **numbers, **words), file=sys.stderr)
        elif one.missing:
            key = "command.estimate.few_heights" if one.heights < MIN_HEIGHTS else "command.estimate.odd_heights"
            print(t(key, least=MIN_HEIGHTS, missing=one.missing, **words), file=sys.stderr)
    if not any(one.curve for one in curves):
        print(t("command.estimate.no_curve", least=MIN_HEIGHTS), file=sys.stderr)


def _counted(blocks: Iterator[Block], counts: Counts) -> Iterator[Block]:
    for block in blocks:
        counts.rows += len(block.rows)
        counts.refused += len(block.estimates.refused)
        yield block


def _write_csv(
    file: TextIO, table: TreeTable, estimator: RegistryEstimator, blocks: Iterator[Block], listed: JsonRows
) -> None:
    """Writes the table row by row, and the same rows as JSON where somebody wants them too."""
    writer = csv.writer(file, lineterminator="\n")
    modelled = (MODELLED,) if table.has_age else ()
    writer.writerow([*table.header, *OUTPUTS, *modelled])
    for block in blocks:
        writer.writerows(_cells(estimator, block, place) for place in range(len(block.rows)))
        if listed.wanted:
            _put_rows(table, estimator, iter([block]), listed)


def _put_rows(table: TreeTable, estimator: RegistryEstimator, blocks: Iterator[Block], listed: JsonRows) -> None:
    for block in blocks:
        for row in _json_rows(table, estimator, block):
            listed.put(row)


def _cells(estimator: RegistryEstimator, block: Block, place: int) -> list[str]:
    sink, yearly = sink_and_year(estimator, block, place)
    cells = [*block.rows[place], *result_cells(sink, error_sentence(sink.error))]
    if block.ages is not None:
        cells.append("" if yearly is None else f"{yearly:.3f}")
    return cells


def _json_rows(table: TreeTable, estimator: RegistryEstimator, block: Block) -> Iterator[JsonRow]:
    for place, row in enumerate(block.rows):
        sink, yearly = sink_and_year(estimator, block, place)
        year = {MODELLED: rounded(yearly)} if block.ages is not None else {}
        yield dict(zip(table.header, row, strict=True)) | result_dict(sink) | year | curve_dict(block, place)
