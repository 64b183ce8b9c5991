"""The list of households: each is named by its number, as findings and the township name it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fieldapp import i18n
from fieldapp.domain.ids import RecordId, new_id
from fieldapp.storage import reads
from fieldapp.storage.store import Store
from fieldapp.storage.views import HouseholdRow
from fieldapp.ui import edits
from fieldapp.ui.household_model import HouseholdModel, state_words
from tests.ui.conftest import Window, add_household


def marks(model: HouseholdModel) -> list[str]:
    rows = [model.at(number) for number in range(model.rowCount())]
    return [model.mark(row) for row in rows if row is not None]


def test_every_household_shows_the_number_by_which_findings_name_it(window: Window) -> None:
    model = window.bench.list.model
    assert marks(model) == [i18n.t("ui.household.number", number="1") + " 三组"]
    window.ask(lambda store: add_household(store, "杨正光"))
    window.ask(lambda store: add_household(store, "吴阿朵"))
    window.desktop.session.refresh()  # type: ignore[union-attr]
    window.settle()
    assert marks(model)[1:] == [i18n.t("ui.household.number", number=n) + " 三组" for n in ("2", "3")]
    window.press("privacy")
    assert "2" in model.index(1).data()
    window.press("privacy")


def row(**changes: Any) -> HouseholdRow:
    """A household in the list, of 10 trees unless something else is said."""
    plain = HouseholdRow(
        new_id(), "522632106203", "A", 1, "杨正光", "三组", "draft", 1, 1.6, 10, 10, 10, 10, 0, 1.0, 0, 0, 0, True, 0
    )
    return replace(plain, **changes)


def test_what_must_be_mended_stands_before_the_quota() -> None:
    words, tone = state_words(row(findings_red=4, findings_amber=2), 7)
    assert tone == "red"
    assert words.index(i18n.t("ui.state.to_mend", n=4)) < words.index(i18n.t("ui.state.over", n=3))
    words, tone = state_words(row(findings_amber=2), 7)
    assert (i18n.t("ui.state.over", n=3) in words, tone) == (True, "amber")


def test_the_list_calls_a_draft_what_the_status_bar_counts_as_one(window: Window) -> None:
    draft = i18n.t("ui.state.draft")
    assert all(
        draft in state_words(row(trees=trees, counted=trees, waiting=w), 450)[0] for trees in (0, 9) for w in (0, 1)
    )
    assert i18n.t("ui.state.draft") not in state_words(row(state="ready", trees=0), 450)[0]
    status = window.desktop.session.status  # type: ignore[union-attr]
    assert status is not None
    assert status.drafts == 1
    assert draft in window.bench.list.model.index(0).data()


def test_the_list_counts_households_that_nobody_has_opened(window: Window) -> None:
    def add(store: Store) -> None:
        household = reads.household(store, RecordId(add_household(store, "吴阿朵")))
        assert household is not None
        edits.store_field(store, edits.Box(household.household), "id_number", "1")

    window.ask(add)
    window.desktop.session.refresh()  # type: ignore[union-attr]
    window.settle()
    found = {r.name: r.findings_red for r in window.desktop.session.households}  # type: ignore[union-attr]
    assert found["吴阿朵"] == 1
