"""Every word of the protocol that stops a sync has its sentences."""

from __future__ import annotations

import pytest

from fieldapp import i18n
from fieldapp.errors import FieldappError
from fieldapp.sync.refusals import REFUSALS


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_refusal_has_its_texts(language: str) -> None:
    i18n.set_language(language)
    for code in (
        *REFUSALS,
        "server_nonsense",
        "answer_garbled",
        "server_mute",
        "connection_lost",
        "server_silent",
        "no_such_server",
    ):
        assert all(i18n.error_texts(FieldappError(code)))
