"""The methodologies that a server holds: its own, and those by which it can repeat what a laptop computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import sqlalchemy as sa

from fieldapp.carbon.bulk import ColumnEstimator, Inputs
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import load
from fieldapp.carbon.tables import VERSION
from fieldapp.domain.sinks import method_name
from fieldapp.server.schema import RECORDS, SINK

FOLDER = "methodologies"  # in the data folder: what `fieldapp methodology load --into` lays down there
_TREE, _PARCEL = RECORDS["tree"], RECORDS["parcel"]


class Methods:
    """Estimators by the name that laptops use, `version@checksum`."""

    def __init__(self, own: RegistryEstimator | None = None, others: Iterable[RegistryEstimator] = ()) -> None:
        self.own = "" if own is None else method_name(own)
        every = ([] if own is None else [own]) + list(others)
        self._known: Mapping[str, RegistryEstimator] = {method_name(one): one for one in every}

    @property
    def names(self) -> list[str]:
        """What is held, the server's own first."""
        return list(self._known)

    def named(self, name: str) -> RegistryEstimator | None:
        """The methodology of exactly that version and checksum; None when it is not on this server."""
        return self._known.get(name)


def read_folders(folders: Iterable[Path]) -> list[RegistryEstimator]:
    """The methodologies in these folders or one step below them; a damaged one is an ItemError."""
    return [RegistryEstimator(load(folder)) for each in folders for folder in _holding(each)]


def recompute(
    connection: sa.Connection, village_code: str, households: list[bytes], estimator: RegistryEstimator
) -> dict[bytes, tuple[int, float]]:
    """Trees with a result and their sum, kg CO2e, of households by another methodology than the stored sinks."""
    query = (
        sa.select(
            SINK.c.household_id,
            sa.func.coalesce(sa.func.nullif(_TREE.c.species, ""), _PARCEL.c.species, ""),
            SINK.c.dbh_cm,
            SINK.c.height_m,
            SINK.c.stems,
            sa.func.nullif(_PARCEL.c.equation_id, ""),
            sa.func.nullif(_PARCEL.c.height_curve, ""),
        )
        .select_from(
            SINK.join(_TREE, (_TREE.c.village_code == SINK.c.village_code) & (_TREE.c.id == SINK.c.tree_id)).outerjoin(
                _PARCEL, (_PARCEL.c.village_code == _TREE.c.village_code) & (_PARCEL.c.id == _TREE.c.parcel_id)
            )
        )
        .where(SINK.c.village_code == village_code, SINK.c.counted == 1)
    )
    if len(households) == 1:
        query = query.where(SINK.c.household_id == households[0])
    wanted = set(households)
    rows = [row for row in connection.execute(query) if row[0] in wanted]
    found = dict.fromkeys(households, (0, 0.0))
    if not rows:
        return found
    owners, species, dbh_cm, height_m, stems, equation, curve = zip(*rows, strict=True)
    sinks = ColumnEstimator(estimator).estimate(Inputs(species, dbh_cm, height_m, None, equation, curve, stems))
    for place, owner in enumerate(owners):
        co2e_kg = sinks.sink(place).co2e_kg
        if co2e_kg is not None:
            trees, kg = found[owner]
            found[owner] = trees + 1, kg + co2e_kg
    return found


def _holding(folder: Path) -> Iterator[Path]:
    if (folder / VERSION).is_file() or not folder.is_dir():
        yield folder
        return
    for below in sorted(folder.iterdir()):
        if (below / VERSION).is_file() and not below.name.startswith("."):  # half laid down
            yield below
