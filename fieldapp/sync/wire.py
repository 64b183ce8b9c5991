"""The frame: operations of one laptop in one village, packed, hashed and compressed. Immutable once made.

Layout (big endian, see docs/protocol.md): fixed header, village code, SHA-256 of all other bytes, payload.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgpack
import zstandard

from fieldapp.domain.ids import DeviceId
from fieldapp.domain.ops import COUNTER_BITS, Op
from fieldapp.errors import ItemError, VersionError
from fieldapp.sync import columns, sections
from fieldapp.sync.columns import IdTable
from fieldapp.sync.sections import Section

# The protocol around the frames, which laptop and server share.
PROTOCOL = 1
OLDEST_PROTOCOL = 1
MEDIA_TYPE = "application/vnd.fieldapp+msgpack"
RECEIPT_CONTEXT = b"fieldapp receipt 1\0"
HELLO_CONTEXT = b"fieldapp hello 1\0"
NONCE_BYTES = 16
MAX_FRAMES = 256
MAX_OFFERED = 5_000

MAGIC = b"FAF1"
CODEC = 1
MAX_OPS = 16_384
MAX_RAW_BYTES = 16 << 20
TARGET_BYTES = 64 << 10
DEFAULT_OPS = 1_000

_HEAD = struct.Struct(
    ">4sBBH16sQQIIIB"
)  # magic, codec, reserved, schema, device, first, last, count, raw, packed, village
_HASH_BYTES = 32
_DAMAGE = (ValueError, TypeError, IndexError, KeyError, OverflowError, RecursionError, struct.error, MemoryError)


class Header(NamedTuple):
    """What a frame says of itself before it is unpacked; `sha256` covers every other byte."""

    codec: int
    schema: int
    device: DeviceId
    first: int
    last: int
    n_ops: int
    raw_bytes: int
    packed_bytes: int
    village_code: str
    sha256: bytes
    payload_at: int

    @property
    def key(self) -> tuple[bytes, int, int, bytes]:
        """Idempotency key: the same frame, however often it arrives."""
        return self.device, self.first, self.last, self.sha256


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame taken apart into columns."""

    header: Header
    sections: tuple[Section, ...]

    def ops(self) -> list[Op]:
        """The operations in counter order."""
        head = self.header
        found = [op for section in self.sections for op in section.ops(head.device, head.village_code)]
        found.sort(key=_counter)
        return found

    def counters(self) -> list[int]:
        """The counters in order; a laptop that works in several villages leaves gaps here."""
        return sorted(counter for section in self.sections for counter in section.counters)


def _counter(op: Op) -> int:
    return op.counter


def encode(ops: Sequence[Op]) -> bytes:
    """One frame of operations of one device in one village, ascending by counter; at most MAX_OPS of them."""
    first = ops[0]
    ids = IdTable()
    packed_sections = [sections.pack(members, ids) for members in sections.group(ops)]
    raw = msgpack.packb([ids.pack(), packed_sections], unicode_errors="surrogatepass")
    payload = zstandard.ZstdCompressor(level=3, write_checksum=False).compress(raw)
    village = first.village_code.encode("utf-8")
    schema = max(op.schema for op in ops)
    span = (first.counter, ops[-1].counter, len(ops))
    head = _HEAD.pack(MAGIC, CODEC, 0, schema, first.device, *span, len(raw), len(payload), len(village))
    digest = hashlib.sha256(head + village + payload).digest()
    return b"".join((head, village, digest, payload))


def encode_within(ops: Sequence[Op], target_bytes: int = TARGET_BYTES) -> Iterator[bytes]:
    """Frames of the operations, each near `target_bytes` at most; a single huge operation may be larger."""
    frame = encode(ops[:MAX_OPS])
    if (len(frame) <= target_bytes and len(ops) <= MAX_OPS) or len(ops) == 1:
        yield frame
        return
    middle = len(ops) // 2
    yield from encode_within(ops[:middle], target_bytes)
    yield from encode_within(ops[middle:], target_bytes)


def read_header(data: bytes) -> Header:
    """The header after its hash was proved. Raises ItemError `frame_damaged`, VersionError `frame_newer`."""
    try:
        fields = _HEAD.unpack_from(data)
    except struct.error as error:
        raise ItemError("frame_damaged") from error
    magic, codec, _, schema, device, first, last, count, raw, packed, village_bytes = fields
    payload_at = _HEAD.size + village_bytes + _HASH_BYTES
    if magic != MAGIC or len(data) != payload_at + packed:
        raise ItemError("frame_damaged")
    digest = data[payload_at - _HASH_BYTES : payload_at]
    proof = hashlib.sha256(data[: payload_at - _HASH_BYTES])
    proof.update(memoryview(data)[payload_at:])
    if proof.digest() != digest:
        raise ItemError("frame_damaged")
    if codec > CODEC:
        raise VersionError("frame_newer")
    counted = 0 < count <= MAX_OPS and 0 < first <= last < 1 << COUNTER_BITS and last - first + 1 >= count
    if not counted or raw > MAX_RAW_BYTES:
        raise ItemError("frame_damaged")
    try:
        village = data[_HEAD.size : _HEAD.size + village_bytes].decode("utf-8")
    except UnicodeDecodeError as error:
        raise ItemError("frame_damaged") from error
    return Header(codec, schema, DeviceId(device), first, last, count, raw, packed, village, digest, payload_at)


def decode(data: bytes) -> Frame:
    """Takes a frame apart. Raises ItemError `frame_damaged` for any byte that is not as it was made."""
    header = read_header(data)
    try:
        raw = _decompress(data[header.payload_at :], header.raw_bytes)
        return Frame(header, _unpack(raw, header))
    except (*_DAMAGE, zstandard.ZstdError, msgpack.exceptions.UnpackException) as error:
        raise ItemError("frame_damaged") from error


def _decompress(payload: bytes, raw_bytes: int) -> bytes:
    """The payload as it was; the library believes a size that stands in the payload more than any limit it is given."""
    told = zstandard.get_frame_parameters(payload).content_size
    if raw_bytes == 0 or told not in (raw_bytes, zstandard.CONTENTSIZE_UNKNOWN):
        raise ValueError("size")
    raw = zstandard.ZstdDecompressor().decompress(payload, max_output_size=raw_bytes)
    if len(raw) != raw_bytes:
        raise ValueError("size")
    return raw


def _unpack(raw: bytes, header: Header) -> tuple[Section, ...]:
    unpacked: list[Any] = msgpack.unpackb(raw, unicode_errors="surrogatepass", strict_map_key=False)
    ids = columns.unpack_ids(unpacked[0])
    found = tuple(sections.unpack(one, ids, header.n_ops) for one in unpacked[1])
    if sum(len(section.counters) for section in found) != header.n_ops:
        raise ValueError("count")
    numbers = {counter for section in found for counter in section.counters}
    if len(numbers) != header.n_ops or min(numbers) != header.first or max(numbers) != header.last:
        raise ValueError("counters")
    return found
