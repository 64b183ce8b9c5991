"""'Explain this number': inputs, equation, coefficients, source, range, each step, version and checksum on one card."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
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
        return Question(title, asked, measured, platform=flat)


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
    return "<tr>" + "".join(f"<{tag} align='left' valign='top'>{cell}</{tag}>" for cell in cells) + "</tr>"


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
            _row(part.equation_id, part.method_version, part.status, f"{part.n:,}", number(part.co2e_kg))
            for part in question.totals.by_equation
        ]
        parts.append(_table(rows))
    return "".join(parts)


def tree_html(question: Question, found: Mapping[str, Any]) -> str:
    """The whole card of one tree as a page."""
    if found.get("error"):
        return f"<h2>{html.escape(i18n.t('ui.explain.none'))}</h2><p>{html.escape(_code(str(found['error'])))}</p>"
    low, high = number(found.get("co2e_low_kg")), number(found.get("co2e_high_kg"))
    total = i18n.t("ui.explain.total", kg=number(found.get("co2e_kg")), low=low, high=high)
    flags = " · ".join(_code(str(flag)) for flag in found.get("flags", ()))
    parts = [f"<h2>{html.escape(total)}</h2><p>{html.escape(i18n.t('ui.card.stock.hint'))} {html.escape(flags)}</p>"]
    parts.append(_section("inputs", _pairs(found.get("inputs", {}), question.measured)))
    parts.append(_section("equation", _pairs(found.get("equation", {}), "")))
    steps = [_row(*(i18n.t(f"ui.explain.{c}") for c in ("step", "formula", "value")), head=True)]
    for step in found.get("steps", ()):
        value = f"<b>{html.escape(_plain(step.get('value')))}</b> {html.escape(str(step.get('unit') or ''))}"
        steps.append(_row(html.escape(_code(str(step.get("name")))), html.escape(str(step.get("formula"))), value))
    parts.append(_section("steps", _table(steps)))
    reason = found.get("reason")
    known = [(i18n.t("ui.explain.reason"), str(reason))] if isinstance(reason, str) else []
    known += [(i18n.t("ui.explain.version"), str(found.get("method_version", "")))]
    known += [(i18n.t("ui.explain.checksum"), str(found.get("checksum", "")))]
    parts.append(_table([_row(html.escape(a), html.escape(b)) for a, b in known]))
    parts.append(f"<p>{html.escape(question.platform)}</p>")
    return "".join(parts)


def _section(name: str, body: str) -> str:
    return f"<h3>{html.escape(i18n.t(f'ui.explain.{name}'))}</h3>{body}"


def _pairs(values: Mapping[str, Any], more: str) -> str:
    rows = [_row(html.escape(_code(str(k))), html.escape(_plain(v))) for k, v in values.items() if v not in (None, "")]
    if more:
        rows.append(_row(html.escape(i18n.t("ui.explain.measured")), html.escape(more)))
    return _table(rows)


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} = {_plain(part)}" for key, part in value.items() if part not in (None, ""))
    if isinstance(value, (list, tuple)):
        return " – ".join(_plain(part) for part in value)
    return str(value)


def _code(code: str) -> str:
    """A code of the carbon room in words where the catalogue has them."""
    keys = (f"finding.{code}", f"explain.{code}", f"field.measurement.{code}", f"field.tree.{code}")
    return next((i18n.t(key) for key in keys if i18n.has(key) and "{" not in i18n.t(key)), code)
