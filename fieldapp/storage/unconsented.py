"""Households whose ID numbers or account stand here without the separate consent that they want: a sync sends them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from fieldapp.domain.ids import RecordId
from fieldapp.domain.standing import SENSITIVE, standing
from fieldapp.storage.store import Store

_SENSITIVE_SQL = """
SELECT h.village_code, h.id, coalesce(h.head_name, '') FROM household h
WHERE coalesce(h.removed, 0) = 0 AND (trim(coalesce(h.id_number, '')) <> '' OR trim(coalesce(h.bank_account, '')) <> ''
  OR EXISTS (SELECT 1 FROM member m WHERE m.household_id = h.id AND coalesce(m.removed, 0) = 0
    AND trim(coalesce(m.id_number, '')) <> ''))
ORDER BY h.village_code, h.device_tag, h.number, h.id
"""


@dataclass(frozen=True, slots=True)
class Unconsented:
    """A household that has not agreed to its sensitive data being kept, or has withdrawn that."""

    village_code: str
    household_id: RecordId
    name: str


def unconsented(store: Store) -> list[Unconsented]:
    """All of them in this profile, village by village."""
    kinds: dict[RecordId, list[str | None]] = defaultdict(list)
    for household_id, kind in store.rows("SELECT household_id, kind FROM consent ORDER BY hlc, id"):
        kinds[household_id].append(kind)
    found = (Unconsented(*row) for row in store.rows(_SENSITIVE_SQL))
    return [one for one in found if SENSITIVE not in standing(kinds[one.household_id])]
