"""Sets a card as lines of text for the command line, and as the JSON that machines read."""

from __future__ import annotations

import json

from fieldapp.carbon.card_parts import Card, Section, StepRow
from fieldapp.carbon.explain import Explanation
from fieldapp.carbon.words import error_text, reason_text
from fieldapp.i18n import labelled, t


def card_json(found: Explanation) -> str:
    """The card as `fieldapp explain --json` prints it, byte for byte."""
    reason = error_text(found.sink.error) if found.sink.error else reason_text(found.reason, found.reason_params)
    return json.dumps(found.as_dict(reason), ensure_ascii=False, indent=2)


def card_lines(card: Card) -> list[str]:
    """The whole card, one line a row; the same words as in the window and on paper."""
    lines = [card.title, card.headline, card.marks]
    for section in card.before:
        lines += _section(section)
    if card.steps:
        lines += ["", t("carbon.card.section.steps"), *map(_step, card.steps)]
    for section in card.after:
        lines += _section(section)
    return lines


def _section(section: Section) -> list[str]:
    return ["", section.title, *(f"  {labelled(row.label, row.text)}" for row in section.rows)]


def _step(step: StepRow) -> str:
    formula = f" = {step.formula}" if step.formula and step.formula != step.calculation else ""
    calculation = "" if step.calculation == step.value else f" = {step.calculation}"
    return f"  {labelled(step.label, f'{step.symbol}{formula}{calculation} = {step.value} {step.unit}')}".rstrip()
