"""One sync under way: store, transport, pace and patience, shared by the steps of the engine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from fieldapp.domain.ids import DeviceId
from fieldapp.domain.runs import Run, contiguous
from fieldapp.errors import PauseError
from fieldapp.storage import enrolment as enrolments
from fieldapp.storage import oplog, receipts, renumbering, transfers
from fieldapp.storage.enrolment import Enrolment
from fieldapp.storage.store import Store
from fieldapp.sync import proof, wire
from fieldapp.sync.answers import Answer
from fieldapp.sync.proof import Sent
from fieldapp.sync.report import IsCancelled, OnProgress, Progress, SyncReport
from fieldapp.sync.transport import Transport

T = TypeVar("T")
_NOTHING: Sent = {}
_TRIES = 6
_PASSING = frozenset(
    {"connection_lost", "server_mute", "server_silent", "server_busy", "server_trouble", "upload_busy"}
)
_LONGEST_WAIT_S = 30.0


class Cancelled(Exception):
    """The person stopped the sync; everything done so far is kept."""


@dataclass
class Pace:
    """How much goes into one request: halved when it fails, doubled when it arrives."""

    ops_per_frame: int = wire.DEFAULT_OPS
    frames: int = 4
    least_ops: int = 50
    most_ops: int = 4_000
    most_frames: int = 8

    @property
    def is_least(self) -> bool:
        """Whether no smaller request can be made."""
        return self.frames == 1 and self.ops_per_frame <= self.least_ops

    def faster(self) -> None:
        """The request arrived."""
        if self.ops_per_frame < self.most_ops:
            self.ops_per_frame = min(self.ops_per_frame * 2, self.most_ops)
        else:
            self.frames = min(self.frames * 2, self.most_frames)

    def slower(self) -> None:
        """The request failed."""
        if self.frames > 1:
            self.frames //= 2
        else:
            self.ops_per_frame = max(self.ops_per_frame // 2, self.least_ops)


def wait(seconds: float) -> None:
    """Waits between two attempts, without work for anybody."""
    threading.Event().wait(seconds)


@dataclass
class Session:
    """What every step needs."""

    store: Store
    transport: Transport
    enrolment: Enrolment
    progress: OnProgress
    cancelled: IsCancelled
    pause: Callable[[float], None] = wait
    pace: Pace = field(default_factory=Pace)
    report: SyncReport = field(default_factory=SyncReport)
    held: dict[DeviceId, tuple[Run, ...]] = field(default_factory=dict)  # by the server, as it tells
    answered: bool = False  # since this sync began
    told: dict[DeviceId, int] = field(default_factory=dict)  # up to where the server has said that it holds all

    def tell(self, step: str, done: int = 0, total: int = 0) -> None:
        """Reports progress and stops here when the person wants so."""
        self.progress(Progress(step, done, total))
        if self.cancelled():
            raise Cancelled

    def patiently(self, work: Callable[[], T]) -> T:
        """Does `work` again after a passing failure; it must be harmless to repeat."""
        for attempt in range(_TRIES):
            try:
                return work()
            except PauseError as error:
                self.pause(self.wait_s(error, attempt))
        raise AssertionError("the last attempt raises")

    def wait_s(self, error: PauseError, attempt: int) -> float:
        """How long to wait after a failure; raises it when it does not pass by itself or has come too often."""
        wait_s = float(error.params.get("retry_after_s", 0.2 * 2**attempt))
        if error.code not in _PASSING or attempt + 1 >= _TRIES or wait_s > _LONGEST_WAIT_S or self.cancelled():
            raise error
        return wait_s

    def request(self, **content: Any) -> dict[str, Any]:
        """A sync request of this laptop."""
        return {"practice": self.store.practice, **content}

    def ask(self, content: Mapping[str, Any], sent: Sent = _NOTHING) -> Answer:
        """Sends a request, patiently, and takes in what every answer holds."""
        answer = self.patiently(lambda: self.transport.sync(content))
        self.take(answer, sent)
        return answer

    def take(self, answer: Answer, sent: Sent = _NOTHING) -> None:
        """Receipts for the frames `sent`, acknowledgements and re-stamps of an answer; each may come twice."""
        own = {one.device: one for one in oplog.own_devices(self.store)}
        if not self.answered:
            enrolments.note_answer(self.store, self.store.clock())
            self.answered = True
        self._note_held(answer)
        for device, counter in answer.acknowledged.items():
            if device in own and counter < own[device].acknowledged:
                self._lost(device, counter)
        self.report.receipts += proof.keep_all(self.store, self.enrolment.server_key, answer, sent)
        for device in {device for device, _ in sent.values()} & own.keys():
            # Only what a receipt names as it was sent: behind the same counters another laptop's work may lie.
            upto = contiguous(receipts.covered(self.store, device))
            oplog.acknowledge(self.store, min(upto, answer.acknowledged.get(device, 0)), device=device)
        self._restamp(answer)
        self._notice_copies(answer)

    def _note_held(self, answer: Answer) -> None:
        self.told |= answer.acknowledged
        for device, runs in answer.held.items():
            upto = answer.acknowledged[device]
            self.held[device] = ((1, upto), *runs) if upto else runs

    def _notice_copies(self, answer: Answer) -> None:
        """Two laptops number as one: the server holds other work under a counter of ours, or work that we never did."""
        for own in oplog.own_devices(self.store):
            counter = answer.forked.get(own.device, 0)
            ours = own.device == self.store.device and own.acknowledged == own.last
            if not counter and ours and self._highest(own.device) > own.last:
                counter = own.last + 1
            if counter:
                renumbering.ask_for(self.store, own.device, counter)
                raise PauseError("laptop_copied")

    def _highest(self, device: DeviceId) -> int:
        return max((last for _, last in self.held.get(device, ())), default=0)

    def _lost(self, device: DeviceId, counter: int) -> None:
        """The server was set back to an older backup: neither what it confirmed later nor its photos are certain."""
        with self.store.transaction():
            receipts.forget(self.store, device, counter)
            transfers.offer_again(self.store)
            oplog.send_again(self.store, counter, device=device)

    def _restamp(self, answer: Answer) -> None:
        for one in answer.restamps:
            self.report.restamped += oplog.restamp(self.store, one.device, one.first, one.last, one.base)
