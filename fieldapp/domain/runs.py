"""Counters of a laptop as runs without gaps: what a frame holds, what has arrived, what a receipt confirms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

Run = tuple[int, int]
Runs = list[Run]


def runs_of(counters: Sequence[int]) -> Runs:
    """Ascending counters as runs without gaps."""
    if counters[-1] - counters[0] + 1 == len(counters):
        return [(counters[0], counters[-1])]
    found = []
    for _, members in groupby(enumerate(counters), key=lambda pair: pair[1] - pair[0]):
        run = [counter for _, counter in members]
        found.append((run[0], run[-1]))
    return found


def join(runs: Iterable[Run]) -> Runs:
    """The same counters in as few runs as possible."""
    joined: Runs = []
    for first, last in sorted(runs):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def covered(runs: Iterable[Run], wanted: Iterable[Run]) -> bool:
    """Whether every wanted counter is in `runs` (both joined)."""
    return all(any(first <= a and b <= last for first, last in runs) for a, b in wanted)


def overlap(runs: Iterable[Run], wanted: Iterable[Run]) -> bool:
    """Whether any wanted counter is in `runs`."""
    return any(first <= b and a <= last for first, last in runs for a, b in wanted)


def contiguous(runs: Sequence[Run]) -> int:
    """The highest counter up to which nothing is missing: the only one that may be acknowledged."""
    return runs[0][1] if runs and runs[0][0] == 1 else 0


def beyond(runs: Sequence[Run]) -> Runs:
    """What has arrived behind the first gap."""
    return [(first, last) for first, last in runs if first > contiguous(runs)]
