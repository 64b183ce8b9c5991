"""The log: nothing personal reaches the file, it rotates, and unexpected exceptions are told."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp import log


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    handler = log.start(tmp_path)
    yield tmp_path / log.FILE_NAME
    log.stop(handler)


@pytest.fixture
def caught(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    seen: list[BaseException] = []
    log.catch_unexpected(seen.append)
    return seen


@pytest.mark.parametrize(
    "secret",
    [
        "522633198001010017",
        "52263319800101001X",
        "522633800101001",
        "6217 0001 2345 6789 012",
        "身份证522633198001010017号",
        "no.522633198001010017",
        "13812345678",
        "电话13812345678转",
        "+8613812345678",
        "+86 138-1234-5678",
        "0855-8221234",
    ],
)
def test_numbers_of_people_never_reach_the_file(log_file: Path, secret: str) -> None:
    logging.getLogger("fieldapp.storage").warning("row %s:%s,", "id", secret)
    try:
        raise ValueError(secret)
    except ValueError:
        logging.getLogger("fieldapp").exception("bad value")
    written = log_file.read_text("utf-8")
    assert secret not in written
    assert "ValueError" in written


@given(st.integers(10**14, 10**19 - 1))
def test_any_number_of_15_to_19_digits_is_masked(number: int) -> None:
    assert log.mask(f"account={number}.") == "account=[number]."


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22 19:04:14,123 INFO sync 100000 ops in 6.25 s",
        "village 522633100207 cursor 4711",
        "record 019a1234-5678-7abc-8def-0123456789ab",
        "lat 25.7523948123456789",
    ],
)
def test_times_codes_and_ids_stay_readable(text: str) -> None:
    assert log.mask(text) == text


def test_the_file_rotates_and_old_ones_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "MAX_BYTES", 1000)
    handler = log.start(tmp_path)
    for count in range(200):
        logging.getLogger("fieldapp").info("line %d", count)
    log.stop(handler)
    assert len(list(tmp_path.iterdir())) == log.KEPT_FILES + 1


def test_an_unexpected_exception_is_logged_and_told(log_file: Path, caught: list[BaseException]) -> None:
    error = RuntimeError("522633198001010017")
    sys.excepthook(RuntimeError, error, None)
    assert caught == [error]
    assert "[number]" in log_file.read_text("utf-8")


def test_an_exception_in_a_thread_is_told_too(log_file: Path, caught: list[BaseException]) -> None:
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    assert [type(error) for error in caught] == [ZeroDivisionError]


def test_interrupting_is_not_unexpected(caught: list[BaseException], capsys: pytest.CaptureFixture[str]) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert caught == []
    assert "KeyboardInterrupt" in capsys.readouterr().err
