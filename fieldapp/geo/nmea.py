"""What a receiver's NMEA log says: fixes, one an epoch, and a count of everything that was not believed.

A fix joins the sentences of one instant. No date is made up: while the log has not told the day, a fix has no time.
"""

from __future__ import annotations

import codecs
import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from fieldapp.geo.nmea_sentence import Rejected, Sentence, is_framed, read_sentence

DAY_MS = 86_400_000
MEASURED = frozenset({1, 2, 3, 4, 5, 9})  # qualities that stand for a measurement, not an estimate or a simulation
_REMEMBERED_EPOCHS = 32
_LINE_END = re.compile(rb"\n|\r(?=[$!])")  # old receivers and terminals end their lines with a carriage return alone
_BEGINNING = re.compile(rb"\$(?=[A-Z]{3})")  # binary messages between sentences hold dollar signs too
_TRUSTED = {"GGA": 4, "GNS": 3, "RMC": 2, "GLL": 1}  # whose position counts when sentences of one instant differ


@dataclass(frozen=True, slots=True)
class Fix:
    """One fix in WGS 84 degrees; None where the receiver did not say. `sigma_m` is GST's, one standard deviation."""

    time: dt.datetime | None
    lat: float
    lon: float
    alt_m: float | None
    quality: int
    satellites: int | None
    hdop: float | None
    sigma_m: float | None = None


@dataclass(frozen=True, slots=True)
class NmeaLog:
    """A log that was read: its fixes, how many sentences it had, and how many were refused for which reason."""

    fixes: tuple[Fix, ...]
    sentences: int
    rejected: dict[str, int]


@dataclass(slots=True)
class _Epoch:
    """The sentences of one instant as they come in."""

    time_ms: int | None
    date: dt.date | None = None
    quality: int | None = None
    no_fix: bool = False
    position: tuple[float, float] | None = None
    trust: int = 0
    alt_m: float | None = None
    satellites: int | None = None
    hdop: float | None = None
    sigma_m: float | None = None
    kinds: set[str] = field(default_factory=set)


class NmeaReader:
    """Takes lines as they arrive, from a file, a port or a socket, and gives each fix when its instant is over."""

    def __init__(self) -> None:
        self.sentences = 0
        self.rejected: Counter[str] = Counter()
        self._epoch: _Epoch | None = None
        self._recent: dict[int, None] = {}
        self._last_better: tuple[float, float] | None = None
        self._date: dt.date | None = None
        self._date_ms = 0

    def feed(self, line: bytes) -> list[Fix]:
        """Reads one line; gives the fixes that it completes: one at most, unless a line end got lost."""
        line = line.strip(b"\r\n \t\x00")
        if not line or line.startswith(b"#"):
            return []
        _, *found = _BEGINNING.split(line)
        if not found and not line.startswith(b"!"):  # AIS sentences stand in the logs of ships' receivers
            self.rejected["not_nmea"] += 1
        return [fix for at, raw in enumerate(found, start=1) for fix in self._read(raw, last=at == len(found))]

    def _read(self, raw: bytes, *, last: bool) -> list[Fix]:
        self.sentences += 1
        if not last and not is_framed(raw):
            self.rejected["malformed"] += 1  # it broke off where the next one begins
            return []
        try:
            sentence = read_sentence(raw)
        except Rejected as reason:
            self.rejected[str(reason)] += 1
            return []
        return self._take(sentence) if sentence else []

    def finish(self) -> list[Fix]:
        """The fix of the last instant, which no later sentence completed."""
        return self._close()

    def _take(self, sentence: Sentence) -> list[Fix]:
        if sentence.kind == "ZDA":
            self._take_date(sentence)
            return []
        done: list[Fix] = []
        epoch = self._epoch
        time_ms = sentence.time_ms
        if sentence.kind in _TRUSTED and (epoch is None or (time_ms is not None and time_ms != epoch.time_ms)):
            if epoch is not None and epoch.time_ms is None and sentence.kind not in epoch.kinds:
                epoch.time_ms = time_ms
            else:
                if time_ms in self._recent:
                    self.rejected["repeated"] += 1
                    return []
                done = self._close()
                epoch = self._epoch = _Epoch(time_ms)
        if epoch is not None:
            self._join(epoch, sentence)
        return done

    def _join(self, epoch: _Epoch, sentence: Sentence) -> None:
        if sentence.kind == "GSA":
            epoch.hdop = epoch.hdop if epoch.hdop is not None else sentence.hdop
            return
        if sentence.kind == "GST":
            epoch.sigma_m = sentence.sigma_m if sentence.time_ms in (None, epoch.time_ms) else epoch.sigma_m
            return
        if sentence.kind in epoch.kinds and sentence.time_ms is not None:
            self.rejected["repeated"] += 1
            return
        epoch.kinds.add(sentence.kind)
        if sentence.quality == 0:
            self.rejected["no_fix"] += 1
            epoch.no_fix = True
            return
        if _TRUSTED[sentence.kind] > epoch.trust and sentence.lat is not None and sentence.lon is not None:
            epoch.trust, epoch.position = _TRUSTED[sentence.kind], (sentence.lat, sentence.lon)
            epoch.quality = sentence.quality
        epoch.date = sentence.date or epoch.date
        if sentence.kind in ("GGA", "GNS") and _TRUSTED[sentence.kind] == epoch.trust:
            epoch.alt_m, epoch.satellites = sentence.alt_m, sentence.satellites
            epoch.hdop = sentence.hdop if sentence.hdop is not None else epoch.hdop

    def _take_date(self, sentence: Sentence) -> None:
        if sentence.date is not None and sentence.time_ms is not None:
            self._date, self._date_ms = sentence.date, sentence.time_ms
            if self._epoch is not None and self._epoch.time_ms == sentence.time_ms:
                self._epoch.date = self._epoch.date or sentence.date

    def _close(self) -> list[Fix]:
        epoch, self._epoch = self._epoch, None
        if epoch is None:
            return []
        if epoch.time_ms is not None:
            self._recent[epoch.time_ms] = None
            if len(self._recent) > _REMEMBERED_EPOCHS:
                del self._recent[next(iter(self._recent))]
        if epoch.no_fix or epoch.position is None or epoch.quality is None:
            return []
        if epoch.trust == 1 and epoch.position == self._last_better:
            self.rejected["repeated"] += 1  # a GLL that lags behind the instant that it repeats
            return []
        self._last_better = epoch.position if epoch.trust > 1 else self._last_better
        lat, lon = epoch.position
        time = self._instant(epoch)
        return [Fix(time, lat, lon, epoch.alt_m, epoch.quality, epoch.satellites, epoch.hdop, epoch.sigma_m)]

    def _instant(self, epoch: _Epoch) -> dt.datetime | None:
        """Day and time of an epoch; the day goes on past midnight when the clock falls back by half a day or more."""
        if epoch.time_ms is None:
            return None
        if epoch.date is not None:
            self._date = epoch.date
        elif self._date is not None and self._date_ms - epoch.time_ms > DAY_MS // 2:
            self._date += dt.timedelta(days=1)
        if self._date is None:
            return None
        self._date_ms = epoch.time_ms
        midnight = dt.datetime.combine(self._date, dt.time(), dt.UTC)
        return midnight + dt.timedelta(milliseconds=epoch.time_ms)


def read(lines: Iterable[bytes]) -> NmeaLog:
    """Reads a whole log."""
    reader = NmeaReader()
    fixes = [fix for line in lines for fix in reader.feed(line)]
    fixes += reader.finish()
    return NmeaLog(tuple(fixes), reader.sentences, dict(sorted(reader.rejected.items())))


def lines_of(data: bytes) -> list[bytes]:
    """The lines of a whole log; a terminal on Windows that was told to write it into a file made UTF-16 of it."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16", "replace").encode("latin-1", "replace")
    return _LINE_END.split(data.removeprefix(codecs.BOM_UTF8))


def split_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines from chunks as a port or a socket delivers them; the last one may lack its end."""
    rest = b""
    for chunk in chunks:
        *whole, rest = _LINE_END.split(rest + chunk)
        yield from whole
        rest = rest[-4096:]  # a stream without line ends must not fill the memory
    if rest:
        yield rest
