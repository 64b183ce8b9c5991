"""What the pages show, read from the tables; personal data leaves this module masked."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from fieldapp.domain.fields import Sensitivity, specs
from fieldapp.domain.masking import mask_account, mask_id, mask_name, mask_phone
from fieldapp.domain.records import BY_NAME
from fieldapp.server.schema import (
    DEVICE,
    FRAME,
    QUARANTINE,
    RECEIPT,
    RECEIVED,
    RECORDS,
    SINK,
    VILLAGE_LOG,
    county_code,
)

PAGE = 50
_VILLAGE, _HOUSEHOLD, _TREE = RECORDS["village"], RECORDS["household"], RECORDS["tree"]
_PARCEL, _PHOTO = RECORDS["parcel"], RECORDS["photo"]
Row = dict[str, Any]


def rows_of(connection: sa.Connection, query: sa.Select[Any]) -> list[Row]:
    return [dict(row._mapping) for row in connection.execute(query)]


def page_of(query: sa.Select[Any], page: int) -> sa.Select[Any]:
    """One row more than a page shows tells whether there is a next one."""
    return query.limit(PAGE + 1).offset(page * PAGE)


def _counts(table: sa.Table) -> sa.Subquery:
    there = sa.or_(table.c.removed.is_(None), table.c.removed == 0) if "removed" in table.c else sa.true()
    query = sa.select(table.c.village_code, sa.func.count().label("n")).where(there)
    return query.group_by(table.c.village_code).subquery()


def villages(connection: sa.Connection, page: int) -> list[Row]:
    """Villages with what has arrived of each."""
    households, photos = _counts(_HOUSEHOLD), _counts(_PHOTO)
    frames = (
        sa.select(FRAME.c.village_code, sa.func.max(FRAME.c.received_at).label("at"))
        .group_by(FRAME.c.village_code)
        .subquery()
    )
    code = VILLAGE_LOG.c.village_code
    joined = VILLAGE_LOG
    for other in (_VILLAGE, households, photos, frames):
        joined = joined.outerjoin(other, other.c.village_code == code)  # type: ignore[assignment]
    query = sa.select(
        code,
        _VILLAGE.c.name,
        _VILLAGE.c.township,
        households.c.n.label("households"),
        photos.c.n.label("photos"),
        frames.c.at,
    )
    return rows_of(connection, page_of(query.select_from(joined).order_by(code), page))


def is_village(connection: sa.Connection, village_code: str) -> bool:
    """Whether anything of this village ever arrived."""
    query = sa.select(VILLAGE_LOG.c.last_cursor).where(VILLAGE_LOG.c.village_code == village_code)
    return connection.execute(query).first() is not None


def village_name(connection: sa.Connection, village_code: str) -> str:
    """The village's name, its code while the name has not arrived."""
    query = sa.select(_VILLAGE.c.name).where(_VILLAGE.c.village_code == village_code)
    return connection.execute(query).scalar() or village_code


def county_names(connection: sa.Connection) -> dict[str, str]:
    """Counties by their code, as somebody typed their names."""
    code = county_code(_VILLAGE.c.village_code)
    query = sa.select(code.label("code"), sa.func.max(_VILLAGE.c.county).label("name")).group_by(code)
    return {row.code: row.name for row in connection.execute(query) if row.name}


def households(connection: sa.Connection, village_code: str, page: int) -> list[Row]:
    """Households of a village."""
    query = (
        sa.select(
            _HOUSEHOLD.c.id,
            _HOUSEHOLD.c.device_tag,
            _HOUSEHOLD.c.number,
            _HOUSEHOLD.c.head_name,
            _HOUSEHOLD.c.group_name,
            _HOUSEHOLD.c.category,
            _HOUSEHOLD.c.state,
            _HOUSEHOLD.c.removed,
        )
        .where(_HOUSEHOLD.c.village_code == village_code)
        .order_by(_HOUSEHOLD.c.device_tag, _HOUSEHOLD.c.number, _HOUSEHOLD.c.id)
    )
    rows = rows_of(connection, page_of(query, page))
    for row in rows:
        row["head_name"] = mask_name(row["head_name"])
    return rows


def household(connection: sa.Connection, village_code: str, household_id: bytes) -> Row | None:
    """One household, masked."""
    query = sa.select(_HOUSEHOLD).where(_HOUSEHOLD.c.village_code == village_code, _HOUSEHOLD.c.id == household_id)
    found = rows_of(connection, query)
    return masked("household", found[0]) if found else None


_MASKS = {"id_number": mask_id, "phone": mask_phone, "bank_account": mask_account}


def masked(record: str, row: Row) -> Row:
    """The row with every personal or sensitive field masked, as the declarations ask for."""
    return {name: masked_value(record, name, value) for name, value in row.items()}


def masked_value(record: str, name: str, value: Any) -> Any:
    """One value as it may be shown."""
    declared = next((spec for spec in specs(BY_NAME[record]) if spec.name == name), None)
    if declared is None or declared.sensitivity is Sensitivity.PUBLIC or not isinstance(value, str):
        return value
    return _MASKS.get(name, mask_name)(value)


def trees(connection: sa.Connection, village_code: str, household_id: bytes, page: int) -> list[Row]:
    """Trees of a household with the server's own sink."""
    names = ("dbh_cm", "stems", "height_m", "co2e_kg", "co2e_low_kg", "co2e_high_kg", "equation_id", "flags", "error")
    query = (
        sa.select(
            _TREE.c.id,
            _TREE.c.tag,
            _TREE.c.device_tag,
            _TREE.c.number,
            sa.func.coalesce(sa.func.nullif(_TREE.c.species, ""), _PARCEL.c.species).label("species"),
            _TREE.c.state,
            *(SINK.c[name] for name in (*names, "counted", "method_version")),
        )
        .select_from(
            SINK.join(_TREE, (_TREE.c.village_code == SINK.c.village_code) & (_TREE.c.id == SINK.c.tree_id)).outerjoin(
                _PARCEL, (_PARCEL.c.village_code == _TREE.c.village_code) & (_PARCEL.c.id == _TREE.c.parcel_id)
            )
        )
        .where(SINK.c.village_code == village_code, SINK.c.household_id == household_id)
        .order_by(_TREE.c.device_tag, _TREE.c.number, _TREE.c.id)
    )
    return rows_of(connection, page_of(query, page))


def devices(connection: sa.Connection, page: int) -> list[Row]:
    """Enrolled laptops and how far each has come."""
    received = (
        sa.select(RECEIVED.c.device, sa.func.sum(RECEIVED.c.last - RECEIVED.c.first + 1).label("n"))
        .group_by(RECEIVED.c.device)
        .subquery()
    )
    names = ("tag", "app_version", "enrolled_at", "seen_at", "revoked", "villages")
    query = (
        sa.select(*(DEVICE.c[name] for name in names), received.c.n.label("ops"))
        .select_from(DEVICE.outerjoin(received, received.c.device == DEVICE.c.device))
        .order_by(DEVICE.c.tag)
    )
    return rows_of(connection, page_of(query, page))


def device(connection: sa.Connection, tag: str) -> Row | None:
    """One enrolled laptop."""
    found = rows_of(connection, sa.select(DEVICE.c.tag, DEVICE.c.revoked).where(DEVICE.c.tag == tag))
    return found[0] if found else None


def receipts(connection: sa.Connection, page: int) -> list[Row]:
    """Receipts, newest first."""
    query = (
        sa.select(RECEIPT.c.key, RECEIPT.c.issued_at, RECEIPT.c.n_ops, RECEIPT.c.n_blobs, DEVICE.c.tag)
        .select_from(RECEIPT.join(DEVICE, DEVICE.c.device == RECEIPT.c.device))
        .order_by(RECEIPT.c.issued_at.desc(), RECEIPT.c.key)
    )
    return rows_of(connection, page_of(query, page))


def quarantine(connection: sa.Connection, page: int) -> list[Row]:
    """Operations that were set aside, newest first."""
    query = sa.select(QUARANTINE).order_by(QUARANTINE.c.noticed_at.desc(), QUARANTINE.c.counter)
    return rows_of(connection, page_of(query, page))
