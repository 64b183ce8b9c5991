"""The sync, nine steps in a row. It may stop anywhere, for whatever reason, and is simply begun again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from fieldapp.errors import PauseError
from fieldapp.storage import comparing, counting, oplog
from fieldapp.storage import enrolment as enrolments
from fieldapp.storage.store import Store
from fieldapp.sync import photos
from fieldapp.sync.answers import Answer
from fieldapp.sync.claims import compare_sinks
from fieldapp.sync.enrol import enrol
from fieldapp.sync.identity import greet, move
from fieldapp.sync.pull import pull
from fieldapp.sync.push import push, relay, send_again
from fieldapp.sync.report import IsCancelled, OnProgress, Progress, SyncReport
from fieldapp.sync.session import Cancelled, Session, wait
from fieldapp.sync.transport import Transport

__all__ = ["Progress", "SyncReport", "connect", "enrol", "move", "sync"]

_HEALED = "server:healed:"


def connect(store: Store) -> Transport:
    """The connection to the server with which this laptop is enrolled. Raises PauseError `not_enrolled`."""
    known = enrolments.enrolment(store)
    if known is None:
        raise PauseError("not_enrolled")
    return Transport(known.url, known.token)


_CLOCKS_APART_S = 600  # clocks without a network drift by minutes


def _silent(_: Progress) -> None:
    return None


def _never() -> bool:
    return False


def sync(
    store: Store,
    transport: Transport,
    progress: OnProgress = _silent,
    cancelled: IsCancelled = _never,
    *,
    pause: Callable[[float], None] = wait,
) -> SyncReport:
    """Brings laptop and server together. Raises PauseError and VersionError; whatever was done by then is kept."""
    known = enrolments.enrolment(store)
    if known is None:
        raise PauseError("not_enrolled")
    if known.device not in (b"", store.device):
        raise PauseError("enrolled_as_former")  # said before anything goes out under the former one's token
    session = Session(store, transport, known, progress, cancelled, pause)
    before = counting.status(store).quarantined
    try:
        server_id = _greet(session)
        push(session)
        answer = _pull_and_compare(session)
        _heal(session, answer)
        push(session)  # what came back of a former laptop gets its receipt, what was recorded meanwhile goes along
        photos.send_photos(session)
        photos.fetch_thumbnails(session)
        compare_sinks(session)
        photos.fetch_missing(session)  # last, as nothing waits for it
        _finish(session, server_id)
    except Cancelled:
        session.report.cancelled = True
    _count(session)
    session.report.ops_quarantined = counting.status(store).quarantined - before
    return session.report


def _greet(session: Session) -> bytes:
    """The number of the enrolled server; nobody else gets anything."""
    session.tell("greet")
    ask = partial(session.patiently, session.transport.hello)
    found = greet(session.store, session.transport, session.enrolment, ask)
    ahead_s = (session.store.clock() - found.time_ms) / 1000
    session.report.clock_ahead_s = ahead_s if abs(ahead_s) > _CLOCKS_APART_S else None
    return found.server_id


def _pull_and_compare(session: Session) -> Answer:
    session.tell("pull")
    return pull(session, settle=True)


def _heal(session: Session, answer: Answer) -> None:
    """Both sides count and digest their records; a village that differs is exchanged again as a whole."""
    session.tell("compare")
    differing = _differing(session, answer)
    unhealed = [one for one in differing if session.store.setting(_HEALED + one) != _state(session, answer, one)]
    if unhealed:
        for village in unhealed:
            oplog.set_cursor(session.store, village, 0)
        for own in oplog.own_devices(session.store):
            if session.told.get(own.device) != own.last:
                oplog.send_again(session.store, 0, device=own.device)
        push(session)
        answer = pull(session, own=unhealed, settle=True)
        lacking = [one for one in _differing(session, answer) if one in unhealed]
        if lacking:
            send_again(session, lacking)
            relay(session, lacking)
            photos.relay_thumbnails(session)
            answer = pull(session, settle=True)
        differing = _differing(session, answer)
        session.report.healed = [one for one in unhealed if one not in differing]
        for village in differing:  # not again and again: only when either side has changed
            session.store.set_setting(_HEALED + village, _state(session, answer, village))
    session.report.differing = differing
    doubtful = {*differing, *session.report.misread}
    enrolments.note_differing(session.store, doubtful)
    session.report.villages = {
        village: found.rows for village, found in answer.villages.items() if village not in doubtful and found.cursor
    }


def _differing(session: Session, answer: Answer) -> list[str]:
    return [
        village
        for village, found in answer.villages.items()
        if village not in session.report.misread
        and found.cursor
        and comparing.village_digest(session.store, village) != (found.rows, found.digest)
    ]


def _state(session: Session, answer: Answer, village: str) -> str:
    return f"{comparing.village_digest(session.store, village)[1]} {answer.villages[village].digest}"


def _finish(session: Session, server_id: bytes) -> None:
    session.tell("done")
    enrolments.note_differing(session.store, {*session.report.differing, *session.report.misread})
    if not session.enrolment.server_id:  # enrolled by an earlier version
        enrolments.set_enrolment(session.store, replace(session.enrolment, server_id=server_id))
    enrolments.note_sync(session.store, session.store.clock())


def _count(session: Session) -> None:
    """What is waiting and what is confirmed, by the receipts that are held."""
    store, report = session.store, session.report
    now = counting.status(store)
    report.ops_confirmed, report.ops_waiting = now.ops_confirmed, now.ops_total - now.ops_confirmed
    report.photos_waiting, report.photos_confirmed = now.photos_waiting, now.photos_confirmed
    report.bytes_sent, report.bytes_received = session.transport.bytes_sent, session.transport.bytes_received
