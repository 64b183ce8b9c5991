"""The table of measured figures says plainly what was reached and what was not."""

from __future__ import annotations

from benchmarks.figures import Figure, table


def test_a_short_fall_is_printed_plainly() -> None:
    figures = [
        Figure("search", 12.3456, "ms", 50),
        Figure("sync", 9000, "trees/s", 15000, higher_is_better=True),
        Figure("size", 64, "B", None, note="told only"),
    ]
    lines = table(figures).splitlines()
    assert [line.split("  ")[0] for line in lines] == ["what", "search", "sync", "size"]
    assert "<= 50" in lines[1]
    assert lines[1].endswith("reached")
    assert "9,000 trees/s" in lines[2]
    assert lines[2].endswith("NOT REACHED")
    assert lines[3].endswith("told only")


def test_a_limit_that_is_just_kept_is_reached() -> None:
    assert Figure("a", 2, "s", 2).reached
    assert Figure("a", 2, "s", 2, higher_is_better=True).reached
    assert not Figure("a", 2.1, "s", 2).reached
