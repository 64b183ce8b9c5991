"""Where a laptop's provisional sink and the server's own of the same household are not the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from fieldapp.domain.ids import DeviceId, device_tag
from fieldapp.server.bulk import insert_new
from fieldapp.server.schema import CLAIM, SINK

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


def compare(connection: sa.Connection, village_code: str, household_id: bytes | None = None) -> list[Comparison]:
    """What was claimed last of the village's households (or one of them) beside the server's own figures."""
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
        .where(CLAIM.c.village_code == village_code)
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


def for_answer(connection: sa.Connection, village_code: str) -> list[list[object]]:
    """The differing households as they go back to the laptop."""
    return [
        [one.household_id, one.trees, one.co2e_kg, one.server_trees, one.server_co2e_kg, one.server_method_version]
        for one in compare(connection, village_code)
        if not one.agrees
    ]
