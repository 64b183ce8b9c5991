"""Uploads as any tus 1.0 client makes them, and files fetched in pieces."""

from __future__ import annotations

import base64
import hashlib
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.server import running

DATA = bytes(range(256)) * 400
SHA = hashlib.sha256(DATA)
TUS = {"Tus-Resumable": "1.0.0"}
PATCH = TUS | {"Content-Type": "application/offset+octet-stream"}


def metadata(digest: str = SHA.hexdigest()) -> dict[str, str]:
    """The announcement of a file."""
    name = base64.b64encode(digest.encode()).decode()
    return TUS | {"Upload-Length": str(len(DATA)), "Upload-Metadata": f"filename eA==,sha256 {name}"}


def create(client, **more: str) -> str:
    """A new upload's path."""
    made = client.http.post("/v1/blobs", headers=metadata() | more)
    assert made.status_code == 201
    return urlsplit(made.headers["Location"]).path


def test_options_name_what_it_can(client) -> None:
    answer = client.http.options("/v1/blobs")
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert set(answer.headers["Tus-Extension"].split(",")) == {"creation", "creation-with-upload", "checksum"}
    assert "sha1" in answer.headers["Tus-Checksum-Algorithm"].split(",")


def test_a_file_in_pieces_and_back_by_range(client) -> None:
    place = create(client)
    for start in range(0, len(DATA), 30_000):
        piece = DATA[start : start + 30_000]
        check = base64.b64encode(hashlib.sha1(piece).digest()).decode()
        headers = PATCH | {"Upload-Offset": str(start), "Upload-Checksum": f"sha1 {check}"}
        answer = client.http.patch(place, content=piece, headers=headers)
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(start + len(piece)))
    assert client.http.head(place, headers=TUS).headers["Upload-Offset"] == str(len(DATA))
    path = f"/v1/blobs/{SHA.hexdigest()}"
    assert client.http.get(path).content == DATA
    part = client.http.get(path, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, DATA[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(DATA)}"
    assert client.http.get(path, headers={"Range": "bytes=-5"}).content == DATA[-5:]
    assert client.http.get(path, headers={"Range": f"bytes={len(DATA)}-"}).status_code == 416
    assert client.sync(offered=[SHA.digest()])["wanted"] == []


def test_creation_with_upload(client) -> None:
    headers = metadata() | {"Content-Type": "application/offset+octet-stream"}
    made = client.http.post("/v1/blobs", headers=headers, content=DATA)
    assert (made.status_code, made.headers["Upload-Offset"]) == (201, str(len(DATA)))
    assert client.http.get(f"/v1/blobs/{SHA.hexdigest()}").content == DATA


def test_a_wrong_checksum_drops_the_piece(client) -> None:
    place = create(client)
    headers = PATCH | {"Upload-Offset": "0", "Upload-Checksum": "sha256 " + base64.b64encode(bytes(32)).decode()}
    assert client.http.patch(place, content=DATA[:500], headers=headers).status_code == 460
    assert client.http.head(place, headers=TUS).headers["Upload-Offset"] == "0"


def test_a_file_that_is_not_what_was_announced_is_dropped(client) -> None:
    made = client.http.post("/v1/blobs", headers=metadata(hashlib.sha256(b"other").hexdigest()))
    place = urlsplit(made.headers["Location"]).path
    assert client.http.patch(place, content=DATA, headers=PATCH | {"Upload-Offset": "0"}).status_code == 460
    assert client.http.head(place, headers=TUS).headers["Upload-Offset"] == "0"
    assert client.sync(offered=[hashlib.sha256(b"other").digest()])["wanted"] == [hashlib.sha256(b"other").digest()]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Offset": "7"}, 409),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": "0", "Content-Type": "text/plain"}, 415),
        ({"Upload-Offset": "0", "Tus-Resumable": "0.2"}, 412),
        ({"Upload-Offset": "0", "Upload-Checksum": "md5 eA=="}, 400),
    ],
)
def test_wrong_requests_change_nothing(lasting_client, headers, status) -> None:
    place = create(lasting_client)
    assert lasting_client.http.patch(place, content=b"x", headers=PATCH | headers).status_code == status
    assert lasting_client.http.head(place, headers=TUS).headers["Upload-Offset"] == "0"


def test_more_than_announced_is_refused(client) -> None:
    place = create(client)
    answer = client.http.patch(place, content=DATA + b"x", headers=PATCH | {"Upload-Offset": "0"})
    assert answer.status_code == 413


def test_what_arrived_before_a_cut_is_kept(server, client) -> None:
    whole = DATA * 10
    sha = hashlib.sha256(whole)
    made = client.http.post("/v1/blobs", headers=metadata(sha.hexdigest()) | {"Upload-Length": str(len(whole))})
    place = urlsplit(made.headers["Location"]).path
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port)) as link:
        head = f"PATCH {place} HTTP/1.1\r\nHost: x\r\nAuthorization: {client.http.headers['Authorization']}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in (PATCH | {"Upload-Offset": "0"}).items())
        link.sendall(f"{head}Content-Length: {len(whole)}\r\n\r\n".encode() + whole[:900_000])
        uploads = server.server.station.blobs.uploads
        while not any(one.stat().st_size for one in uploads.iterdir()):
            pass  # the request that will be cut must have begun before the next one comes
    kept = int(client.http.head(place, headers=TUS).headers["Upload-Offset"])
    assert kept == 900_000
    answer = client.http.patch(place, content=whole[kept:], headers=PATCH | {"Upload-Offset": str(kept)})
    assert answer.status_code == 204
    assert client.http.get(f"/v1/blobs/{sha.hexdigest()}").content == whole


def test_a_file_whose_last_byte_was_the_last_thing_before_a_kill_is_taken_over(server, client) -> None:
    place = create(client)
    uploads = server.server.station.blobs.uploads
    (uploads / place.rpartition("/")[2]).write_bytes(DATA)
    assert client.sync(offered=[SHA.digest()])["wanted"] == [SHA.digest()]
    assert client.http.head(place, headers=TUS).headers["Upload-Offset"] == str(len(DATA))
    assert client.sync(offered=[SHA.digest()])["wanted"] == []
    assert client.http.get(f"/v1/blobs/{SHA.hexdigest()}").content == DATA


def test_a_wrong_file_left_by_a_kill_begins_again(server, client) -> None:
    place = create(client)
    (server.server.station.blobs.uploads / place.rpartition("/")[2]).write_bytes(DATA[::-1])
    assert client.http.head(place, headers=TUS).headers["Upload-Offset"] == "0"
    assert client.http.patch(place, content=DATA, headers=PATCH | {"Upload-Offset": "0"}).status_code == 204


def test_who_asks_anew_takes_the_place_of_a_connection_that_says_nothing_more(server, client) -> None:
    place = create(client)
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port)) as silent:
        head = f"PATCH {place} HTTP/1.1\r\nHost: x\r\nAuthorization: {client.http.headers['Authorization']}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in (PATCH | {"Upload-Offset": "0"}).items())
        silent.sendall(f"{head}Content-Length: {len(DATA)}\r\nExpect: 100-continue\r\n\r\n".encode())
        assert b" 100 " in silent.recv(1_000)  # the server is reading
        silent.sendall(DATA[:60_000])
        assert client.http.head(place, headers=TUS).headers["Upload-Offset"] == "60000"
        headers = PATCH | {"Upload-Offset": "60000"}
        assert client.http.patch(place, content=DATA[60_000:], headers=headers).status_code == 204
        assert b" 423 " in silent.recv(1_000)


def test_what_a_kill_left_beside_the_photos_is_taken_away_at_the_next_start(
    tmp_path: Path, estimator: RegistryEstimator
) -> None:
    whole, half = tmp_path / "blobs" / "ab" / "abcd", tmp_path / "blobs" / "ab" / "abcd#1"
    whole.parent.mkdir(parents=True)
    for file in (whole, half):
        file.write_bytes(b"x")
    with running.start(tmp_path, estimator=estimator, practice=True):
        assert (whole.exists(), half.exists()) == (True, False)
