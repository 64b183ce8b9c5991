"""The sentences and figures of a household: cards, head line, parcel foot. Pure: values in, words out.

The computed stock and the platform's flat value never stand in one figure, and each is named for what it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fieldapp import i18n
from fieldapp.domain.masking import mask_account, mask_id, mask_name
from fieldapp.domain.programme import Programme
from fieldapp.domain.records import Household, Parcel
from fieldapp.ui.cards import Figure
from fieldapp.ui.shown import number

if TYPE_CHECKING:
    from fieldapp.domain.totals import Total
    from fieldapp.storage.views import SinkTotals
    from fieldapp.ui.desk import Desk

Name = Callable[[str], str]


def head_name(household: Household, *, hidden: bool) -> str:
    """The head's name as it may be seen now."""
    if not household.head_name:
        return i18n.t("ui.no_name")
    return mask_name(household.head_name) if hidden else household.head_name


def head_lines(household: Household) -> tuple[str, str]:
    """Category and masked ID number; bank and the masked tail of the account."""
    parts = []
    if household.category:
        parts.append(i18n.t(f"choice.household.category.{household.category}"))
    if household.id_number:
        parts.append(mask_id(household.id_number))
    account = mask_account(household.bank_account)
    bank = " ".join(filter(None, (household.bank_name, f"**** {account[-4:]}" if account else "")))
    return " · ".join(parts), bank


def quota_figure(desk: Desk, programme: Programme) -> Figure:
    """How many trees the land allows and how many there are, with the rule in words."""
    quota, trees = programme.quota(desk.area_mu), desk.totals.trees
    cap, each = f"{programme.area_cap_mu:g}", f"{programme.trees_per_mu:g}"
    if desk.area_mu is None:
        caption = i18n.t("ui.card.quota.no_area", cap=cap, each=each)
    else:
        caption = i18n.t("ui.card.quota", cap=cap, each=each, area=f"{desk.area_mu:g}")
    left = quota - trees
    note = i18n.t("ui.card.quota.left", quota=quota, n=left) if left >= 0 else ""
    if left < 0:
        note = i18n.t("ui.card.quota.over", quota=quota, n=-left)
    setting = programme.settings["trees_per_mu"]
    rule = i18n.t("ui.card.quota.rule", version=programme.version, source=setting.source(i18n.language()))
    return Figure(caption, f"{trees:,}", note, "amber" if left < 0 else "text", f"{caption}\n{note}\n{rule}")


def half_width(total: Total) -> str:
    """The range beside a total, in per cent of it."""
    return f"±{total.half_width_kg / total.co2e_kg * 100:.0f} %" if total.co2e_kg else ""


def equations(totals: SinkTotals, name: Name) -> str:
    """Which equations made a total, the largest part first."""
    names = list(dict.fromkeys(name(part.equation_id) for part in totals.by_equation))
    return names[0] + (f" +{len(names) - 1}" if len(names) > 1 else "") if names else ""


def stock_figure(totals: SinkTotals, name: Name, doubtful: int = 0) -> Figure:
    """The provisional carbon stock of what is measured, with range and equation; amber with doubtful trees."""
    caption = i18n.t("ui.card.stock", equation=equations(totals, name) or "—")
    if not totals.n:
        return Figure(caption, "—", i18n.t("ui.card.stock.none"), "text", i18n.t("ui.card.stock.hint"))
    note = f"t CO2 {half_width(totals.total)}"
    if doubtful:
        note += " · " + i18n.t("ui.card.stock.doubtful", n=doubtful)
    if totals.n < totals.trees:  # above the number: beside it there is no room
        caption = i18n.t("ui.card.stock.of", n=totals.n, all=totals.trees, equation=equations(totals, name))
    versions = ", ".join(sorted({part.method_version for part in totals.by_equation}))
    low, high = number(totals.total.low_kg / 1000, 2), number(totals.total.high_kg / 1000, 2)
    hint = i18n.t("ui.card.stock.range", low=low, high=high, version=versions)
    if doubtful:
        hint += "\n" + i18n.t("ui.card.stock.doubtful.hint", n=doubtful)
    tone = "amber" if doubtful else "text"
    return Figure(caption, number(totals.co2e_kg / 1000, 2), note, tone, f"{hint}\n{i18n.t('ui.card.stock.hint')}")


def platform_figure(trees: int, programme: Programme) -> Figure:
    """The platform's flat value: so many kilograms and yuan a tree-year, whatever was measured."""
    caption = i18n.t("ui.card.platform", kg=f"{programme.flat_kg:g}")
    tonnes = number(trees * programme.flat_kg / 1000, 2)
    note = i18n.t("ui.card.platform.note", yuan=f"{trees * programme.price_yuan:,.0f}")
    hint = i18n.t("ui.card.platform.hint", version=programme.version, price=f"{programme.price_yuan:g}")
    return Figure(caption, tonnes, note, "text", hint)


def parcel_line(parcel: Parcel, shown: Name, trees: int | None = None) -> str:
    """A parcel in one line: place, trees, species, area, planting year; the last is cut first."""
    parts = [parcel.place_name or i18n.t("ui.parcel.no_name")]
    if trees is not None:
        parts.append(i18n.t("ui.parcel.trees", n=trees))
    if parcel.species:
        parts.append(shown(parcel.species))
    if parcel.area_mu is not None:
        parts.append(i18n.t("ui.parcel.area", mu=f"{parcel.area_mu:g}"))
    if parcel.planting_year:
        parts.append(i18n.t("ui.parcel.year", year=parcel.planting_year))
    return " · ".join(parts)


def parcel_foot(desk: Desk, parcel: Parcel, programme: Programme, name: Name) -> str:
    """What a parcel sums up to: computed and provisional, and the platform's value apart."""
    totals = desk.parcel_totals[parcel.id]
    if not totals.n:
        return i18n.t("ui.parcel.no_sink", n=totals.trees)
    doubtful = desk.doubtful(parcel.id)
    marked = " · " + i18n.t("ui.card.stock.doubtful", n=doubtful) if doubtful else ""
    summed = i18n.t(
        "ui.parcel.sink",
        n=totals.trees,
        stock=number(totals.co2e_kg / 1000, 2),
        range=half_width(totals.total),
        equation=equations(totals, name),
        flat=number(totals.trees * programme.flat_kg / 1000, 2),
    )
    return summed + marked
