"""What a sync has to tell beside its counts, in words: the same for window and command."""

from __future__ import annotations

from fieldapp.i18n import t
from fieldapp.sync.report import SyncReport

_UNITS = (("days", 86_400), ("hours", 3_600), ("minutes", 60))


def clock_words(report: SyncReport) -> list[str]:
    """That this laptop's clock is not the server's, with how far and which way; nothing when they agree."""
    ahead_s = report.clock_ahead_s
    if ahead_s is None:
        return []
    unit, seconds = next((name, size) for name, size in _UNITS if abs(ahead_s) >= size)
    by = t(f"sync.clock.{unit}", n=round(abs(ahead_s) / seconds))
    return [t("sync.clock.ahead" if ahead_s > 0 else "sync.clock.behind", by=by)]
