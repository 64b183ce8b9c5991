"""What a parcel's field of missing heights offers: its kept curve, one fitted now, or why there is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from fieldapp import i18n
from fieldapp.domain.current import counts
from fieldapp.domain.sinks import SinkInput
from fieldapp.domain.stems import stem_diameters
from fieldapp.ui.names import Offer

if TYPE_CHECKING:
    from fieldapp.carbon.height_curve import HeightCurve
    from fieldapp.domain.records import Parcel
    from fieldapp.storage.views import TreeRow

Called = Callable[[str], str]  # a species' id by any of its names, or its name by the id


def curve_words(text: str, called: Called | None = None) -> str:
    """A kept curve in one line: species, number of heights, diameters, residual error, day."""
    from fieldapp.carbon.kept_curve import read_curve

    curve = read_curve(text)
    if curve is None:
        return i18n.t("ui.height_curve.unreadable")
    return i18n.t(
        "ui.height_curve.words",
        species=called(curve.species) if called is not None else curve.species.replace("_", " "),
        n=curve.n,
        low=f"{curve.d_min_cm:g}",
        high=f"{curve.d_max_cm:g}",
        sd=f"{curve.rmse_m:.2f}",
        day=curve.fitted_on,
    )


def standing(trees: Sequence[TreeRow], parcel: Parcel) -> list[SinkInput]:
    """The parcel's trees whose heights may be fitted to: those that count and have one stem."""
    return [
        SinkInput(row.tree.species or parcel.species or "", row.dbh_cm, row.height_m, None, parcel.equation_id)
        for row in trees
        if row.tree.parcel_id == parcel.id
        and counts(row.tree.removed, row.tree.state, parcel.removed)
        and not stem_diameters(row.stems)
    ]


def offers(
    trees: Sequence[SinkInput], kept: str, known_as: Called, called: Called, matters: Callable[[HeightCurve], bool]
) -> list[Offer]:
    """The kept curve, and the one that today's heights give when it is another; with too few, how many there are."""
    from fieldapp.carbon.height_curve import MIN_HEIGHTS
    from fieldapp.carbon.kept_curve import as_text, most_heights, propose, read_curve

    day = dt.date.today().isoformat()
    found = [Offer(kept, i18n.t("ui.height_curve.kept", words=curve_words(kept, called)))] if kept else []
    fitted, old = propose(trees, known_as, day), read_curve(kept) if kept else None
    if fitted is not None and (old is None or fitted != replace(old, fitted_on=day)):
        text = as_text(fitted)
        key = "ui.height_curve.again" if kept else "ui.height_curve.fit"
        words = i18n.t(key, words=curve_words(text, called))
        return [*found, Offer(text, words if matters(fitted) else i18n.t("ui.height_curve.unused", words=words))]
    if not found:  # choosing it changes nothing
        have = most_heights(trees, known_as)
        key = "ui.height_curve.too_few" if have < MIN_HEIGHTS else "ui.height_curve.no_line"
        return [Offer(None, i18n.t(key, least=MIN_HEIGHTS, have=have))]
    return found
