"""Households and parcels as a person names them at a command: by code, number or place name, or by id."""

from __future__ import annotations

from fieldapp.domain.ids import RecordId
from fieldapp.storage.store import Store

_ID_BYTES = 16


def households_named(store: Store, text: str) -> list[RecordId]:
    """Those with this code (`522633100201-A7-H0012`), its end (`H0012`), its number, or id in hexadecimal digits."""
    asked = text.strip()
    parts = asked.upper().split("-")
    number = parts[-1].removeprefix("H")
    found: list[RecordId] = []
    if number.isascii() and number.isdigit() and len(number) < _ID_BYTES and len(parts) <= len(_CODE):
        wanted = list(zip(reversed(_CODE), [int(number), *reversed(parts[:-1])], strict=False))
        where = " AND ".join(f"{column} = ?" for column, _ in wanted)
        found = _ids(store, f"SELECT id FROM household WHERE {where}", *(value for _, value in wanted))
    return found or _ids(store, "SELECT id FROM household WHERE id = ?", as_id(asked))


def parcels_named(store: Store, text: str) -> list[RecordId]:
    """Those with this place name, or the one with this id in hexadecimal digits."""
    asked = text.strip()
    named = _ids(store, "SELECT id FROM parcel WHERE place_name = ?", asked)
    return named or _ids(store, "SELECT id FROM parcel WHERE id = ?", as_id(asked))


def as_id(text: str) -> bytes:
    """The id that 32 hexadecimal digits name, with hyphens or without; none for anything else."""
    plain = text.replace("-", "")
    digits = len(plain) == 2 * _ID_BYTES and all(sign in "0123456789abcdefABCDEF" for sign in plain)
    return bytes.fromhex(plain) if digits else b""


def _ids(store: Store, sql: str, *asked: object) -> list[RecordId]:
    """What is not in the bin."""
    return [row[0] for row in store.rows(f"{sql} AND coalesce(removed, 0) = 0 ORDER BY hlc, id", asked)]


_CODE = ("village_code", "device_tag", "number")
