"""A receiver that speaks over a real socket and a real serial loop."""

from __future__ import annotations

import socket
import threading

import pytest

from fieldapp.errors import PauseError, UsageError
from fieldapp.geo.live import serial_chunks, tcp_chunks


def test_a_stream_is_read_to_its_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def speak() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"$GPGGA,1\r\n" * 1000)

        speaker = threading.Thread(target=speak)
        speaker.start()
        data = b"".join(tcp_chunks(f"127.0.0.1:{server.getsockname()[1]}", 20))
        speaker.join()
    assert data == b"$GPGGA,1\r\n" * 1000


def test_a_silent_stream_ends_with_its_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert list(tcp_chunks(f"127.0.0.1:{server.getsockname()[1]}", 0.3)) == []


def test_nobody_there_is_a_pause() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(PauseError):
        list(tcp_chunks(f"127.0.0.1:{port}", 1))
    with pytest.raises(PauseError):
        list(serial_chunks("/dev/no-such-port", 9600, 1))


@pytest.mark.parametrize("address", ["", "localhost", "localhost:", "localhost:x", "localhost:0", "localhost:70000"])
def test_addresses(address: str) -> None:
    with pytest.raises(UsageError):
        list(tcp_chunks(address, 1))


def test_a_serial_port_is_read_for_its_time() -> None:
    assert list(serial_chunks("loop://", 9600, 0.3)) == []
