"""The facts of the status bar in words, from what storage counted. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldapp import i18n
from fieldapp.ui.shown import clock, megabytes, today
from fieldapp.ui.status_bar import Fact

if TYPE_CHECKING:
    from fieldapp.storage.views import Status

# what one more tree takes: a photo of 3 MB with its working copy and thumbnail; its rows are nothing beside it
BYTES_PER_TREE = 3_600_000
KEPT_FREE_BYTES = 500_000_000
_FEW_TREES = 450


def facts(status: Status, unsaved: int = 0) -> dict[str, Fact]:
    """Every fact of the bar by its name; `unsaved` fields were typed and refused by the disk."""
    trees = max((status.free_bytes - KEPT_FREE_BYTES) // BYTES_PER_TREE, 0)
    waiting = i18n.t("ui.fact.waiting", n=f"{status.ops_waiting + status.ops_sent:,}")
    if status.photos_waiting:
        size = megabytes(status.photos_waiting_bytes)
        waiting += " · " + i18n.t("ui.fact.photos", n=f"{status.photos_waiting:,}", size=size)
    trouble = [
        i18n.t(f"ui.fact.{name}", n=count)
        for name, count in (
            ("returned", status.returned),
            ("conflicts", status.conflicts),
            ("quarantined", status.quarantined),
            ("differing", len(status.differing)),
        )
        if count
    ]
    # a laptop that pulled a village shows it and has recorded nothing itself
    none_yet = "ui.fact.nothing_own" if status.households else "ui.fact.nothing_saved"
    saved = i18n.t("ui.fact.saved", time=clock(status.saved_at)) if status.saved_at else i18n.t(none_yet)
    last = clock(status.last_sync_at) or i18n.t("ui.fact.never")
    wrong = status.clock_before_ms is not None
    return {
        "clock": Fact(i18n.t("ui.fact.clock", day=today()) if wrong else "", "red", i18n.t("ui.fact.clock.hint")),
        "saved": Fact(i18n.t("ui.fact.unsaved", n=unsaved), "red", i18n.t("ui.unsaved.message"))
        if unsaved
        else Fact(saved, "good", i18n.t("ui.fact.saved.hint")),
        "drafts": Fact(
            i18n.t("ui.fact.drafts", n=status.drafts), "", i18n.t("ui.fact.drafts.hint", ready=status.ready)
        ),
        "waiting": Fact(waiting, "", i18n.t("ui.fact.waiting.hint", sent=f"{status.ops_sent:,}")),
        "confirmed": Fact(
            i18n.t("ui.fact.confirmed", n=f"{status.ops_confirmed:,}"),
            "good" if status.ops_confirmed else "",
            i18n.t("ui.fact.confirmed.hint", photos=f"{status.photos_confirmed:,}"),
        ),
        "trouble": Fact(" · ".join(trouble), "red", i18n.t("ui.fact.trouble.hint")),
        "room": Fact(
            i18n.t("ui.fact.room", n=f"{trees:,}" if trees < 100_000 else i18n.t("ui.fact.plenty")),
            "amber" if trees < _FEW_TREES else "",
            i18n.t("ui.fact.room.hint", size=megabytes(status.free_bytes)),
        ),
        "last_sync": Fact(i18n.t("ui.fact.last_sync", time=last), "", i18n.t("ui.fact.last_sync.hint")),
        "person": Fact(status.person, "", i18n.t("ui.fact.person.hint", tag=status.device_tag)),
    }
