"""Laptops: enrolled once with a short code, known afterwards by a token of which only the hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from fieldapp.domain.ids import DeviceId, device_tag
from fieldapp.server.bulk import upsert
from fieldapp.server.identity import make_password
from fieldapp.server.refusal import Refusal
from fieldapp.server.schema import DEVICE, ENROL_CODE


@dataclass(frozen=True, slots=True)
class Laptop:
    """An enrolled laptop; `villages` are those that it is given, empty for all."""

    device: DeviceId
    tag: str
    villages: frozenset[str] = frozenset()

    def is_given(self, village_code: str) -> bool:
        """Whether it gets what others recorded there. What it brings is taken of any village."""
        return not self.villages or village_code in self.villages


def new_code(connection: sa.Connection, now_ms: int, valid_ms: int, villages: Iterable[str] = ()) -> str:
    """A one-time code such as `k7mp-2xq9`, for these villages or for all; only its hash is kept."""
    code = make_password(groups=2)
    row = {"code_sha256": _code_hash(code), "expires_at": now_ms + valid_ms, "used_by": None}
    connection.execute(sa.insert(ENROL_CODE).values(**row, villages=" ".join(sorted(set(villages)))))
    return code


def _code_hash(code: str) -> bytes:
    return _sha256("".join(code.lower().split()).replace("-", ""))


def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def enrol(connection: sa.Connection, code: str, device: DeviceId, app_version: str, now_ms: int) -> str:
    """Exchanges a code for a token; the same laptop may repeat the request when only the answer was lost."""
    codes = ENROL_CODE.c.code_sha256 == _code_hash(code)
    row = connection.execute(sa.select(ENROL_CODE).where(codes)).one_or_none()
    if row is None or row.expires_at < now_ms or row.used_by not in (None, device):
        raise Refusal(403, "enrol_code_refused")
    tag = device_tag(device)
    owner = connection.execute(sa.select(DEVICE.c.device).where(DEVICE.c.tag == tag)).scalar()
    if owner not in (None, device):
        raise Refusal(409, "tag_taken")
    connection.execute(sa.update(ENROL_CODE).where(codes).values(used_by=device))
    token = secrets.token_urlsafe(32)
    row_values = {
        "device": device,
        "tag": tag,
        "token_sha256": _sha256(token),
        "app_version": app_version,
        "enrolled_at": now_ms,
        "seen_at": now_ms,
        "revoked": 0,
        "villages": row.villages,
    }
    upsert(connection, DEVICE, row_values)
    return token


def revoke(connection: sa.Connection, tag: str) -> None:
    """From now on the laptop's token opens nothing; neither does its code, which would have given it another one."""
    device = connection.execute(sa.select(DEVICE.c.device).where(DEVICE.c.tag == tag)).scalar()
    connection.execute(sa.update(DEVICE).where(DEVICE.c.device == device).values(revoked=1))
    connection.execute(sa.delete(ENROL_CODE).where(ENROL_CODE.c.used_by == device))


def laptop_of(connection: sa.Connection, authorization: str) -> Laptop:
    """The laptop behind an `Authorization: Bearer` header. Raises Refusal 401 `token_refused`."""
    scheme, _, token = authorization.partition(" ")
    query = sa.select(DEVICE.c.device, DEVICE.c.tag, DEVICE.c.villages).where(
        DEVICE.c.token_sha256 == _sha256(token.strip()), DEVICE.c.revoked == 0
    )
    row = connection.execute(query).one_or_none() if scheme.lower() == "bearer" else None
    if row is None:
        raise Refusal(401, "token_refused")
    return Laptop(DeviceId(row.device), row.tag, frozenset(row.villages.split()))
