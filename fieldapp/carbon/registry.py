"""The methodology as data: species, equations, densities, factors and references, with look-ups by name and group."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from fieldapp import paths
from fieldapp.carbon import forms, tables
from fieldapp.carbon.entries import Curve, Density, Equation, Factor, Reference, Species, WorkedValue
from fieldapp.carbon.names import Names
from fieldapp.carbon.seal import is_broken
from fieldapp.carbon.tables import ColumnNote
from fieldapp.errors import ItemError

ANY = "any"
_TYPES = {
    "str": "text",
    "tuple[str, ...]": "list",
    "float": "number",
    "float | None": "optional number",
    "int | None": "optional integer",
    "Decimal": "exact number",
    "dict[str, Decimal]": "coefficients",
    "Status": "status",
}


class Registry:
    """One version of a methodology, read once and never changed."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self.contents = dict(contents)
        self.is_changed = False  # its files are not those that its version was published with
        self.about = tables.read_version(contents)
        self.dictionary: list[ColumnNote] = tables.read_dictionary(contents)
        _refuse_other_types(self.dictionary)
        # every row as it stands, also the second of two with one id: the check looks at them
        self.rows: dict[str, list[Any]] = {name: self._table(name) for name in tables.ENTRIES}
        self.species_list: list[Species] = self.rows["species.csv"]
        _refuse_unusable(self.rows["equations.csv"])
        self.equations: dict[str, Equation] = {e.id: e for e in self.rows["equations.csv"]}
        self.densities: dict[str, Density] = {d.species: d for d in self.rows["densities.csv"]}
        self.factors: list[Factor] = self.rows["factors.csv"]
        self.curves: dict[str, Curve] = {c.taxon: c for c in self.rows["curves.csv"]}
        self.references: dict[str, Reference] = {r.id: r for r in self.rows["references.csv"]}
        self.worked: list[WorkedValue] = self.rows["worked.csv"]
        self._names = Names(self.species_list)
        self._by_allodb = {e.allodb_id: e for e in self.equations.values() if e.allodb_id}
        self._factor = {(f.set, f.quantity, f.taxon): f for f in self.factors}
        self._by_taxon: dict[str, list[Equation]] = defaultdict(list)
        for equation in self.equations.values():
            self._by_taxon[equation.taxon].append(equation)

    @property
    def version(self) -> str:
        """What every result names: the methodology and its version, and that its files are not those of the version."""
        named = f"{self.about['name']}-{self.about['version']}" if "name" in self.about else self.about["version"]
        return f"{named}+changed.{self.checksum[:8]}" if self.is_changed else named

    @cached_property
    def checksum(self) -> str:
        """SHA-256 over the names and bytes of all files."""
        total = hashlib.sha256()
        for name in sorted(self.contents):
            total.update(f"{name}\0{len(self.contents[name])}\0".encode() + self.contents[name])
        return total.hexdigest()

    def species(self, name: str) -> Species | None:
        """The species by a name as people write it; None when the registry does not know it."""
        return self._names.find(name)[0]

    def read_species(self, name: str) -> tuple[Species | None, str]:
        """The species, and the mark that a reading of the name leaves or the code why there is none."""
        return self._names.find(name)

    def equation(self, name: str) -> Equation | None:
        """The equation by its id, or by the row of the compilation that carries it."""
        plain = name.strip()
        return self.equations.get(plain) or self._by_allodb.get(plain) or self._by_allodb.get(plain.lower())

    def equations_for(self, species: Species) -> list[Equation]:
        """Every equation fitted to the species, one of its groups or trees in general."""
        return [equation for taxon in taxa(species) for equation in self._by_taxon.get(taxon, ())]

    def factor(self, set_name: str, quantity: str, taxon_names: Iterable[str] = (ANY,)) -> Factor | None:
        """The factor of the first taxon that has one."""
        for taxon in taxon_names:
            if (found := self._factor.get((set_name, quantity, taxon))) is not None:
                return found
        return None

    def curve_for(self, name: str) -> Curve | None:
        """The growth curve of a species, its group or trees in general."""
        species = self.species(name)
        return next((self.curves[taxon] for taxon in taxa(species) if taxon in self.curves), None) if species else None

    def number(self, set_name: str, quantity: str) -> float:
        """A factor that a registry must have for all trees; a missing one is an ItemError."""
        return float(self.need(set_name, quantity).value)

    def need(self, set_name: str, quantity: str, taxon_names: Iterable[str] = (ANY,)) -> Factor:
        """The factor of the first taxon that has one; without any an ItemError."""
        found = self.factor(set_name, quantity, taxon_names)
        if found is None:
            raise ItemError("methodology_incomplete", quantity=quantity)
        return found

    def _table(self, name: str) -> list[Any]:
        return tables.read_table(self.contents, name, self.dictionary)


def taxa(species: Species) -> tuple[str, ...]:
    """What equations and factors may be filed under for this species, the closest first."""
    return (species.id, *species.groups, ANY)


def load(folder: Path | None = None) -> Registry:
    """The registry of a folder, by default the one that is shipped; a damaged one is an ItemError."""
    known = Registry(tables.read_folder(folder or paths.resources() / "species"))
    known.is_changed = folder is None and is_broken(paths.resources() / "species", known)
    return known


def _refuse_unusable(equations: list[Equation]) -> None:
    """Equations whose form, coefficients and inputs do not go together would fail at the first tree."""
    for line, equation in enumerate(equations, start=2):
        if column := forms.fault(equation.form, equation.coefficients, equation.inputs):
            raise ItemError("methodology_unreadable", file="equations.csv", line=line, column=column)


def _refuse_other_types(dictionary: list[ColumnNote]) -> None:
    """The dictionary may explain the columns, but not make a text of a number."""
    for line, note in enumerate(dictionary, start=2):
        columns = tables.ENTRIES.get(note.file)
        expected = _TYPES.get(str(columns.__annotations__.get(note.column))) if columns else None
        if expected != note.type:
            raise ItemError("methodology_unreadable", file=tables.DICTIONARY, line=line, column="type")
