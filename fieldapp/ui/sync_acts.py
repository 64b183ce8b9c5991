"""The sync from the window: in a thread and a connection of its own, with progress, a stop, and words at the end."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from fieldapp import i18n
from fieldapp.errors import FieldappError
from fieldapp.ui.sync_panel import Outcome
from fieldapp.ui.tasks import Cancel

if TYPE_CHECKING:
    from fieldapp.storage.enrolment import Enrolment
    from fieldapp.storage.store import Store
    from fieldapp.storage.unconsented import Unconsented
    from fieldapp.sync.report import Progress, SyncReport
    from fieldapp.ui.session import Session
    from fieldapp.ui.status_bar import StatusBar
    from fieldapp.ui.sync_panel import SyncPanel


# a new code is what helps
_TO_ENROL = frozenset({"not_enrolled", "token_refused", "enrolled_as_former", "enrol_code_refused"})


class SyncActs(QObject):
    """One sync at a time; recording goes on meanwhile."""

    def __init__(self, session: Session, panel: SyncPanel, status: StatusBar, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._panel, self._status = session, panel, status
        self._cancel: Cancel | None = None
        panel.sync_asked.connect(self.start)
        panel.stop_asked.connect(self.stop)
        panel.enrol_asked.connect(self.enrol)
        panel.seen.connect(self._look_for_consents)
        status.stop_asked.connect(self.stop)
        session.status_changed.connect(self._show_status)
        panel.consents.show_missing([])  # another profile may have been open before
        session.tasks.run(self, _server, panel.show_server)

    @property
    def running(self) -> bool:
        """Whether a sync or an enrolment runs."""
        return self._cancel is not None

    def start(self) -> None:
        """Brings laptop and server together."""
        if self.running:
            return
        cancel = self._begin("ui.sync.running")

        def work(store: Store) -> None:
            self._session.tasks.aside(self, lambda: self._sync(store, cancel), self._ended, self._failed)

        self._session.tasks.run(self, work)

    def stop(self) -> None:
        """Ends between two steps; what was confirmed stays confirmed."""
        if self._cancel is not None:
            self._cancel.set()

    def enrol(self, url: str, code: str) -> None:
        """Makes this laptop known to a server."""
        if self.running:
            return
        self._begin("ui.sync.enrolling")

        def work(store: Store) -> None:
            self._session.tasks.aside(self, lambda: _enrol(store, url, code), self._enrolled, self._failed)

        self._session.tasks.run(self, work)

    def _begin(self, key: str) -> Cancel:
        self._cancel = self._session.tasks.cancel_token()
        self._panel.show_progress(partial(i18n.t, key))
        return self._cancel

    def _sync(self, store: Store, cancel: Cancel) -> tuple[SyncReport, int]:
        """What the sync did, and how many photos the server confirmed in it."""
        from fieldapp.storage import counting
        from fieldapp.sync.engine import connect, sync  # httpx comes with it: not at start

        tasks, own = self._session.tasks, store.reopen()
        try:
            transport = connect(own)
            before = counting.status(own).photos_confirmed
            try:
                report = sync(own, transport, lambda step: tasks.tell(self, self._progress, step), cancel)
                return report, report.photos_confirmed - before
            finally:
                transport.close()
        finally:
            own.close()

    def _progress(self, step: Progress) -> None:
        if self._cancel is not None:
            words = partial(i18n.t, f"sync.step.{step.step}")
            self._panel.show_progress(words, step.done, step.total)
            self._status.show_progress(words, step.done, step.total)

    def _ended(self, ended: tuple[SyncReport, int]) -> None:
        self._rest()
        report, photos = ended
        whole = report.converged and not report.unknown_methods
        tone = "" if report.cancelled else "good" if whole else "amber"
        self._panel.show_outcome(partial(outcome_words, report, photos), tone)
        self._session.recount([record_id for record, record_id in report.changed if record == "tree"])

    def _enrolled(self, made: Enrolment) -> None:
        self._rest()
        self._panel.show_server(made.url)
        self._panel.show_outcome(lambda: (i18n.t("ui.sync.enrolled"), ""), "good")
        self._session.refresh()  # at another server everything waits again

    def _failed(self, error: FieldappError) -> None:
        self._rest()

        def words() -> Outcome:
            title, message, advice = i18n.error_texts(error)
            return title, f"{message}\n{advice}"

        self._panel.show_outcome(words, "amber")
        if error.code in _TO_ENROL:
            self._panel.ask_for_code()
        self._session.refresh()

    def _rest(self) -> None:
        self._cancel = None
        self._panel.show_progress(None)
        self._status.show_progress(None)

    def _show_status(self) -> None:
        if self._session.status is not None:
            self._panel.show_status(self._session.status)
        if self._panel.isVisible():
            self._look_for_consents()

    def _look_for_consents(self) -> None:
        """Reads only while the page is on the screen: no save waits for it."""
        self._session.tasks.run(self, _unconsented, self._panel.consents.show_missing)


def outcome_words(report: SyncReport, photos: int) -> Outcome:
    """How a sync ended, in words: what this one brought over, not what earlier ones did."""
    from fieldapp.sync.words import clock_words

    if report.cancelled:
        return i18n.t("ui.sync.stopped"), i18n.t("ui.sync.stopped.text")
    if not report.converged:
        waiting = report.ops_waiting + report.photos_waiting
        text = i18n.t("ui.sync.partly.text", n=waiting, villages=len(report.differing))
        return i18n.t("ui.sync.partly"), "\n".join([text, *_of_villages(report), *clock_words(report)])
    counted = {"sent": report.ops_sent, "received": report.ops_received, "photos": photos}
    if any(counted.values()):
        text = i18n.t("ui.sync.done.text", **{name: f"{count:,}" for name, count in counted.items()})
    else:
        text = i18n.t("ui.sync.done.nothing")
    unknown = [i18n.t("methodology.not_on_server", version=name) for name in report.unknown_methods]
    return i18n.t("ui.sync.done"), "\n".join([text, *unknown, *_of_villages(report), *clock_words(report)])


def _of_villages(report: SyncReport) -> list[str]:
    closed = [i18n.t("sync.closed", village=village) for village in report.closed]
    return closed + [i18n.t("sync.misread", village=village) for village in sorted(report.misread)]


def _unconsented(store: Store) -> list[Unconsented]:
    from fieldapp.storage.unconsented import unconsented

    return unconsented(store)


def _server(store: Store) -> str | None:
    from fieldapp.storage.enrolment import enrolment

    known = enrolment(store)
    return known.url if known is not None else None


def _enrol(store: Store, url: str, code: str) -> Enrolment:
    from fieldapp.sync.enrol import enrol

    own = store.reopen()
    try:
        return enrol(own, url, code)
    finally:
        own.close()
