"""The card of a sum: trees, what each equation gives, both kinds of error, and apart from it quota and flat value."""

from __future__ import annotations

from fieldapp.carbon.calculation import digits
from fieldapp.carbon.card_parts import Card, Row, Section, StepRow
from fieldapp.carbon.explain import checksum
from fieldapp.carbon.stems import BETWEEN_STEMS
from fieldapp.carbon.sum_numbers import Sum, SumPart, SumStep, as_dict, steps_of_sum
from fieldapp.carbon.two_numbers import platform_value, quota_meter
from fieldapp.domain.programme import Programme
from fieldapp.i18n import aside, has, language, listed, t

__all__ = ["Sum", "SumPart", "as_dict", "card_of_sum"]

_MARKS = {"V": "published", "V~": "copy", "C": "computed", "R": "default"}


def card_of_sum(asked: Sum, programme: Programme, title: str, headline: str = "", first: str = "") -> Card:
    """The card; `headline` and the section `first` stand ahead when another number than the stock is asked for."""
    total, mark = asked.total, checksum(as_dict(asked, programme))
    if not headline and total.trees:
        low, high = f"{total.low_kg:,.1f}", f"{total.high_kg:,.1f}"
        headline = t("carbon.card.result", value=f"{total.co2e_kg:,.1f}", low=low, high=high)
    sections = {
        "trees": _tree_rows(asked),
        "quota": _quota_rows(asked, programme) if asked.has_quota else [],
        "platform": _platform_rows(asked, programme),
        "parts": [_part_row(part) for part in asked.parts],
    }
    named = {name: Section(t(f"carbon.sum.section.{name}"), tuple(rows)) for name, rows in sections.items() if rows}
    ahead = [named.pop(first)] if first in named else []
    before = [*ahead, *(named.pop(name) for name in ("trees", "parts") if name in named)]
    versions = ", ".join(sorted({part.method_version for part in asked.parts}))
    keeping = [
        Row(t("carbon.card.discount"), t("carbon.sum.discount_rule")),
        Row(t("carbon.card.version"), versions or "–"),
        Row(t("carbon.card.checksum"), mark),
    ]
    after = (*named.values(), Section(t("carbon.card.section.keeping"), tuple(keeping)))
    steps = _steps(asked) if total.trees else ()
    provisional = t("carbon.card.provisional")
    return Card(title, headline or t("carbon.sum.nothing"), provisional, tuple(before), steps, after, versions, mark)


def _tree_rows(asked: Sum) -> list[Row]:
    rows = [
        Row(t("carbon.sum.counted"), f"{asked.counted:,}"),
        Row(t("carbon.sum.with_result"), f"{asked.total.trees:,}"),
    ]
    left = asked.counted - asked.total.trees
    if left > 0:
        rows.append(Row(t("carbon.sum.without"), f"{left:,}"))
    if asked.doubtful:
        rows.append(Row(t("carbon.sum.doubtful"), f"{asked.doubtful:,}"))
    return rows


def _n(trees: int) -> int | str:
    """A count as it is read; one stays a number, for it has words of its own."""
    return trees if trees == 1 else f"{trees:,}"


def _part_row(part: SumPart) -> Row:
    words = t("carbon.sum.part", n=_n(part.trees), kg=digits(part.co2e_kg), status=t(f"carbon.status.{part.status}"))
    if part.extrapolated:
        words += t("carbon.sum.part_extrapolated", n=f"{part.extrapolated:,}")
    if part.from_curve:
        words += t("carbon.sum.part_from_curve", n=f"{part.from_curve:,}")
    return Row(part.name or part.equation_id, words)


def _quota_rows(asked: Sum, programme: Programme) -> list[Row]:
    meter = quota_meter(programme, asked.area_mu, asked.counted)
    cap, each = f"{programme.area_cap_mu:g}", f"{programme.trees_per_mu:g}"
    area = t("carbon.sum.area_unknown") if asked.area_mu is None else t("carbon.sum.area", mu=f"{asked.area_mu:g}")
    over = t("carbon.sum.quota_over" if meter.exceeded else "carbon.sum.quota_left", n=abs(meter.left))
    return [
        Row(
            t("carbon.sum.quota"),
            t("carbon.sum.quota_value", allowed=meter.allowed, recorded=meter.recorded, over=over),
        ),
        Row(t("carbon.sum.rule"), t("carbon.sum.quota_rule", cap=cap, each=each, area=area)),
        Row(t("carbon.sum.rule_version"), _version(programme)),
        Row(t("carbon.card.source"), _sources(programme, "area_cap_mu", "trees_per_mu")),
    ]


def _platform_rows(asked: Sum, programme: Programme) -> list[Row]:
    value = platform_value(programme, asked.counted)
    numbers = {"kg": f"{value.co2e_kg:,.0f}", "yuan": f"{value.yuan:,.0f}", "n": f"{asked.counted:,}"}
    each = {"flat": f"{programme.flat_kg:g}", "price": f"{programme.price_yuan:g}"}
    unlike = t("carbon.sum.unlike", n=f"{asked.counted:,}", m=f"{asked.total.trees:,}")
    return [
        Row(t("carbon.sum.platform"), t("carbon.sum.platform_value", **numbers, **each)),
        *([Row(t("carbon.sum.counts"), unlike)] if asked.counted != asked.total.trees else []),
        Row(t("carbon.sum.apart"), t("carbon.sum.apart_words")),
        Row(t("carbon.sum.rule_version"), _version(programme)),
        Row(t("carbon.card.source"), _sources(programme, "flat_kg_per_tree_year", "price_yuan_per_tree_year")),
    ]


def _sources(programme: Programme, *names: str) -> str:
    """Where the rules were read, and how sure that is."""
    found = (programme.settings[name] for name in names)
    return listed((aside(one.source(language()), _mark_words(one.mark)) for one in found), apart=True)


def _mark_words(mark: str) -> str:
    return t(f"carbon.mark.{_MARKS[mark]}") if mark in _MARKS else mark


def _version(programme: Programme) -> str:
    ends = programme.valid_to.isoformat() if programme.valid_to else ""
    return t("carbon.sum.valid", version=programme.version, begins=programme.valid_from.isoformat(), ends=ends).strip()


def _steps(asked: Sum) -> tuple[StepRow, ...]:
    return tuple(
        StepRow(_step_words(step, asked), step.symbol, step.formula, step.calculation, digits(step.value), step.unit)
        for step in steps_of_sum(asked.total, asked.parts)
    )


def _step_words(step: SumStep, asked: Sum) -> str:
    """What a step works out; an error that trees share is named by where it comes from."""
    if not step.source:
        return t(f"carbon.sum.step.{step.name}")
    kind, _, what = step.source.partition(" ")
    key = f"carbon.sum.shared.{'stems' if BETWEEN_STEMS in what else kind}"
    what = next((part.name for part in asked.parts if part.equation_id == what and part.name), what)
    return t(key, what=what) if has(key) else step.source
