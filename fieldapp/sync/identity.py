"""Whether it is the enrolled server that answers: asked and proved before the token leaves this laptop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fieldapp.errors import PauseError, VersionError
from fieldapp.storage.enrolment import Enrolment, enrolment, set_enrolment
from fieldapp.storage.store import Store
from fieldapp.sync.answers import Hello
from fieldapp.sync.transport import Transport, normal_url
from fieldapp.sync.wire import HELLO_CONTEXT


def greet(store: Store, transport: Transport, known: Enrolment, ask: Callable[[], Hello] | None = None) -> Hello:
    """Asks who the server is, without the token. Raises PauseError `practice_mismatch`, `server_changed`.

    A practice village never reaches a real server, nor a real one a practice server.
    """
    hello = (ask or transport.hello)()
    if hello.practice != store.practice:
        raise PauseError("practice_mismatch")
    if known.server_id and hello.server_id != known.server_id:
        raise PauseError("server_changed")
    if not hello.public_key:
        raise VersionError("server_too_old")  # one from before that cannot prove who it is
    if hello.public_key != known.server_key or not proved(hello):
        raise PauseError("server_changed")
    return hello


def proved(hello: Hello) -> bool:
    """Whether the server has the key that it names: anybody can repeat a key, only its owner signs our question."""
    try:
        key = Ed25519PublicKey.from_public_bytes(hello.public_key)
        key.verify(hello.proof, HELLO_CONTEXT + hello.nonce + hello.server_id)
    except (InvalidSignature, ValueError):
        return False
    return True


def move(store: Store, url: str) -> None:
    """Takes over a new address of the enrolled server as soon as it has answered there; before that nothing changes."""
    known = enrolment(store)
    if known is None:
        raise PauseError("not_enrolled")
    transport = Transport(url)
    try:
        greet(store, transport, known)
    finally:
        transport.close()
    set_enrolment(store, replace(known, url=normal_url(url)))
