"""Server addresses as people write them."""

from __future__ import annotations

import pytest

from fieldapp.errors import UsageError
from fieldapp.sync.transport import normal_url


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        (" 192.168.1.20:8750/ ", "http://192.168.1.20:8750"),
        ("https://carbon.example/", "https://carbon.example"),
        ("localhost:8750", "http://localhost:8750"),
    ],
)
def test_addresses_as_people_write_them(typed: str, url: str) -> None:
    assert normal_url(typed) == url


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ftp://x",
        "http://",
        "http://a:b@x",
        "http://x:port",
        "http://x:99999",
        "http://[::1",
        "\u202etest",
        "a\x00b",
    ],
)
def test_no_address_is_told(typed: str) -> None:
    with pytest.raises(UsageError, match="server_url"):
        normal_url(typed)
