"""When Python looks for cycles of garbage, and on which thread: decision 0070."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock

_lock = Lock()
_batches = 0  # how many pieces of work make objects by the hundred thousand just now
_by_hand = False


def take_in_hand() -> None:
    """From now on nobody looks for garbage but `collect_due`, and so only the thread that calls it."""
    global _by_hand
    with _lock:
        _by_hand = True
        gc.disable()


def collect_due() -> None:
    """Collects the oldest generation that Python would collect now by itself; nothing during a batch."""
    counts, limits = gc.get_count(), gc.get_threshold()
    due = [age for age in range(3) if 0 < limits[age] < counts[age]]
    if due and not _batches:
        gc.collect(due[-1])


@lru_cache(maxsize=1)
def leave_alone_what_stays() -> None:
    """Once: what is there now stays for good, and going through all of it froze the window for 80 ms."""
    gc.collect()
    gc.freeze()


@contextmanager
def at_rest() -> Iterator[None]:
    """A batch makes hundreds of thousands of objects and no cycle; looking for cycles takes a fifteenth of its time."""
    global _batches
    with _lock:
        _batches += 1
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            _batches -= 1
            if not _batches and not _by_hand:
                gc.enable()
