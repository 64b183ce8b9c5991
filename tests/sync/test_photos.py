"""Photos over connections that break."""

from __future__ import annotations

import random

import pytest

from fieldapp.errors import PauseError
from fieldapp.storage.enrolment import enrolment
from fieldapp.sync.transport import Transport
from tests.sync.conftest import MakeStore
from tests.sync.faults import Fault, FaultyLink
from tests.sync.village import enrolled, record_household, record_photo, sync


def through(store, link):
    """A connection of this laptop over a faulty link."""
    return Transport(link.url, enrolment(store).token, timeout_s=5)


@pytest.mark.parametrize("reset", [False, True])
def test_photos_arrive_whole_over_a_link_that_breaks(server, make_store: MakeStore, reset: bool) -> None:
    one, two = enrolled(make_store("one"), server), enrolled(make_store("two"), server)
    _, trees = record_household(one)
    working = random.Random(8).randbytes(5_000_000)
    record_photo(one, trees[0], b"\xff\xd8\xffsmall", working)
    with FaultyLink(server.url, otherwise=Fault(cut_up=1_000_000, reset=reset)) as link:
        report = sync(one, through(one, link))
        assert link.connections > 5
        # Everything that passed: rows, headers and what came twice. What a reset destroys on its way through the
        # machine's own buffers is measured by the benchmark only.
        assert reset or link.bytes_up < 1.05 * len(working)
    assert report.converged
    assert report.photos_confirmed == 1
    got = sync(two)
    assert got.files_received == 1
    assert server.server.station.blobs.size(one.blobs.put(working)) == len(working)


class Swallowing(Transport):
    """A connection to a server that takes every piece and says that it has none."""

    sent = 0

    def send(self, location: str, offset: int, data: bytes, size_bytes: int) -> int:
        """Nothing arrives."""
        self.sent += 1
        return offset


def test_a_server_that_never_has_what_it_took_is_left(server, make_store: MakeStore) -> None:
    one = enrolled(make_store("one"), server)
    _, trees = record_household(one)
    record_photo(one, trees[0], b"\xff\xd8\xffsmall", b"\xff\xd8\xfflarge")
    known = enrolment(one)
    swallowing = Swallowing(known.url, known.token)
    with pytest.raises(PauseError, match="answer_garbled"):
        sync(one, swallowing)
    assert swallowing.sent == 1
    assert sync(one).photos_confirmed == 1
