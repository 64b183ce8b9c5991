"""The rows of a card about time: the modelled year, and the change since an earlier visit; neither is a fact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldapp.carbon.calculation import given
from fieldapp.carbon.card_parts import Row, row
from fieldapp.carbon.words import error_text, year_ago
from fieldapp.i18n import t


def modelled_row(modelled: Mapping[str, Any]) -> Row:
    if modelled["error"] or modelled["yearly_kg"] is None:
        return row("modelled", error_text(modelled["error"]))
    text = t(
        "carbon.card.modelled_value",
        value=f"{modelled['yearly_kg']:.1f}",
        age=modelled["age_years"],
        before=year_ago(modelled),
        form=t(f"carbon.curve.{modelled['form']}"),
        source=_curve_source(modelled),
    )
    return row("modelled", text)


def change_rows(change: Mapping[str, Any]) -> list[Row]:
    """The change since the last visit; a word in each row that could be taken for a fact says that it is none."""
    dates = t(
        "carbon.card.change_dates_value", begins=change["from"], ends=change["to"], years=f"{change['years']:.2f}"
    )
    rows = [
        row("change_dates", dates),
        row("change_dbh", f"{_size(change, 'from')} → {_size(change, 'to')} cm"),
    ]
    if change["error"]:
        return [*rows, row("change", error_text(change["error"]))]
    value, low, high = (f"{change[f'change_{name}_kg']:+.1f}" for name in ("co2e", "low", "high"))
    measured, shared = (f"{change[f'{name}_half_width_kg']:.1f}" for name in ("measurement", "equation"))
    rows += [
        row("change", t("carbon.card.change_value", value=value, low=low, high=high)),
        row("change_parts", t("carbon.card.change_parts_value", measured=measured, shared=shared)),
    ]
    shrunk = t("carbon.card.change_shrunk") if "dbh_shrunk" in change["findings"] else None
    stems = t("carbon.card.change_stems") if "stems_changed" in change["findings"] else None
    return [*rows, row("change_question", shrunk or stems)]


def _size(change: Mapping[str, Any], end: str) -> str:
    """What was measured at one end: of a fork its stems."""
    return change.get(f"stems_{end}") or given(change[f"dbh_{end}_cm"])


def _curve_source(modelled: Mapping[str, Any]) -> str:
    """Where the growth curve comes from, in words; one that was decided here has no publication to name."""
    curve, status = modelled["curve"], modelled["status"]
    if status == "decision":
        return t("carbon.card.curve_decided", curve=curve)
    return f"{curve}; {t(f'carbon.status.{status}')}; {modelled['reference']}"
