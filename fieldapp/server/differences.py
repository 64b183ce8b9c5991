"""Where a laptop's provisional sink and the server's own of the same household are not the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from fieldapp.domain.ids import DeviceId, device_tag
from fieldapp.server import turns
from fieldapp.server.bulk import insert_new
from fieldapp.server.methods import Methods, recompute
from fieldapp.server.schema import CLAIM, RECORDS, SINK

TOLERANCE_KG = 0.01  # per household: far below what is shown, far above rounding
_CLAIM_NAMES = ("village_code", "device", "household_id", "trees", "co2e_kg", "method_version")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A household's sink as claimed by a laptop and as computed here, kg CO2e; `trees` are those with a result."""

    household_id: bytes
    device: bytes
    trees: int
    co2e_kg: float
    method_version: str
    server_trees: int
    server_co2e_kg: float
    server_method_version: str
    known: bool = True  # False: laptop and server computed by different methodologies, which says nothing

    @property
    def tag(self) -> str:
        """Which laptop it was."""
        return device_tag(DeviceId(self.device))

    @property
    def difference_kg(self) -> float:
        """Laptop minus server."""
        return self.co2e_kg - self.server_co2e_kg

    @property
    def agrees(self) -> bool:
        """Whether both count the same trees and the same carbon."""
        return self.trees == self.server_trees and abs(self.difference_kg) <= TOLERANCE_KG


def replace_claims(connection: sa.Connection, village_code: str, device: bytes, claims: list[list[Any]]) -> None:
    """A claim is about the village as it was then: whatever was claimed before speaks of one that is gone."""
    connection.execute(sa.delete(CLAIM).where(CLAIM.c.village_code == village_code))
    rows = [(village_code, device, *claim) for claim in claims]
    insert_new(connection, CLAIM, _CLAIM_NAMES, rows)


def forget_strangers(connection: sa.Connection, villages: Iterable[str]) -> None:
    """Once everything is in the tables: a claim for a household that is not in its village is nobody's."""
    named = sorted(villages)
    turns.take(connection, [turns.village(one) for one in named])
    for village in named:
        connection.execute(sa.delete(CLAIM).where(CLAIM.c.village_code == village, ~_is_household()))


def _is_household() -> sa.Exists:
    known = RECORDS["household"].c
    return sa.exists().where(known.id == CLAIM.c.household_id, known.village_code == CLAIM.c.village_code)


def compare(
    connection: sa.Connection, village_code: str, methods: Methods, household_id: bytes | None = None
) -> list[Comparison]:
    """What was claimed last of the village's households (or one of them) beside the server's figures.

    A claim by another methodology than the server's own is held against what the server computes by that one.
    """
    compared = _compared(connection, village_code, household_id)
    others: dict[str, list[bytes]] = defaultdict(list)
    for one in compared:
        if not _same_method(one, methods):
            others[one.method_version].append(one.household_id)
    again: dict[bytes, tuple[int, float]] = {}
    for name, households in others.items():
        estimator = methods.named(name)
        if estimator is not None:
            again |= recompute(connection, village_code, households, estimator)
    return [
        one if one.household_id not in again and one.method_version not in others else _repeated(one, again)
        for one in compared
    ]


def _same_method(one: Comparison, methods: Methods) -> bool:
    """Whether the server's stored sinks are of the methodology that the laptop named."""
    if methods.own and "@" in one.method_version:
        return one.method_version == methods.own
    version = one.method_version.partition("@")[0]
    return one.server_method_version in ("", version)


def _repeated(one: Comparison, again: dict[bytes, tuple[int, float]]) -> Comparison:
    if one.household_id not in again:
        return replace(one, known=False)
    trees, co2e_kg = again[one.household_id]
    return replace(
        one, server_trees=trees, server_co2e_kg=co2e_kg, server_method_version=one.method_version.partition("@")[0]
    )


def _compared(connection: sa.Connection, village_code: str, household_id: bytes | None) -> list[Comparison]:
    own = (
        sa.select(
            SINK.c.household_id,
            sa.func.count(SINK.c.co2e_kg).label("trees"),
            sa.func.coalesce(sa.func.sum(SINK.c.co2e_kg), 0.0).label("co2e_kg"),
            sa.func.max(SINK.c.method_version).label("method_version"),
        )
        .where(SINK.c.village_code == village_code, SINK.c.counted == 1)
        .group_by(SINK.c.household_id)
        .subquery()
    )
    query = (
        sa.select(CLAIM, own.c.trees.label("n"), own.c.co2e_kg.label("kg"), own.c.method_version.label("version"))
        .select_from(CLAIM.outerjoin(own, own.c.household_id == CLAIM.c.household_id))
        .where(CLAIM.c.village_code == village_code, _is_household())
        .order_by(CLAIM.c.household_id)
    )
    if household_id is not None:
        query = query.where(CLAIM.c.household_id == household_id)
    return [
        Comparison(
            row.household_id, row.device, row.trees, row.co2e_kg, row.method_version, row.n or 0, row.kg or 0.0,
            row.version or "",
        )
        for row in connection.execute(query)
    ]  # fmt: skip


def for_answer(connection: sa.Connection, village_code: str, methods: Methods, device: bytes) -> dict[str, object]:
    """The differing households that this laptop claimed last, and its methodologies that are not on this server."""
    compared = [one for one in compare(connection, village_code, methods) if one.device == device]
    differing = [
        [one.household_id, one.trees, one.co2e_kg, one.server_trees, one.server_co2e_kg, one.server_method_version]
        for one in compared
        if one.known and not one.agrees
    ]
    unknown = sorted({one.method_version for one in compared if not one.known})
    return {"differences": differing, "unknown_methods": unknown}
