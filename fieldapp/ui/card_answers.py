"""What a card shows, made on the store's thread: the page, its foot, and the picture of the comparison."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldapp import i18n
from fieldapp.domain.ids import RecordId
from fieldapp.domain.programme import Programme

if TYPE_CHECKING:
    from fieldapp.carbon.picture import Picture
    from fieldapp.storage.store import Store
    from fieldapp.storage.views import SinkTotals


@dataclass(frozen=True, slots=True)
class Answer:
    """`json` is what `fieldapp explain --json` prints for the same tree or sum, byte for byte."""

    page: str
    foot: tuple[str, str] = ("", "")
    json: str = ""
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class SumQuestion:
    """Trees together; `headline` and `first` bring another figure than their stock to the head of the card."""

    title: str
    of: tuple[str, RecordId | None, str]  # record, id, village: whose sum it is
    household_id: RecordId | None  # None: of the households of a village
    totals: SinkTotals
    programme: Programme
    area_mu: float | None
    has_quota: bool = True
    headline: str = ""
    first: str = ""


def answer_tree(store: Store, tree_id: RecordId, platform: str) -> Answer:
    """The card of one recorded tree."""
    from fieldapp.carbon.card import card_of
    from fieldapp.carbon.card_html import page
    from fieldapp.carbon.card_text import card_json
    from fieldapp.carbon.estimate import RegistryEstimator
    from fieldapp.carbon.explain import explain, of_record
    from fieldapp.carbon.picture import picture_of
    from fieldapp.storage.remeasured import earlier_visit
    from fieldapp.storage.trees import tree_with_parcel

    found = tree_with_parcel(store, tree_id)
    if found is None:
        return _nothing()
    row, parcel = found
    estimator = store.estimator_of(parcel.household_id if parcel is not None else None)
    if not isinstance(estimator, RegistryEstimator):
        return _nothing()
    asked, provenance = of_record(
        row.tree, parcel, row.dbh_cm, row.height_m, (row.measured_by, row.measured_on), row.stems
    )
    explanation = explain(estimator, asked, provenance, earlier_visit(store, tree_id, row.measured_on))
    card = card_of(explanation)
    foot = i18n.t("carbon.card.provisional"), i18n.t("ui.paper.foot", version=card.version, checksum=card.checksum)
    no_picture = explanation.sink.error or explanation.stems  # a curve is drawn over one diameter
    picture = None if no_picture else picture_of(estimator, asked)
    body = f"{page(card)}<p>{html.escape(platform)}</p>"
    return Answer(body, foot, card_json(explanation), picture)


def _nothing() -> Answer:
    return Answer(f"<h2>{html.escape(i18n.t('ui.explain.none'))}</h2>")


def answer_village(store: Store, village_code: str, title: str, programme: Programme) -> Answer:
    """The card of all trees of a village; its sums are read now, for a list knows them without their equations."""
    from fieldapp.storage import sums

    totals, area_mu = sums.village_totals(store, village_code)
    of = ("village", None, village_code)
    return answer_sum(store, SumQuestion(title, of, None, totals, programme, area_mu or None, has_quota=False))


def answer_sum(store: Store, sum_: SumQuestion) -> Answer:
    """The card of the trees of a household, a parcel or a village together."""
    from fieldapp.carbon.card_html import page
    from fieldapp.carbon.estimate import RegistryEstimator
    from fieldapp.carbon.sum_card import card_of_sum
    from fieldapp.carbon.sum_numbers import Sum, identity, parts_of, sum_json

    totals, estimator = sum_.totals, store.estimator_of(sum_.household_id)
    parts = parts_of(totals.by_equation, estimator.registry if isinstance(estimator, RegistryEstimator) else None)
    of, odd = identity(*sum_.of), _doubtful(store, sum_)
    asked = Sum(totals.trees, totals.total, parts, sum_.area_mu, sum_.has_quota, of, odd)
    card = card_of_sum(asked, sum_.programme, sum_.title, sum_.headline, sum_.first)
    foot = i18n.t("carbon.card.provisional"), i18n.t("ui.paper.foot", version=card.version, checksum=card.checksum)
    return Answer(page(card), foot, sum_json(asked, sum_.programme))


def _doubtful(store: Store, sum_: SumQuestion) -> int:
    from fieldapp.storage.doubtful import doubtful, doubtful_of_village

    record, record_id, village_code = sum_.of
    if sum_.household_id is None:
        return doubtful_of_village(store, sum_.programme, village_code)
    return doubtful(store, sum_.programme, sum_.household_id, record_id if record == "parcel" else None)
