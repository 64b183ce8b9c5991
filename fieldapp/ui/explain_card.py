"""'Explain this number': inputs, equation, coefficients, source, range, each step, version and checksum on one card."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from fieldapp import i18n
from fieldapp.domain.programme import Programme
from fieldapp.domain.records import Parcel
from fieldapp.domain.sinks import SinkInput
from fieldapp.ui import figures
from fieldapp.ui.cards import Figure
from fieldapp.ui.shown import number
from fieldapp.ui.tasks import Tasks

if TYPE_CHECKING:
    from fieldapp.storage.store import Store
    from fieldapp.storage.views import SinkTotals, TreeRow
    from fieldapp.ui.desk import Desk


@dataclass(frozen=True, slots=True)
class Question:
    """Which number is asked about: one tree's (`tree`), or a household's figure with its parts."""

    title: str
    tree: SinkInput | None = None
    measured: str = ""
    chosen_why: str = ""  # the person's reason for the equation of the parcel
    figure: Figure | None = None
    totals: SinkTotals | None = None
    platform: str = ""

    @staticmethod
    def of_tree(row: TreeRow, parcel: Parcel | None, programme: Programme) -> Question:
        """The question about one tree's provisional stock."""
        species = row.tree.species or (parcel.species if parcel else None) or ""
        equation = parcel.equation_id if parcel else None
        measured = " · ".join(filter(None, (row.measured_on, row.measured_by)))
        flat = i18n.t("ui.explain.platform", kg=f"{programme.flat_kg:g}", version=programme.version)
        title = i18n.t("ui.subject.tree", tag=row.tree.tag or "—")
        asked = SinkInput(species, row.dbh_cm, row.height_m, equation_id=equation)
        why = (parcel.equation_reason or i18n.t("ui.explain.no_why")) if parcel and equation else ""
        return Question(title, asked, measured, why, platform=flat)


def questions(desk: Desk, programme: Programme, equation: Callable[[str], str]) -> dict[str, Question]:
    """The questions that the cards of a household stand for."""
    name = i18n.t("ui.subject.household")
    return {
        "quota": Question(name, figure=figures.quota_figure(desk, programme)),
        "stock": Question(name, figure=figures.stock_figure(desk.totals, equation), totals=desk.totals),
        "platform": Question(name, figure=figures.platform_figure(desk.totals.trees, programme)),
    }


class ExplainCard(QDialog):
    """The card; Esc closes it."""

    def __init__(self, parent: QWidget, tasks: Tasks, question: Question) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{i18n.t('ui.command.explain')} · {question.title}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 580)
        self.text = QTextBrowser()
        self.text.setAccessibleName(self.windowTitle())
        self.text.setOpenExternalLinks(False)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(i18n.t("word.close"))
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.addWidget(self.text)
        column.addWidget(buttons)
        if question.tree is None:
            self.text.setHtml(_figure_html(question))
        else:
            asked = question.tree
            tasks.run(self, lambda store: _explain(store, asked), lambda found: self._show(question, found))

    def _show(self, question: Question, found: Mapping[str, Any]) -> None:
        self.text.setHtml(tree_html(question, found))


def _explain(store: Store, asked: SinkInput) -> dict[str, Any]:
    from fieldapp.carbon.estimate import RegistryEstimator
    from fieldapp.carbon.explain import explain
    from fieldapp.carbon.words import reason_text

    if not isinstance(store.estimator, RegistryEstimator):
        return {"error": "no_registry"}
    found = explain(store.estimator, asked)
    return found.as_dict(reason_text(found.reason, found.reason_params))


def _row(*cells: str, head: bool = False) -> str:
    tag = "th" if head else "td"
    first, *others = cells
    body = f"<{tag} align='left' valign='top' width='24%'>{first}</{tag}>"
    return "<tr>" + body + "".join(f"<{tag} align='left' valign='top'>{cell}</{tag}>" for cell in others) + "</tr>"


def _table(rows: list[str]) -> str:
    return f"<table width='100%' cellspacing='0' cellpadding='3'>{''.join(rows)}</table>"


def _figure_html(question: Question) -> str:
    figure = question.figure
    if figure is None:
        return ""
    parts = [f"<h2>{html.escape(figure.number)} {html.escape(figure.note)}</h2>"]
    parts.append("<p>" + "<br>".join(map(html.escape, figure.hint.split("\n"))) + "</p>")
    if question.totals is not None:
        rows = [_row(*(i18n.t(f"ui.explain.{c}") for c in ("equation", "version", "status", "trees", "kg")), head=True)]
        rows += [
            _row(
                part.equation_id,
                part.method_version,
                i18n.t(f"carbon.status.{part.status}"),
                f"{part.n:,}",
                number(part.co2e_kg),
            )
            for part in question.totals.by_equation
        ]
        parts.append(_table(rows))
    return "".join(parts)


def tree_html(question: Question, found: Mapping[str, Any]) -> str:
    """The whole card of one tree as a page."""
    error = found.get("error")
    if error:
        words = i18n.t(f"finding.{error}") if i18n.has(f"finding.{error}") else str(error)
        return f"<h2>{html.escape(i18n.t('ui.explain.none'))}</h2><p>{html.escape(words)}</p>"
    low, high = number(found.get("co2e_low_kg")), number(found.get("co2e_high_kg"))
    total = i18n.t("ui.explain.total", kg=number(found.get("co2e_kg")), low=low, high=high)
    flags = " · ".join(i18n.t(f"carbon.flag.{flag}") for flag in found.get("flags", ()))
    why = (i18n.t("ui.explain.why"), question.chosen_why)
    last = [
        (i18n.t("ui.explain.version"), found.get("method_version")),
        (i18n.t("ui.explain.checksum"), found.get("checksum")),
    ]
    return "".join(
        (
            f"<h2>{html.escape(total)}</h2><p>{html.escape(i18n.t('ui.card.stock.hint'))} {html.escape(flags)}</p>",
            _section("inputs", _pairs(_inputs(found["inputs"], question.measured))),
            _section("equation", _pairs([*_equation(found["equation"], str(found.get("reason") or "")), why])),
            _section("steps", _steps(found["steps"])),
            f"<br>{_pairs(last)}<p>{html.escape(question.platform)}</p>",
        )
    )


def _inputs(inputs: Mapping[str, Any], measured: str) -> list[tuple[str, Any]]:
    species = f"{inputs['species_chinese']} {inputs['species_latin']}".strip() or inputs["species"]
    return [
        (i18n.t("ui.explain.species"), species),
        (i18n.t("field.measurement.dbh_cm"), inputs["dbh_cm"]),
        (i18n.t("field.measurement.height_m"), inputs["height_m"]),
        (i18n.t("ui.explain.measured"), measured),
    ]


def _equation(equation: Mapping[str, Any], reason: str) -> list[tuple[str, Any]]:
    source = equation["reference"]
    where = ", ".join(str(source[part]) for part in ("authors", "year", "title", "locator", "doi") if source[part])
    low, high = equation["d_range_cm"]
    return [
        (i18n.t("ui.explain.formula"), equation["formula"]),
        (i18n.t("ui.explain.coefficients"), equation["coefficients"]),
        (i18n.t("ui.explain.source"), where),
        (i18n.t("ui.explain.range"), None if low is None and high is None else f"{_plain(low)} – {_plain(high)} cm"),
        (i18n.t("ui.explain.place"), equation["place"]),
        (i18n.t("ui.explain.n"), equation["n"]),
        ("R2", equation["r2"]),
        (i18n.t("ui.explain.status"), i18n.t(f"carbon.status.{equation['status']}")),
        (i18n.t("ui.explain.reason"), reason),
        (i18n.t("ui.explain.id"), equation["id"]),
    ]


def _steps(steps: Sequence[Mapping[str, Any]]) -> str:
    rows = [_row(*(i18n.t(f"ui.explain.{c}") for c in ("step", "formula", "value")), head=True)]
    for step in steps:
        unit = "" if step["unit"] == "1" else step["unit"]
        value = f"<b>{html.escape(_plain(step['value']))}</b> {html.escape(unit)}"
        rows.append(_row(html.escape(i18n.t(f"carbon.step.{step['name']}")), html.escape(step["formula"]), value))
    return _table(rows)


def _section(name: str, body: str) -> str:
    return f"<h3>{html.escape(i18n.t(f'ui.explain.{name}'))}</h3>{body}"


def _pairs(values: Iterable[tuple[str, Any]]) -> str:
    known = [(name, value) for name, value in values if value not in (None, "", {})]
    return _table([_row(html.escape(name), html.escape(_plain(value))) for name, value in known])


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} = {_plain(part)}" for key, part in value.items() if part not in (None, ""))
    return "…" if value is None else str(value)
