"""The list of households: namesakes in one group are told apart, others are not cluttered."""

from __future__ import annotations

from fieldapp import i18n
from fieldapp.ui.household_model import HouseholdModel
from tests.ui.conftest import Window, add_household


def marks(model: HouseholdModel) -> list[str]:
    rows = [model.at(number) for number in range(model.rowCount())]
    return [model.mark(row) for row in rows if row is not None]


def test_namesakes_in_one_group_show_their_numbers(window: Window) -> None:
    model = window.bench.list.model
    assert marks(model) == ["三组"]
    window.ask(lambda store: add_household(store, "杨正光"))
    window.ask(lambda store: add_household(store, "吴阿朵"))
    window.desktop.session.refresh()  # type: ignore[union-attr]
    window.settle()
    first, second, third = marks(model)
    assert first == "三组 " + i18n.t("ui.household.number", number="1")
    assert second == "三组 " + i18n.t("ui.household.number", number="2")
    assert third == "三组"
    window.press("privacy")
    assert "2" in model.index(1).data()
    window.press("privacy")
