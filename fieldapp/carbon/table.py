"""`fieldapp estimate` without its words: a CSV of trees in, the same rows with their sinks out, block by block.

Columns may stand in any order and under their Chinese names; unknown ones are passed through. A bad row
gets its error and the other rows go on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from fieldapp.carbon import states
from fieldapp.carbon.bulk import ColumnEstimator, Inputs
from fieldapp.carbon.cells import MODELLED, OUTPUTS, UNITS, no_number, read_number
from fieldapp.carbon.doubts import AGE_TOO_YOUNG, DBH_GIRTH, GIRTH_DIFFERS, Doubts
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.estimates import Estimates
from fieldapp.carbon.headings import places_of
from fieldapp.carbon.kept_curve import FROM_CURVE
from fieldapp.carbon.limits import refused_age, refused_girth
from fieldapp.carbon.parcel_curves import ParcelCurve, parcel_curves
from fieldapp.carbon.registry import Registry
from fieldapp.carbon.stems import estimate_stems
from fieldapp.domain import programme
from fieldapp.domain.sinks import Sink, SinkInput
from fieldapp.domain.stems import GIRTH, Stems, diameter_of_girth, read_stems
from fieldapp.errors import Finding, ItemError
from fieldapp.tables import Row, Table

GIVEN = "_given"
BLOCK_ROWS = 20_000  # keeps a block's columns in the processor's cache and memory flat for any file


@dataclass(slots=True)
class Block:
    """Some rows of the table with what was computed for them; errors are codes."""

    rows: list[list[str]]
    inputs: Inputs
    estimates: Estimates
    errors: dict[int, str]
    marks: dict[int, str] = field(default_factory=dict)  # how a value came about: from a girth, from a curve
    ages: list[float | None] | None = None
    forked: dict[int, Sink] = field(default_factory=dict)  # trees of several stems, each computed on its own
    stems: dict[int, Stems] = field(default_factory=dict)  # what was measured on them
    doubts: dict[int, list[str]] = field(default_factory=dict)  # marks of values that somebody should look at
    gone: frozenset[int] = frozenset()  # trees that are dead, felled or lost, by the table's own word

    def tree(self, place: int) -> SinkInput:
        """One row as the single estimate takes it."""
        columns = self.inputs
        return SinkInput(
            columns.species[place],
            columns.dbh_cm[place],
            columns.height_m[place],
            columns.wood_density[place] if columns.wood_density is not None else None,
            (columns.equation[place] or None) if columns.equation is not None else None,
            columns.height_curve[place] if columns.height_curve is not None else None,
        )

    def sink(self, place: int) -> Sink:
        """The sink of one row, with the marks of how it was typed and of what is doubtful in it."""
        sink = self.forked.get(place) or self.estimates.sink(place)
        if sink.error or (place not in self.marks and place not in self.doubts):
            return sink
        marks = [self.marks[place]] if place in self.marks else []
        return replace(sink, flags=tuple(dict.fromkeys((*marks, *sink.flags, *self.doubts.get(place, ())))))

    def ask(self, doubts: Doubts) -> None:
        """Marks the rows whose diameter or height somebody should look at."""
        columns = zip(self.inputs.dbh_cm, self.inputs.height_m, strict=True)
        odd = [(place, d, h) for place, (d, h) in enumerate(columns) if d is not None and doubts.may_be_odd(d, h)]
        for place, d, h in odd:
            if place in self.estimates.refused or place in self.forked:
                continue
            found = doubts.asked(self.inputs.species[place], d, h, self.ages[place] if self.ages is not None else None)
            # a diameter that came from a girth is none itself
            if found and (found != (DBH_GIRTH,) or self.marks.get(place) != "girth"):
                self.doubts.setdefault(place, []).extend(found)


class TreeTable:
    """A CSV of trees as text; a table without the needed columns is an ItemError."""

    def __init__(self, text: str) -> None:
        self._table = Table(text)
        self.delimiter = self._table.delimiter
        header = self._table.header
        names, outputs = [name.strip().lower() for name in header], {*OUTPUTS, MODELLED}
        is_result = "method_version" in names  # of an earlier run: its results are replaced
        self._kept = [place for place, name in enumerate(names) if not (is_result and name in outputs)]
        # a column of the table's own, such as a tree's status, is no result: it stays under a name of its own
        self.header = [header[at].strip() + GIVEN if names[at] in outputs else header[at] for at in self._kept]
        self._read: list[Row] | None = None
        self._from_curve: dict[int, str] = {}
        self._at = places_of(self.header)
        self.has_age = self._at["age"] is not None
        self.state_at = states.place_of(self.header)
        if self._at["species"] is None or (self._at["dbh_cm"] is None and self._at["girth_cm"] is None):
            raise ItemError("estimate_columns_missing", found=", ".join(self.header) or "-")

    def blocks(self, estimator: RegistryEstimator) -> Iterator[Block]:
        """The table's rows with their sinks, at most `BLOCK_ROWS` at a time."""
        columns = ColumnEstimator(estimator)
        doubts = Doubts(estimator.registry, programme.load())
        start, rows = 0, self._rows()
        while block := list(islice(rows, BLOCK_ROWS)):
            done = self._block(columns, estimator, block, start)
            done.ask(doubts)
            if (at := self.state_at) is not None:
                done.gone = frozenset(place for place, row in enumerate(done.rows) if states.is_gone(row[at]))
                for place in done.gone:
                    done.doubts.setdefault(place, []).append(states.NOT_COUNTED)
            for place in self._differing(done, doubts):
                done.doubts.setdefault(place, []).append(GIRTH_DIFFERS)
            yield done
            start += len(block)

    def fit_heights(self, registry: Registry) -> list[ParcelCurve]:
        """Fills missing heights parcel by parcel where there are enough; the whole table is read for it."""
        self._read = list(self._rows())
        rows = [row.cells for row in self._read]
        d, _girths = self._diameters(rows, {})
        h, species = self._numbers("height_m", rows, {}), self._texts("species", rows)
        trees = {
            place: (parcel, SinkInput(species[place], d[place], h[place]))
            for place, parcel in enumerate(self._texts("parcel", rows))
            if not self._read[place].fault
        }
        found, self._from_curve = parcel_curves(registry, trees)
        return found

    def _rows(self) -> Iterator[Row]:
        """The rows under the kept columns: those of an earlier result are left out."""
        if self._read is not None:
            return iter(self._read)
        if len(self._kept) == len(self._table.header):
            return self._table.rows()
        return (Row([row.cells[place] for place in self._kept], row.fault) for row in self._table.rows())

    def _block(self, columns: ColumnEstimator, estimator: RegistryEstimator, block: list[Row], start: int) -> Block:
        rows = [row.cells for row in block]
        errors = {place: row.fault for place, row in enumerate(block) if row.fault}
        d, marks = self._diameters(rows, errors)
        stems = self._stems(rows, errors, d, marks)
        h = self._numbers("height_m", rows, errors)
        curves = [self._from_curve.get(start + place) for place in range(len(rows))] if self._from_curve else None
        for place, curve in enumerate(curves or ()):
            if curve is not None:
                marks.setdefault(place, FROM_CURVE)
        inputs = Inputs(
            species=self._texts("species", rows),
            dbh_cm=d,
            height_m=h,
            wood_density=self._present("wood_density", self._numbers("wood_density", rows, errors)),
            equation=self._texts("equation", rows) if self._at["equation"] is not None else None,
            height_curve=curves,
        )
        ages = self._numbers("age", rows, errors)
        for place, age in enumerate(ages):
            if age is not None and (code := refused_age(age)):
                errors.setdefault(place, code)
        estimates = columns.estimate(inputs)
        for place, code in errors.items():
            estimates.refuse([place], estimator.refused(code))
        done = Block(rows, inputs, estimates, errors, marks, self._present("age", ages))
        done.doubts = {place: [AGE_TOO_YOUNG] for place, age in enumerate(ages) if age is not None and age < 1}
        for place, measured in stems.items():
            if place not in estimates.refused:
                done.forked[place] = estimate_stems(estimator, done.tree(place), measured.diameters_cm)
                done.stems[place] = measured
                if done.forked[place].error:
                    estimates.refuse([place], done.forked[place])
        return done

    def _stems(
        self, rows: list[list[str]], errors: dict[int, str], d: list[float | None], marks: dict[int, str]
    ) -> dict[int, Stems]:
        """The stems of trees that fork below breast height: `6.5+7.2`; a girth there too: `C20`."""
        found = {}
        for column in ("dbh_cm", "girth_cm"):
            at = self._at[column]
            refused = [place for place, code in errors.items() if code == no_number(column)]
            for place in refused if at is not None else ():
                stems = read_stems(GIRTH * (column == "girth_cm") + rows[place][at or 0])
                if isinstance(stems, Finding):
                    continue
                del errors[place]
                d[place] = stems.dbh_cm
                if any(stems.girths):
                    marks[place] = "girth"
                if len(stems.sizes) > 1:
                    found[place] = stems
        return found

    def _diameters(self, rows: list[list[str]], errors: dict[int, str]) -> tuple[list[float | None], dict[int, str]]:
        """Diameters, from a girth where only that was measured, and the rows where it was."""
        d = self._numbers("dbh_cm", rows, errors)
        girths = {}
        for place, girth in enumerate(self._numbers("girth_cm", rows, errors)):
            if d[place] is None and girth is not None and place not in errors:
                refused = refused_girth(girth)
                if refused:
                    errors[place] = refused
                    continue
                d[place] = diameter_of_girth(girth)
                girths[place] = "girth"
        return d, girths

    def _differing(self, block: Block, doubts: Doubts) -> list[int]:
        """Rows with a diameter and a girth that cannot both be right; the diameter was computed with."""
        if self._at["girth_cm"] is None or self._at["dbh_cm"] is None:
            return []
        girths = self._numbers("girth_cm", block.rows, {})
        columns = enumerate(zip(block.inputs.dbh_cm, girths, strict=True))
        return [
            place for place, (d, girth) in columns if d is not None and girth is not None and doubts.differ(d, girth)
        ]

    def _texts(self, column: str, rows: list[list[str]]) -> list[str]:
        at = self._at[column]
        return [""] * len(rows) if at is None else [row[at].strip() for row in rows]

    def _numbers(self, column: str, rows: list[list[str]], errors: dict[int, str]) -> list[float | None]:
        at = self._at[column]
        numbers: list[float | None] = []
        if at is None:
            return [None] * len(rows)
        code = no_number(column)
        for place, row in enumerate(rows):
            cell = row[at]
            try:
                number = read_number(cell, UNITS[column])
            except ValueError:
                number = None
                errors.setdefault(place, code)
            numbers.append(number)
        return numbers

    def _present(self, column: str, values: list[float | None]) -> list[float | None] | None:
        return None if self._at[column] is None else values
