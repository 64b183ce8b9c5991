"""Who else carries the ID number, the account or the phone of somebody: read anew whenever findings are counted.

A walk over some hundred short rows in one query each, so that a save writes nothing for it, and what a sync brought
is judged with what was typed here.
"""

from __future__ import annotations

from collections import Counter

from fieldapp.domain.ids import RecordId
from fieldapp.domain.shared import Person, shared_findings
from fieldapp.errors import Finding, Severity
from fieldapp.storage.store import Store


def shared(store: Store) -> dict[RecordId, dict[RecordId, list[Finding]]]:
    """Findings about numbers that several people of this profile have, by household and record."""
    people = [Person(*row) for row in store.rows(_PEOPLE_SQL)]
    found = shared_findings(people, {})
    if not found:
        return found
    return shared_findings(people, dict(store.rows("SELECT village_code, coalesce(name, village_code) FROM village")))


def counted(store: Store) -> dict[RecordId, tuple[int, int, int]]:
    """How many such findings a household has: red, amber, grey."""
    counts = {}
    for household_id, records in shared(store).items():
        weights = Counter(finding.severity for found in records.values() for finding in found)
        counts[household_id] = (weights[Severity.RED], weights[Severity.AMBER], weights[Severity.GREY])
    return counts


NONE = (0, 0, 0)
_PEOPLE_SQL = """
SELECT h.id, h.id, h.village_code, coalesce(h.device_tag, ''), coalesce(h.number, 0), coalesce(h.head_name, ''),
  coalesce(h.id_number, ''), coalesce(h.phone, ''), coalesce(h.bank_account, '')
FROM household h WHERE coalesce(h.removed, 0) = 0
  AND coalesce(nullif(h.id_number, ''), nullif(h.phone, ''), nullif(h.bank_account, '')) IS NOT NULL
UNION ALL
SELECT m.id, h.id, h.village_code, coalesce(h.device_tag, ''), coalesce(h.number, 0), coalesce(m.name, ''),
  coalesce(m.id_number, ''), coalesce(m.phone, ''), ''
FROM member m JOIN household h ON h.id = m.household_id WHERE coalesce(m.removed, 0) = 0
  AND coalesce(h.removed, 0) = 0 AND coalesce(nullif(m.id_number, ''), nullif(m.phone, '')) IS NOT NULL
ORDER BY 5, 4
"""
