"""The part of `fieldapp explain` that is about trees together: a household's, a parcel's or a village's sum."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from fieldapp.carbon.card_text import card_lines
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.sum_card import card_of_sum
from fieldapp.carbon.sum_numbers import Sum, identity, parts_of, sum_json
from fieldapp.commands.opening import open_profile
from fieldapp.domain import programme
from fieldapp.domain.ids import RecordId
from fieldapp.domain.programme import Programme
from fieldapp.domain.records import Parcel
from fieldapp.domain.sinks import Estimator
from fieldapp.errors import ExitCode, ItemError
from fieldapp.i18n import t
from fieldapp.storage import reads, sums
from fieldapp.storage.doubtful import doubtful, doubtful_of_village
from fieldapp.storage.named import households_named, parcels_named
from fieldapp.storage.store import Store
from fieldapp.storage.views import SinkTotals

NAMES = ("household", "parcel", "village")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares whose sum may be asked for."""
    parser.add_argument("--household", metavar="CODE", help=t("command.explain.household"))
    parser.add_argument("--parcel", metavar="PARCEL", help=t("command.explain.parcel"))
    parser.add_argument("--village", metavar="CODE", help=t("command.explain.village"))


def run(args: argparse.Namespace) -> int:
    """Prints the card of a sum; 1 when there is no result to add up."""
    kind = next(name for name in NAMES if getattr(args, name) is not None)
    rules = programme.load()
    store = open_profile(args)
    try:
        asked = _SUMS[kind](store, getattr(args, kind), rules)
    finally:
        store.close()
    card = card_of_sum(asked, rules, t(f"record.{kind}"))
    print(sum_json(asked, rules) if args.json else "\n".join(card_lines(card)))
    return ExitCode.OK if asked.total.trees else ExitCode.REFUSED


def _of_household(store: Store, text: str, rules: Programme) -> Sum:
    household_id = _only(households_named(store, text), "household", text)
    view = reads.household(store, household_id)
    if view is None:
        raise ItemError("explain_household_unknown", text=text)
    known = [parcel.area_mu for parcel in view.parcels if parcel.area_mu is not None]
    totals = sums.tree_totals(store, household_id)
    of = identity("household", household_id, view.household.village_code)
    odd = doubtful(store, rules, household_id)
    return _sum(totals, store.estimator_of(household_id), sum(known) if known else None, of, odd)


def _of_parcel(store: Store, text: str, rules: Programme) -> Sum:
    parcel = store.get(Parcel, _only(parcels_named(store, text), "parcel", text))
    if parcel is None or parcel.household_id is None:
        raise ItemError("explain_parcel_unknown", text=text)
    totals = sums.tree_totals(store, parcel.household_id, parcel.id)
    of = identity("parcel", parcel.id, parcel.village_code)
    odd = doubtful(store, rules, parcel.household_id, parcel.id)
    return _sum(totals, store.estimator_of(parcel.household_id), parcel.area_mu, of, odd)


def _of_village(store: Store, text: str, rules: Programme) -> Sum:
    code = text.strip()
    if all(row.village_code != code for row in reads.villages(store)):
        raise ItemError("explain_village_unknown", text=text)
    totals, area_mu = sums.village_totals(store, code)
    odd = doubtful_of_village(store, rules, code)
    return _sum(totals, store.estimator, area_mu or None, identity("village", None, code), odd)


def _sum(totals: SinkTotals, estimator: Estimator, area_mu: float | None, of: dict[str, str], odd: int) -> Sum:
    registry = estimator.registry if isinstance(estimator, RegistryEstimator) else None
    parts = parts_of(totals.by_equation, registry)
    return Sum(totals.trees, totals.total, parts, area_mu, of["record"] == "household", of, odd)


def _only(found: list[RecordId], kind: str, text: str) -> RecordId:
    if len(found) != 1:
        raise ItemError(f"explain_{kind}_unknown" if not found else f"explain_{kind}_several", text=text)
    return found[0]


_SUMS: dict[str, Callable[[Store, str, Programme], Sum]] = {
    "household": _of_household,
    "parcel": _of_parcel,
    "village": _of_village,
}
