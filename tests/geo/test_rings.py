"""Rings whose area means nothing are told from those that only look odd."""

from __future__ import annotations

import math

import pytest

from fieldapp.geo.rings import crosses_itself, inner_point, outside, overlap, turns_back, winding

Ring = list[tuple[float, float]]
SQUARE: Ring = [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)]


def box(west: float, south: float, east: float, north: float) -> Ring:
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


@pytest.mark.parametrize(
    ("ring", "crosses"),
    [
        (SQUARE, False),
        (SQUARE[::-1], False),
        ([(0, 0), (4, 0), (4, 0), (4, 4), (0, 4), (0, 4), (0, 0)], False),  # a receiver that stood
        ([(0, 0), (4, 0), (2, 0), (4, 4), (0, 4), (0, 0)], False),  # a spike
        ([(0, 0), (4, 4), (4, 0), (0, 4), (0, 0)], True),  # a bow-tie
        ([(0, 0), (2, 2), (0, 4), (4, 4), (2, 2), (4, 0), (0, 0)], False),  # an hour-glass walked round
        ([(0, 0), (2, 2), (4, 4), (0, 4), (2, 2), (4, 0), (0, 0)], True),  # an eight through a corner
        ([*SQUARE, *SQUARE[1:]], True),  # walked round twice
        ([*SQUARE, (2, 0), (2, 2), (0, 2), (0, 0)], True),  # a part walked twice
        ([(0, 0), (4, 0), (4, 4), (0, 4), (0, 0), (1, 1), (1, 3), (3, 3), (3, 1), (1, 1), (0, 0)], False),  # a bridge
        (
            [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0), (1, 1), (3, 1), (3, 3), (1, 3), (1, 1), (0, 0)],
            True,
        ),  # added, not off
    ],
)
def test_a_ring_that_crosses_itself(ring: Ring, crosses: bool) -> None:
    assert crosses_itself(ring) is crosses
    assert crosses_itself(ring[::-1]) is crosses


def test_a_long_ring_is_looked_at_whole() -> None:
    circle = [(math.cos(n / 1000), math.sin(n / 1000)) for n in range(6283)]
    assert not crosses_itself([*circle, circle[0]])
    circle[3000], circle[3010] = circle[3010], circle[3000]
    assert crosses_itself([*circle, circle[0]])


@pytest.mark.parametrize(
    ("hole", "is_outside"),
    [
        (box(1, 1, 2, 2), False),
        (box(0, 0, 2, 2), False),  # in the corner
        (box(5, 5, 6, 6), True),
        (box(3, 3, 5, 5), True),
        (box(-1, -1, 5, 5), True),
        (SQUARE, False),
    ],
)
def test_a_hole_outside(hole: Ring, is_outside: bool) -> None:
    assert outside(hole, SQUARE) is is_outside


@pytest.mark.parametrize(
    ("other", "overlaps"),
    [
        (box(1, 1, 2, 2), True),  # the same
        (box(1, 1, 2, 2)[::-1], True),
        (box(2, 1, 3, 2), False),  # side by side
        (box(2, 2, 3, 3), False),  # corner to corner
        (box(1.5, 1, 2.5, 2), True),  # along a common line
        (box(1.5, 1.5, 2.5, 2.5), True),
        (box(1.25, 1.25, 1.75, 1.75), True),
        (box(0, 0, 4, 4), True),
    ],
)
def test_holes_that_overlap(other: Ring, overlaps: bool) -> None:
    assert overlap(box(1, 1, 2, 2), other) is overlaps
    assert overlap(other, box(1, 1, 2, 2)) is overlaps


def test_an_inner_point_is_inside() -> None:
    for ring in (SQUARE, [(0, 0), (4, 0), (4, 1), (1, 1), (1, 4), (0, 4), (0, 0)], [(0, 0), (4, 0), (0, 1), (0, 0)]):
        lon, lat = inner_point(ring)
        assert abs(winding(lat, lon, ring)) == 1


@pytest.mark.parametrize(
    ("ring", "back"),
    [
        (SQUARE, False),
        ([(0, 0), (2, 0), (4, 0), (4, 0), (4, 4), (0, 4), (0, 0)], False),  # a corner on a side, a receiver that stood
        ([(0, 0), (4, 0), (2, 0), (4, 4), (0, 4), (0, 0)], True),
        ([(0, 0), (4, 0), (6, 0), (4, 0), (4, 4), (0, 4), (0, 0)], True),
        ([(2, 0), (4, 0), (4, 4), (0, 4), (0, 0), (3, 0), (2, 0)], True),  # where the ring closes
    ],
)
def test_a_way_there_and_straight_back_is_told(ring: Ring, back: bool) -> None:
    assert turns_back(ring) == back
    assert not crosses_itself(ring) or back
