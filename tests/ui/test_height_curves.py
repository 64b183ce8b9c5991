"""A parcel's missing heights: a curve fitted to its own heights by one choice, fitted again, taken away."""

from __future__ import annotations

from PySide6.QtCore import Qt

from fieldapp import i18n
from fieldapp.carbon.height_curve import MIN_HEIGHTS
from fieldapp.carbon.kept_curve import read_curve
from fieldapp.domain.ids import DeviceId, RecordId, new_id
from fieldapp.domain.records import Measurement, Tree
from fieldapp.storage.store import Store
from fieldapp.storage.views import Choice, ConflictRow
from fieldapp.ui.explain_card import ExplainCard
from fieldapp.ui.height_curves import curve_words
from fieldapp.ui.inbox import choice_texts
from tests.ui.conftest import Window
from tests.ui.test_parcel_choices import choice, parcel, trees

DOWN, HOME, END = Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End


def grow(window: Window, heights: int, bare: int, start_cm: float = 5.0, species: str = "杉木") -> None:
    """Trees of the parcel, the first ones with a height."""
    key, village = parcel(window).id, parcel(window).village_code

    def work(store: Store) -> None:
        with store.unit() as unit:
            for n in range(heights + bare):
                tree = unit.add(Tree(id=new_id(), village_code=village, parcel_id=key, species=species, state="alive"))
                d_cm = start_cm + n / 2
                tall = round(1.3 + d_cm * 0.6 + (0.2 if n % 2 else -0.2), 1) if n < heights else None
                fact = Measurement(
                    id=RecordId(new_id()), village_code=village, tree_id=tree.id, dbh_cm=d_cm, height_m=tall
                )
                unit.add(fact)
            unit.commit()

    window.ask(work)
    window.desktop.session.refresh()
    window.settle()


def flagged(window: Window) -> list[bool]:
    """Of each tree, whether its height is from the curve."""
    return ["height_curve" in row.sink.flags for row in trees(window)]


def test_with_too_few_heights_no_curve_is_offered_and_the_field_says_why(window: Window) -> None:
    grow(window, MIN_HEIGHTS - 1, 2)
    box = choice(window, "height_curve")
    assert box.itemText(0) == i18n.t("ui.height_curve.none")
    assert [box.itemData(place) for place in range(box.count())] == [None, None]
    assert box.itemText(1) == i18n.t("ui.height_curve.too_few", least=MIN_HEIGHTS, have=MIN_HEIGHTS - 1)
    window.keys(DOWN)
    window.settle()
    assert parcel(window).height_curve is None


def test_one_choice_fits_the_curve_and_computes_the_trees_without_height(window: Window) -> None:
    grow(window, MIN_HEIGHTS, 2)
    before = [row.sink for row in trees(window)]
    box = choice(window, "height_curve")
    assert box.count() == 2
    for part in ("杉木", f"n = {MIN_HEIGHTS}", "D 5–8.5 cm"):
        assert part in box.itemText(1)
    window.keys(DOWN)
    window.settle()
    kept = parcel(window).height_curve or ""
    curve = read_curve(kept)
    assert curve is not None
    assert (curve.species, curve.n) == ("cunninghamia_lanceolata", MIN_HEIGHTS)
    assert flagged(window) == [False] * MIN_HEIGHTS + [True, True]
    assert [row.sink for row in trees(window)][:MIN_HEIGHTS] == before[:MIN_HEIGHTS]
    assert box.currentData() == kept
    assert box.currentText() == i18n.t("ui.height_curve.kept", words=curve_words(kept, lambda _: "杉木"))
    assert box.count() == 2, "what was just fitted is not offered again"
    window.keys(HOME)
    window.settle()
    assert parcel(window).height_curve is None
    assert [row.sink for row in trees(window)] == before


def test_more_heights_offer_to_fit_again(window: Window) -> None:
    grow(window, MIN_HEIGHTS, 1)
    choice(window, "height_curve")
    window.keys(DOWN)
    window.settle()
    first = parcel(window).height_curve
    grow(window, 4, 0, 9.5)
    box = choice(window, "height_curve")
    assert box.currentData() == first, "nothing changes by itself"
    assert box.count() == 3
    assert f"n = {MIN_HEIGHTS + 4}" in box.itemText(2)
    window.keys(END)
    window.settle()
    again = read_curve(parcel(window).height_curve or "")
    assert again is not None
    assert again.n == MIN_HEIGHTS + 4


def test_a_curve_that_changes_nothing_says_so(window: Window) -> None:
    grow(window, MIN_HEIGHTS, 1, species="柳杉")
    box = choice(window, "height_curve")
    assert i18n.t("ui.height_curve.unused", words="") in box.itemText(1)
    window.keys(DOWN)
    window.settle()
    assert parcel(window).height_curve
    assert not any(flagged(window))


def test_history_card_and_conflict_say_the_curve_in_words(window: Window) -> None:
    grow(window, MIN_HEIGHTS, 1)
    choice(window, "height_curve")
    window.keys(DOWN)
    window.settle()
    kept = parcel(window).height_curve or ""
    words = curve_words(kept)
    window.bench.page.show_tab("history")
    window.settle()
    lines = [window.bench.page.history.item(n).text() for n in range(window.bench.page.history.count())]
    assert any(words in line for line in lines)
    assert not any("naslund" in line for line in lines)
    window.bench.page.go_to("tree", trees(window)[-1].id, "dbh_cm")
    window.press("explain")
    window.settle()
    card = window.desktop.window.findChild(ExplainCard)
    assert isinstance(card, ExplainCard)
    text = card.text.toPlainText()
    assert i18n.t("carbon.card.section.height_curve") in text
    assert f"n = {MIN_HEIGHTS}" in text
    card.close()


def test_two_laptops_curves_stand_against_each_other_in_words() -> None:
    curve = '{"a":1.3,"b":0.21,"d_max_cm":9,"d_min_cm":5,"fitted_on":"2026-11-23","model":"naslund","n":12,'
    curve += '"sd_m":0.7,"species":"cunninghamia_lanceolata","version":1}'
    choices = tuple(Choice(value, "Wei", DeviceId(bytes(16)), 0) for value in (curve, None))
    row = ConflictRow("parcel", RecordId(new_id()), "522633100201", "height_curve", choices)
    assert choice_texts(row, hidden=True) == [curve_words(curve), i18n.t("word.none")]
    assert "n = 12" in curve_words(curve)
    assert curve_words("{}") == i18n.t("ui.height_curve.unreadable")
