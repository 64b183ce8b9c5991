"""A laptop hears at the sync that its clock is not the server's."""

from __future__ import annotations

import json
import time

import pytest

from fieldapp import i18n
from fieldapp.storage.store import Store
from fieldapp.sync.report import SyncReport
from fieldapp.sync.words import clock_words
from tests.sync.conftest import MakeStore
from tests.sync.village import enrolled, record_household, sync

DAY_MS, MINUTE_MS = 86_400_000, 60_000


def _off(store: Store, by_ms: int) -> Store:
    store.clock = lambda: time.time_ns() // 10**6 + by_ms
    return store


@pytest.mark.parametrize("by_ms", [3 * DAY_MS, -3 * DAY_MS])
def test_a_clock_that_is_days_off_is_told(server, make_store: MakeStore, by_ms: int) -> None:
    store = _off(enrolled(make_store("one"), server), by_ms)
    record_household(store)
    report = sync(store)
    assert report.converged, "a wrong clock refuses no sync"
    assert report.clock_ahead_s == pytest.approx(by_ms / 1000, abs=30)
    way = i18n.t("sync.clock.ahead" if by_ms > 0 else "sync.clock.behind", by=i18n.t("sync.clock.days", n=3))
    assert clock_words(report) == [way]
    assert abs(json.loads(json.dumps(report.as_dict()))["clock_ahead_seconds"] - by_ms / 1000) < 30


def test_clocks_that_drifted_by_minutes_are_no_news(server, make_store: MakeStore) -> None:
    report = sync(_off(enrolled(make_store("one"), server), 5 * MINUTE_MS))
    assert report.clock_ahead_s is None
    assert clock_words(report) == []


@pytest.mark.parametrize(("seconds", "words"), [(-700.0, "12 分钟"), (7_300.0, "2 小时"), (86_400.0 * 400, "400 天")])
def test_how_far_in_words(seconds: float, words: str) -> None:
    i18n.set_language("zh_CN")
    assert words in clock_words(SyncReport(clock_ahead_s=seconds))[0]
