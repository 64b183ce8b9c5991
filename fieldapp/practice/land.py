"""Invented land: where parcels lie on the slope, where trees stand in them, how thick and how high they are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

CENTRE_LAT, CENTRE_LON, CENTRE_ALT_M = 26.030, 108.600, 520.0  # inside the county of the practice village
M2_PER_MU = 2000 / 3
_M_PER_DEGREE_LAT = 110_800.0
_M_PER_DEGREE_LON = 111_320.0 * math.cos(math.radians(CENTRE_LAT))
_VILLAGE_RADIUS_M = 1_500.0

PLACE_NAMES = (
    "屋背坡", "岩脚", "老虎冲", "大田坎", "枫木坳", "凉亭坡", "井边", "高坡", "弄塘", "大坪", "茶山", "竹林湾",
    "岑松", "归密", "水碾边", "土地坳", "长岭", "盘坡", "马鞍山", "杉木冲", "新寨背", "鼓楼坡", "石板坳", "对门坡",
)  # fmt: skip
SPECIES = ("杉木", "柳杉", "马尾松", "亮叶桦", "枫香树", "木荷")
_SPECIES_WEIGHTS = (52, 18, 18, 5, 4, 3)
_CM_PER_YEAR = {"杉木": 0.72, "柳杉": 0.75, "马尾松": 0.62, "亮叶桦": 0.7, "枫香树": 0.55, "木荷": 0.5}
_M_PER_CM = {"杉木": 0.78, "柳杉": 0.72, "马尾松": 0.68, "亮叶桦": 0.95, "枫香树": 0.85, "木荷": 0.7}


@dataclass(frozen=True, slots=True)
class Plot:
    """A rectangle on the slope, turned by `bearing`; sides in metres, its centre in metres from the village."""

    east_m: float
    north_m: float
    width_m: float
    depth_m: float
    bearing: float
    alt_m: float

    def point(self, across: float, along: float) -> tuple[float, float]:
        """Latitude and longitude of a place in the plot; both shares run from 0 to 1."""
        x, y = (across - 0.5) * self.width_m, (along - 0.5) * self.depth_m
        east = self.east_m + x * math.cos(self.bearing) - y * math.sin(self.bearing)
        north = self.north_m + x * math.sin(self.bearing) + y * math.cos(self.bearing)
        return round(CENTRE_LAT + north / _M_PER_DEGREE_LAT, 7), round(CENTRE_LON + east / _M_PER_DEGREE_LON, 7)

    def wkt(self) -> str:
        """The outline, longitude first."""
        ring = [self.point(x, y) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]
        return "POLYGON((" + ", ".join(f"{lon:.7f} {lat:.7f}" for lat, lon in ring) + "))"


def plot(chance: Random, area_mu: float) -> Plot:
    """A plot of this area somewhere around the village."""
    area_m2 = area_mu * M2_PER_MU
    width = math.sqrt(area_m2 * chance.uniform(0.6, 1.6))
    away, direction = _VILLAGE_RADIUS_M * math.sqrt(chance.random()), chance.uniform(0, 2 * math.pi)
    return Plot(
        east_m=away * math.cos(direction),
        north_m=away * math.sin(direction),
        width_m=width,
        depth_m=area_m2 / width,
        bearing=chance.uniform(0, math.pi),
        alt_m=CENTRE_ALT_M + away * 0.12 + chance.uniform(-20, 20),
    )


def tree_place(chance: Random, index: int, count: int) -> tuple[float, float]:
    """Where a tree of the plot stands: planted in rows, a little off."""
    columns = max(1, round(math.sqrt(count)))
    rows = math.ceil(count / columns)
    row, column = divmod(index, columns)
    across = (column + 0.5 + chance.uniform(-0.2, 0.2)) / columns
    along = (row + 0.5 + chance.uniform(-0.2, 0.2)) / rows
    return min(max(across, 0.0), 1.0), min(max(along, 0.0), 1.0)


def species(chance: Random) -> str:
    """What a parcel was planted with."""
    return chance.choices(SPECIES, _SPECIES_WEIGHTS)[0]


def dbh_cm(chance: Random, name: str, age_years: int) -> float:
    """A diameter: the stand's mean by species and age, spread as in an even-aged stand, to 0.1 cm."""
    mean = min(max(_CM_PER_YEAR[name] * age_years, 4.8), 9.5)
    return round(max(3.2, chance.gauss(mean, 0.13 * mean)), 1)


def height_m(chance: Random, name: str, dbh: float) -> float:
    """The height that goes with a diameter, to 0.1 m."""
    return round(max(1.8, 1.3 + _M_PER_CM[name] * dbh * chance.gauss(1.0, 0.08)), 1)
