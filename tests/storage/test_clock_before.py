"""A clock that lies before what has passed for sure is counted as wrong; one that drifted is not."""

from __future__ import annotations

import time
from typing import Any

import pytest

from fieldapp import i18n
from fieldapp.cli import main
from fieldapp.storage import counting
from fieldapp.storage.store import Store

DAY_MS = 86_400_000


@pytest.mark.parametrize(("back_ms", "is_wrong"), [(0, False), (DAY_MS - 60_000, False), (DAY_MS + 60_000, True)])
def test_against_the_last_save(store: Store, field: Any, back_ms: int, is_wrong: bool) -> None:
    field.plant(store, 1)
    saved_ms = counting.status(store).saved_at
    assert saved_ms is not None
    store.clock = lambda: saved_ms - back_ms
    assert counting.status(store).clock_before_ms == (saved_ms if is_wrong else None)


def test_an_empty_profile_knows_that_the_program_is_younger(store: Store) -> None:
    store.clock = lambda: 1_230_768_000_000  # 2009
    assert counting.status(store).clock_before_ms == 1_735_689_600_000


def test_the_command_says_it(store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(store.folder)
    store.close()
    monkeypatch.setattr(time, "time_ns", lambda: 1_230_768_000 * 10**9)
    assert main(["status", "--profile", folder]) == 0
    assert i18n.t("storage.status.clock_wrong", known="x").partition("x")[0] in capsys.readouterr().out
