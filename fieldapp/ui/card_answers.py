"""What a card shows, made on the store's thread: the page, its foot, and the picture of the comparison."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldapp import i18n
from fieldapp.domain.ids import RecordId
from fieldapp.ui.cards import Figure
from fieldapp.ui.shown import number

if TYPE_CHECKING:
    from fieldapp.carbon.picture import Picture
    from fieldapp.storage.store import Store
    from fieldapp.storage.views import SinkTotals


@dataclass(frozen=True, slots=True)
class Answer:
    """`json` is what `fieldapp explain --json` prints for the same tree, byte for byte."""

    page: str
    foot: tuple[str, str] = ("", "")
    json: str = ""
    picture: Picture | None = None


def answer_tree(store: Store, tree_id: RecordId, platform: str) -> Answer:
    """The card of one recorded tree."""
    from fieldapp.carbon.card import card_of
    from fieldapp.carbon.card_html import page
    from fieldapp.carbon.card_text import card_json
    from fieldapp.carbon.estimate import RegistryEstimator
    from fieldapp.carbon.explain import explain, of_record
    from fieldapp.carbon.picture import picture_of
    from fieldapp.storage.trees import tree_with_parcel

    found = tree_with_parcel(store, tree_id)
    if found is None:
        return _nothing()
    row, parcel = found
    estimator = store.estimator_of(parcel.household_id if parcel is not None else None)
    if not isinstance(estimator, RegistryEstimator):
        return _nothing()
    asked, provenance = of_record(row.tree, parcel, row.dbh_cm, row.height_m, (row.measured_by, row.measured_on))
    explanation = explain(estimator, asked, provenance)
    card = card_of(explanation)
    foot = i18n.t("carbon.card.provisional"), i18n.t("ui.paper.foot", version=card.version, checksum=card.checksum)
    picture = None if explanation.sink.error else picture_of(estimator, asked)
    body = f"{page(card)}<p>{html.escape(platform)}</p>"
    return Answer(body, foot, card_json(explanation), picture)


def _nothing() -> Answer:
    return Answer(f"<h2>{html.escape(i18n.t('ui.explain.none'))}</h2>")


def answer_figure(figure: Figure, totals: SinkTotals | None) -> Answer:
    """The card of a household's figure."""
    parts = [f"<h2>{html.escape(figure.number)} {html.escape(figure.note)}</h2>"]
    parts.append("<p>" + "<br>".join(map(html.escape, figure.hint.split("\n"))) + "</p>")
    if totals is not None:
        rows = [_row(*(i18n.t(f"ui.explain.{c}") for c in ("equation", "version", "status", "trees", "kg")), head=True)]
        rows += [
            _row(
                part.equation_id,
                part.method_version,
                i18n.t(f"carbon.status.{part.status}"),
                f"{part.n:,}",
                number(part.co2e_kg),
            )
            for part in totals.by_equation
        ]
        parts.append(f"<table width='100%' cellspacing='0' cellpadding='3'>{''.join(rows)}</table>")
    return Answer("".join(parts))


def _row(*cells: str, head: bool = False) -> str:
    tag = "th" if head else "td"
    return "<tr>" + "".join(f"<{tag} align='left'>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"
