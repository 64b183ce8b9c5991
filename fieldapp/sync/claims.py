"""Provisional sinks of both sides held against each other, one line a household, and what of it was compared at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from fieldapp.domain.sinks import method_name
from fieldapp.storage import reads
from fieldapp.storage.store import Store
from fieldapp.storage.views import HouseholdRow
from fieldapp.sync.answers import Answer, Difference
from fieldapp.sync.pull import pull
from fieldapp.sync.report import ComparedSinks
from fieldapp.sync.session import Session

_Claims = Mapping[str, list[tuple[HouseholdRow, str]]]  # by village: each household and the methodology of its sink


def compare_sinks(session: Session) -> None:
    """Sends what this laptop computed; the server answers where it computes otherwise."""
    session.tell("sinks")
    claims = _claims(session.store)
    sent = {
        village: [[row.id, row.estimated, row.co2e_kg, method] for row, method in rows]
        for village, rows in claims.items()
    }
    answer = pull(session, settle=True, claims=sent)
    found = answer.villages.values()
    session.report.sinks = _compared(claims, answer, session.report.misread)
    session.report.differences = _named(claims, [difference for one in found for difference in one.differences])
    session.report.unknown_methods = sorted({name for one in found for name in one.unknown_methods})


def _claims(store: Store) -> _Claims:
    return {
        village.village_code: [
            (row, method_name(store.estimator_of(row.id))) for row in reads.households(store, village.village_code)
        ]
        for village in reads.villages(store)
    }


def _compared(claims: _Claims, answer: Answer, misread: set[str]) -> ComparedSinks:
    """Only what the server says that it has computed was compared, and by a methodology that it has."""
    villages = households = 0
    pending = []
    for village, rows in claims.items():
        told = answer.villages.get(village)
        if not rows or village in answer.closed:
            continue
        if told is None or not told.sinks_ready or village in misread:
            pending.append(village)
            continue
        n_compared = sum(method not in told.unknown_methods for _, method in rows)
        households += n_compared
        villages += n_compared > 0
    return ComparedSinks(villages, households, tuple(pending))


def _named(claims: _Claims, differences: list[Difference]) -> list[Difference]:
    """Those of households that were claimed here, with the human code; what others claimed is theirs to look at."""
    codes: dict[bytes, str] = {
        row.id: f"{row.device_tag or '----'}-H{row.number or 0:04d}" for rows in claims.values() for row, _ in rows
    }
    return [replace(one, household=codes[one.household_id]) for one in differences if one.household_id in codes]
