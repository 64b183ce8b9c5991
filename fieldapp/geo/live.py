"""Bytes from a receiver while it speaks: a serial port or a TCP stream, for a bounded time."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator

from fieldapp.errors import PauseError, UsageError, os_reason

_CHUNK_BYTES = 4096
_POLL_SECONDS = 0.2
_CONNECT_SECONDS = 10.0


def tcp_chunks(address: str, seconds: float) -> Iterator[bytes]:
    """What a TCP server sends until it closes, the time is over, or Ctrl+C."""
    host, colon, port = address.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise UsageError("nmea_address", address=address)
    try:
        connection = socket.create_connection((host.strip("[]"), int(port)), timeout=min(seconds, _CONNECT_SECONDS))
    except socket.gaierror as error:  # its numbers are not those of the operating system
        raise PauseError("nmea_source", source=address, reason="EAI_NONAME") from error
    except OSError as error:
        raise PauseError("nmea_source", source=address, reason=os_reason(error)) from error
    with connection:
        connection.settimeout(_POLL_SECONDS)
        yield from _until(seconds, lambda: _receive(connection, address))


def serial_chunks(port: str, baud: int, seconds: float) -> Iterator[bytes]:
    """What a serial receiver sends until the time is over or Ctrl+C; COM3, /dev/ttyUSB0 or a pyserial URL."""
    if not port.strip():
        raise UsageError("nmea_address", address=port)
    import serial  # 30 ms that only this source needs

    try:
        device = serial.serial_for_url(port, baudrate=baud, timeout=_POLL_SECONDS)
    except ValueError as error:
        raise PauseError("nmea_source", source=port, reason=str(error)) from error
    except OSError as error:
        raise PauseError("nmea_source", source=port, reason=os_reason(error)) from error
    with device:
        try:
            yield from _until(seconds, lambda: device.read(device.in_waiting or 1))
        except serial.SerialException as error:
            raise PauseError("nmea_source", source=port, reason=os_reason(error)) from error


def _until(seconds: float, receive: Callable[[], bytes | None]) -> Iterator[bytes]:
    ends = time.monotonic() + seconds
    try:
        while time.monotonic() < ends:
            chunk = receive()
            if chunk is None:
                return
            if chunk:
                yield chunk
    except KeyboardInterrupt:
        return  # the person has enough; what was read counts


def _receive(connection: socket.socket, address: str) -> bytes | None:
    """The next bytes, none when nothing came in time, None at the end of the stream."""
    try:
        return connection.recv(_CHUNK_BYTES) or None
    except TimeoutError:
        return b""
    except OSError as error:
        raise PauseError("nmea_source", source=address, reason=os_reason(error)) from error
