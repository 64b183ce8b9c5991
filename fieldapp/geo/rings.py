"""Whether the rings of a polygon bound an area: no ring crosses or repeats itself, holes lie inside and apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

Point = tuple[float, float]  # lon, lat
Side = tuple[Point, Point]


def winding(lat: float, lon: float, ring: Sequence[Point]) -> int:
    """How often a closed ring goes round a place: 0 is outside, 2 is twice, the sign is the direction."""
    count = 0
    for (lon1, lat1), (lon2, lat2) in pairwise(ring):
        if (lat1 > lat) != (lat2 > lat) and lon < lon1 + (lat - lat1) / (lat2 - lat1) * (lon2 - lon1):
            count += 1 if lat2 > lat1 else -1
    return count


def crosses_itself(ring: Sequence[Point]) -> bool:
    """Whether a closed ring crosses or goes round twice, so that its area means nothing; a bridge to a hole may be."""
    sides = _sides(ring)
    if any(_cross(a, b) or _same_way(a, b) for a, b in _pairs(sides, sides)):
        return True
    met: dict[Point, int] = {}
    for place, (corner, _) in enumerate(sides):
        if corner in met and _loops_against(sides[met[corner] : place], sides[: met[corner]] + sides[place:]):
            return True
        met[corner] = place
    return False


def turns_back(ring: Sequence[Point]) -> bool:
    """Whether a closed ring goes somewhere and straight back: no area, but the way counts twice in the perimeter."""
    sides = _sides(ring)
    return any(_back(one, other) for one, other in zip(sides, [*sides[1:], sides[0]], strict=True))


def outside(hole: Sequence[Point], outer: Sequence[Point]) -> bool:
    """Whether any of a hole lies outside the outer ring; they may touch."""
    if any(_cross(a, b) for a, b in _pairs(_sides(hole), _sides(outer))):
        return True
    corners = set(outer)
    return any(not winding(lat, lon, outer) for lon, lat in (*hole, inner_point(hole)) if (lon, lat) not in corners)


def overlap(one: Sequence[Point], other: Sequence[Point]) -> bool:
    """Whether two holes have some area in common; they may touch."""
    if any(_cross(a, b) for a, b in _pairs(_sides(one), _sides(other))):
        return True
    return any(_reaches_into(a, b) for a, b in ((one, other), (other, one)))


def inner_point(ring: Sequence[Point]) -> Point:
    """A place inside a closed ring, on the line half-way between two of its latitudes."""
    lats = sorted({lat for _, lat in ring})
    lat = max(pairwise(lats), key=lambda pair: pair[1] - pair[0], default=(lats[0], lats[0]))
    middle = (lat[0] + lat[1]) / 2
    cuts = sorted(
        lon1 + (middle - lat1) / (lat2 - lat1) * (lon2 - lon1)
        for (lon1, lat1), (lon2, lat2) in pairwise(ring)
        if (lat1 > middle) != (lat2 > middle)
    )
    return ((cuts[0] + cuts[1]) / 2 if len(cuts) > 1 else ring[0][0], middle)


def _reaches_into(one: Sequence[Point], other: Sequence[Point]) -> bool:
    middles = [((lon1 + lon2) / 2, (lat1 + lat2) / 2) for (lon1, lat1), (lon2, lat2) in _sides(one)]
    border = _sides(other)
    return any(
        winding(lat, lon, other) and not any(_on((lon, lat), side) for side in border)
        for lon, lat in (*one, *middles, inner_point(one))
    )


def _loops_against(loop: Sequence[Side], rest: Sequence[Side]) -> bool:
    """Whether two loops of a ring that meet in a corner make an eight, or go round the same ground twice."""
    rings = [[side[0] for side in part] + [part[-1][1]] for part in (loop, rest) if len(part) > 2]
    if len(rings) < 2:
        return False  # there and back again has no area
    small, large = sorted(rings, key=lambda ring: abs(_doubled_area(ring)))
    same = (_doubled_area(small) > 0) == (_doubled_area(large) > 0)
    lon, lat = inner_point(small)
    return bool(winding(lat, lon, large)) == same


def _doubled_area(ring: Sequence[Point]) -> float:
    lon0, lat0 = ring[0]
    return sum((a[0] - lon0) * (b[1] - lat0) - (b[0] - lon0) * (a[1] - lat0) for a, b in pairwise(ring))


def _sides(ring: Sequence[Point]) -> list[Side]:
    return list(pairwise(point for point, _ in groupby(ring)))  # a receiver that stands writes a corner twice


def _pairs(ones: Sequence[Side], others: Sequence[Side]) -> Iterator[tuple[Side, Side]]:
    """Pairs of sides that can meet: those whose longitudes overlap, each pair once; within one ring no neighbours."""
    own = ones is others
    first = [(min(a[0], b[0]), max(a[0], b[0]), 0, n, (a, b)) for n, (a, b) in enumerate(ones)]
    second = [] if own else [(min(a[0], b[0]), max(a[0], b[0]), 1, n, (a, b)) for n, (a, b) in enumerate(others)]
    waiting: list[tuple[float, float, int, int, Side]] = []
    for entry in sorted(first + second):
        waiting = [other for other in waiting if other[1] >= entry[0]]
        for other in waiting:
            apart = abs(entry[3] - other[3]) not in (0, 1, len(ones) - 1) if own else entry[2] != other[2]
            if apart:
                yield entry[4], other[4]
        waiting.append(entry)


def _cross(one: Side, other: Side) -> bool:
    (a, b), (c, d) = one, other
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _same_way(one: Side, other: Side) -> bool:
    """Whether two sides lie on each other for some length and lead the same way."""
    (a, b), (c, d) = one, other
    if _side(a, b, c) or _side(a, b, d) or (b[0] - a[0]) * (d[0] - c[0]) + (b[1] - a[1]) * (d[1] - c[1]) <= 0:
        return False
    axis = 0 if abs(b[0] - a[0]) >= abs(b[1] - a[1]) else 1
    low, high = max(min(a[axis], b[axis]), min(c[axis], d[axis])), min(max(a[axis], b[axis]), max(c[axis], d[axis]))
    return low < high


def _back(one: Side, other: Side) -> bool:
    """Whether the second of two sides in a row lies on the first and leads against it."""
    (a, b), (_, c) = one, other
    return _side(a, b, c) == 0 and (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) < 0


def _on(point: Point, side: Side) -> bool:
    (a, b) = side
    within = min(a[0], b[0]) <= point[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= point[1] <= max(a[1], b[1])
    return within and _side(a, b, point) == 0


def _side(a: Point, b: Point, p: Point) -> float:
    return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])
