"""Where things lie in the picture of a comparison."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF

from fieldapp.carbon.picture import Picture, PictureLine
from fieldapp.ui.curve_scale import Scale, pieces, round_steps

ROOM = QRectF(40, 10, 400, 300)


def a_line(number: int, slope: float, low: float | None, high: float | None) -> PictureLine:
    d = tuple(float(one) for one in range(1, 21))
    along = tuple(slope * one for one in d)
    words = ("id", "name", "place", "marks", False)
    return PictureLine(number, *words, slope * 6, 0.0, 0.0, 0.0, d, along, (low, high))


def test_a_line_is_cut_where_its_range_ends() -> None:
    found = list(pieces(a_line(1, 1.0, 5.0, 10.0)))
    assert [inside for inside, _ in found] == [False, True, False]
    assert found[1][1][0] == (4.0, 4.0)  # joined to the piece before
    assert [inside for inside, _ in pieces(a_line(1, 1.0, None, None))] == [False]
    assert [inside for inside, _ in pieces(a_line(1, 1.0, None, 10.0))] == [True, False]


def test_one_steep_line_does_not_press_the_others_flat() -> None:
    lines = (*(a_line(n, 1.0, None, None) for n in range(1, 5)), a_line(5, 100.0, None, None))
    scale = Scale.of(Picture("", "", 6.0, 20.0, lines), ROOM)
    assert scale.kg_max >= 1.1 * 600  # but the tree itself stays in view
    assert Scale.of(Picture("", "", 6.0, 20.0, lines[:4]), ROOM).kg_max == pytest.approx(20.0)


def test_the_band_stays_in_the_room() -> None:
    scale = Scale(ROOM, 20.0, 100.0)
    band = scale.band(a_line(1, 1.0, 5.0, 60.0))
    assert band is not None
    assert (band.left(), band.right()) == (140.0, 440.0)
    assert scale.band(a_line(1, 1.0, None, None)) is None
    assert scale.point(0.0, 100.0) == QPointF(40, 10)


@given(st.lists(st.floats(0.1, 9.0), min_size=1, max_size=40))
def test_numbers_never_cover_each_other(slopes: list[float]) -> None:
    lines = [a_line(n, slope, None, None) for n, slope in enumerate(slopes)]
    scale = Scale.of(Picture("", "", 6.0, 20.0, tuple(lines)), ROOM)
    found = scale.label_heights(lines, 13.0)
    heights = [y for _, y in found]
    gap = min(13.0, ROOM.height() / len(lines))
    assert sorted(place for place, _ in found) == list(range(len(lines)))
    assert all(later - earlier >= gap - 1e-6 for earlier, later in pairwise(heights))
    assert heights[-1] <= ROOM.bottom() + 1e-6


@given(st.floats(0.01, 1e6))
def test_ticks_are_few_and_round(top: float) -> None:
    steps = round_steps(top)
    assert 2 <= len(steps) <= 7
    assert steps[-1] <= top * (1 + 1e-9)
