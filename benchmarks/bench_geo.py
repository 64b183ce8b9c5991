"""Positions: a receiver's sentences beside another parser in the same run, the mean of a log, the county of a point."""

from __future__ import annotations

import random
import time
from functools import reduce
from statistics import fmean, median

import pynmea2

from benchmarks.figures import Figure
from fieldapp.geo.average import average, distance_m, metres_per_degree
from fieldapp.geo.counties import inside_county
from fieldapp.geo.nmea import Fix, read

LINES, LOGS, POINTS = 20_000, 20, 2_000
LAT, LON = 26.259, 107.519


def run() -> list[Figure]:
    """All figures of positions."""
    return [*_sentences(), *_means(), _county()]


def _sentence(second: int) -> str:
    clock = f"{second // 3600:02d}{second // 60 % 60:02d}{second % 60:02d}.00"
    body = f"GPGGA,{clock},2615.5417,N,10731.1333,E,1,08,0.9,850.0,M,-30.0,M,,"
    return f"${body}*{reduce(lambda total, byte: total ^ byte, body.encode(), 0):02X}"


def _sentences() -> list[Figure]:
    texts = [_sentence(second) for second in range(LINES)]
    lines = [text.encode() for text in texts]
    start = time.perf_counter()
    fixes = len(read(lines).fixes)
    ours_us = (time.perf_counter() - start) / LINES * 1e6
    start = time.perf_counter()
    for text in texts[: LINES // 10]:
        parsed = pynmea2.parse(text, check=True)
        _used = (parsed.timestamp, parsed.latitude, parsed.longitude, parsed.altitude, parsed.gps_qual, parsed.num_sats)
    theirs_us = (time.perf_counter() - start) / (LINES // 10) * 1e6
    note = f"{fixes} fixes; the limit is pynmea2 with the same fields asked for, no fixes joined"
    return [Figure("a GGA sentence read into a fix", ours_us, "us", theirs_us, note=note)]


def _log(seed: int) -> list[Fix]:
    """Two minutes under trees: a third of the fixes have few satellites and are drawn to one side."""
    dice = random.Random(seed)
    north_m, east_m = metres_per_degree(LAT)
    fixes = []
    for _ in range(120):
        poor = dice.random() < 0.3
        hdop = dice.uniform(3, 9) if poor else dice.uniform(0.7, 2.2)
        satellites = dice.randint(3, 6) if poor else dice.randint(6, 14)
        pull_m = dice.gauss(6, 2 * hdop) if poor else 0.0
        lat = LAT + dice.gauss(pull_m, 1.2 * hdop) / north_m
        fixes.append(Fix(None, lat, LON + dice.gauss(pull_m, 1.2 * hdop) / east_m, None, 1, satellites, hdop))
    return fixes


def _means() -> list[Figure]:
    ours, plain = [], []
    for seed in range(LOGS):
        fixes = _log(seed)
        mean = average(fixes)
        if mean is None:
            raise RuntimeError("a log of measured fixes has a mean")
        ours.append(distance_m(LAT, LON, mean.lat, mean.lon))
        plain.append(distance_m(LAT, LON, fmean(f.lat for f in fixes), fmean(f.lon for f in fixes)))
    note = f"seeds 0-{LOGS - 1}; the plain mean is the limit"
    return [Figure("error of the mean position of a log", median(ours), "m", median(plain), note=note)]


def _county() -> Figure:
    inside_county(LAT, LON, "522701")  # reads the outlines
    dice = random.Random(1)
    places = [(LAT + dice.uniform(-0.2, 0.2), LON + dice.uniform(-0.2, 0.2)) for _ in range(POINTS)]
    start = time.perf_counter()
    for lat, lon in places:
        inside_county(lat, lon, "522701")
    return Figure("a place looked up in its county", (time.perf_counter() - start) / POINTS * 1e3, "ms", None)
