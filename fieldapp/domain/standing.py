"""Which consents of a household hold: a withdrawal ends everything that was given before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fieldapp.domain.records import Household, Member

SENSITIVE = "sensitive"  # the separate consent that PIPL Art. 29 wants
RECORDING = "recording"


def standing(kinds: Iterable[str | None]) -> set[str]:
    """The kinds that hold, of consents in the order in which they were given."""
    held: set[str] = set()
    for kind in kinds:
        if kind == "withdrawn":
            held.clear()
        elif kind:
            held.add(kind)
    return held


def wanted(household: Household, members: Sequence[Member] = ()) -> tuple[str, ...]:
    """The consents that the recorded data calls for: ID numbers, of members too, and the account want their own."""
    sensitive = [household.id_number, household.bank_account, *(member.id_number for member in members)]
    return (RECORDING, SENSITIVE) if any(text and text.strip() for text in sensitive) else (RECORDING,)
