"""Makes a laptop known to a server, once, with a code that the office hands out."""

from __future__ import annotations

from fieldapp.errors import PauseError
from fieldapp.storage.enrolment import Enrolment, set_enrolment
from fieldapp.storage.store import Store
from fieldapp.sync.identity import proved
from fieldapp.sync.transport import Transport, normal_url


def enrol(store: Store, url: str, code: str) -> Enrolment:
    """Exchanges the code for a token and pins the server's number and key.

    Raises PauseError `practice_mismatch`, `server_nonsense` and others; ItemError `enrol_code_refused`, `tag_taken`.
    """
    transport = Transport(url)
    try:
        hello = transport.hello()
        if hello.practice != store.practice:
            raise PauseError("practice_mismatch")
        made = transport.enrol(code.strip(), store.device, practice=store.practice)
    finally:
        transport.close()
    if made.practice != store.practice:
        raise PauseError("practice_mismatch")
    if hello.public_key and (hello.public_key != made.public_key or not proved(hello)):
        raise PauseError("server_nonsense")  # two that answer under one address
    kept = Enrolment(normal_url(url), made.token, made.public_key, made.practice, made.server_id, store.device)
    set_enrolment(store, kept)
    return kept
