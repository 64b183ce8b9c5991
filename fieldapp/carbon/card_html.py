"""Sets a card as a page for window and paper: formulas with raised exponents and lowered names."""

from __future__ import annotations

import html
import re

from fieldapp.carbon.card_parts import Card, Row, Section, StepRow
from fieldapp.i18n import t

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_ZEROS = re.compile(r"(\d\.\d*?)0+(?![\d])")
_LOWERED = re.compile(r"([A-Za-zα-ω0-9])_([A-Za-zρ]+)")

# in a label; ids of equations have such lines too
_ERROR_OF = re.compile(r"(?<![A-Za-z])([sU])_(D|H|R|ρ|b|WD|BEF)(?![A-Za-z])")


def typeset(formula: str) -> str:
    """A formula as HTML: `D^2.3100` with the power raised and no idle zeros, `C_a` with the name lowered."""
    plain = _ZEROS.sub(lambda found: found[1].rstrip("."), formula).replace("+ -", "− ")
    plain = re.sub(r"(?<![\w.)])-(?=\d)", "−", plain).replace(" - ", " − ")
    return _LOWERED.sub(r"\1<sub>\2</sub>", _raised(html.escape(plain, quote=False))).replace("CO2", "CO<sub>2</sub>")


def _raised(text: str) -> str:
    """Everything behind a `^` raised: a number, or what stands in the brackets that follow."""
    head, mark, rest = text.partition("^")
    if not mark:
        return head
    end = _closing(rest) if rest.startswith("(") else None
    if end is not None:
        return f"{head}<sup>{rest[1:end].replace('^', '')}</sup>{_raised(rest[end + 1 :])}"
    number = re.match(r"[−-]?\d+(?:\.\d+)?", rest)
    size = number.end() if number else 0
    return f"{head}<sup>{rest[:size]}</sup>{_raised(rest[size:])}"


def _closing(text: str) -> int | None:
    depth = 0
    for place, sign in enumerate(text):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if not depth:
            return place
    return None


def page(card: Card) -> str:
    """The whole card."""
    parts = [
        f"<h2>{_words(card.headline)}</h2>",
        f"<p><b>{_words(card.title)}</b><br>{_words(card.marks)}</p>",
        *(_section(section) for section in card.before),
        _steps(card.steps) if card.steps else "",
        *(_section(section) for section in card.after),
    ]
    return "".join(parts)


def _section(section: Section) -> str:
    return f"<h3>{_words(section.title)}</h3>{_table([_pair(row) for row in section.rows])}"


def _pair(row: Row) -> str:
    text = typeset(row.text) if row.formula else _words(row.text)
    label = _ERROR_OF.sub(r"\1<sub>\2</sub>", _words(row.label))
    return f"<tr><td width='24%' valign='top'>{label}</td><td valign='top'>{text}</td></tr>"


def _steps(steps: tuple[StepRow, ...]) -> str:
    rows = [
        f"<tr><td width='24%' valign='top'>{_words(step.label)}</td><td valign='top'>{_calculation(step)}</td>"
        f"<td width='20%' align='right' valign='top'><b>{step.value}</b> {_words(step.unit)}</td></tr>"
        for step in steps
    ]
    return f"<h3>{_words(t('carbon.card.section.steps'))}</h3>{_table(rows)}"


def _calculation(step: StepRow) -> str:
    symbolic = f"{step.symbol} = {step.formula}" if step.formula else step.symbol
    if step.formula == step.calculation:
        return typeset(symbolic)
    return f"{typeset(symbolic)}<br>= {typeset(step.calculation)}"


def _table(rows: list[str]) -> str:
    return f"<table width='100%' cellspacing='0' cellpadding='3'>{''.join(rows)}</table>"


def _words(text: str) -> str:
    """Text as it is, with the two of CO2 lowered."""
    return html.escape(text).replace("CO2", "CO<sub>2</sub>").replace("R2", "R<sup>2</sup>")
