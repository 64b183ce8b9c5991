"""Opening a profile: encrypted from its first byte, one program at a time, clear words when something is wrong."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fieldapp.errors import FieldappError, StorageError, VersionError
from fieldapp.storage import migrations, profile, verifying
from fieldapp.storage.backup import backup, restore

OPEN_AND_WAIT = """
import sys
from pathlib import Path
from fieldapp.storage.lock import ProfileLock
held = ProfileLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def make(folder: Path, pin: str | None = "1234", office: bytes | None = None) -> Path:
    profile.create(folder, person="杨进光", pin=pin, practice=pin is None, office_key=office)
    return folder


def code_of(folder: Path, pin: str | None, field: Any) -> str:
    with pytest.raises(FieldappError) as caught:
        profile.open_store(folder, pin=pin, estimator=field.estimator).close()
    return caught.value.code


def test_nothing_readable_lies_in_the_folder(tmp_path: Path, field: Any) -> None:
    folder = make(tmp_path / "p")
    store = profile.open_store(folder, pin="1234", estimator=field.estimator)
    field.plant(store, head_name="杨进光杨进光")
    store.blobs.put(b"plain photo bytes")
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    store.close()
    for secret in ("杨进光".encode(), b"plain photo", b"SQLite format 3", b"CREATE TABLE"):
        assert secret not in everything


@pytest.mark.skipif(sys.platform == "win32", reason="Windows gives a person's folders to that person alone by itself")
def test_nobody_else_on_the_laptop_gets_into_the_folder(tmp_path: Path, field: Any) -> None:
    restored = tmp_path / "restored"
    restored.mkdir(mode=0o755)
    made = make(tmp_path / "made")
    store = profile.open_store(made, pin="1234", estimator=field.estimator)
    file = backup(store, tmp_path)
    store.close()
    restore(file, restored)
    for folder in (made, restored):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_wrong_pin_opens_nothing_and_changes_nothing(tmp_path: Path, field: Any) -> None:
    folder = make(tmp_path / "p")
    assert code_of(folder, "4321", field) == "wrong_pin"
    assert code_of(folder, None, field) == "wrong_pin"
    profile.open_store(folder, pin="1234", estimator=field.estimator).close()


def test_a_new_pin_and_the_offices_key_open_the_same_data(tmp_path: Path, field: Any) -> None:
    office = X25519PrivateKey.generate()
    folder = make(tmp_path / "p", office=office.public_key().public_bytes_raw())
    profile.change_pin(folder, pin="1234", new_pin="5678")
    assert code_of(folder, "1234", field) == "wrong_pin"
    profile.recover_with_office_key(folder, office_private_key=office.private_bytes_raw(), new_pin="9999")
    profile.recover_with_office_key(folder, office_private_key=office.private_bytes_raw(), new_pin="8888")
    profile.open_store(folder, pin="8888", estimator=field.estimator).close()
    stranger = X25519PrivateKey.generate().private_bytes_raw()
    with pytest.raises(StorageError, match="wrong_pin"):
        profile.recover_with_office_key(folder, office_private_key=stranger, new_pin="1")


def test_real_households_need_a_pin_and_practice_says_so(tmp_path: Path, field: Any) -> None:
    with pytest.raises(StorageError, match="pin_missing"):
        profile.create(tmp_path / "p", person="杨", pin=None)
    folder = make(tmp_path / "practice", pin=None)
    store = profile.open_store(folder, pin=None, estimator=field.estimator)
    assert store.practice
    assert not profile.needs_pin(folder)
    store.close()


def test_a_profile_is_never_written_over(tmp_path: Path) -> None:
    folder = make(tmp_path / "p", pin=None)
    with pytest.raises(StorageError, match="profile_exists"):
        make(folder, pin=None)


def test_a_second_program_is_told_and_a_killed_one_leaves_no_lock(tmp_path: Path, field: Any) -> None:
    folder = make(tmp_path / "p", pin=None)
    other = subprocess.Popen(
        [sys.executable, "-c", OPEN_AND_WAIT, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdin is not None
    assert other.stdout is not None
    try:
        assert other.stdout.readline() == b"held\n"
        assert code_of(folder, None, field) == "profile_in_use"
    finally:
        other.kill()
        other.wait()
        other.stdin.close()
        other.stdout.close()
    profile.open_store(folder, pin=None, estimator=field.estimator).close()


def test_a_second_store_of_the_same_program_shares_the_lock(tmp_path: Path, field: Any) -> None:
    folder = make(tmp_path / "p", pin=None)
    store = profile.open_store(folder, pin=None, estimator=field.estimator)
    second = store.reopen()
    stand = field.plant(second)
    assert store.get(type(stand.household), stand.household.id) == stand.household
    store.close()
    assert code_of(folder, None, field) == "profile_in_use"
    second.close()
    profile.open_store(folder, pin=None, estimator=field.estimator).close()


def test_a_newer_database_is_refused_with_its_version(tmp_path: Path, field: Any) -> None:
    folder = make(tmp_path / "p", pin=None)
    store = profile.open_store(folder, pin=None, estimator=field.estimator)
    store.connection.execute("PRAGMA user_version = 99")
    store.close()
    with pytest.raises(VersionError) as caught:
        profile.open_store(folder, pin=None, estimator=field.estimator)
    assert caught.value.params == {"found": 99, "known": migrations.NEWEST}


@pytest.mark.parametrize("damage", ["cut", "garbage", "empty", "header"])
def test_a_damaged_database_is_told_and_left_alone(tmp_path: Path, field: Any, damage: str) -> None:
    folder = make(tmp_path / "p", pin=None)
    store = profile.open_store(folder, pin=None, estimator=field.estimator)
    field.plant(store, 50)
    store.close()
    database = folder / profile.DATABASE
    whole = database.read_bytes()
    broken = {
        "cut": whole[: len(whole) // 2],
        "garbage": b"no database at all" * 1000,
        "empty": b"",
        "header": bytes(64) + whole[64:],
    }[damage]
    database.write_bytes(broken)
    assert code_of(folder, None, field) == "database_damaged"
    assert database.read_bytes() == broken


def test_missing_and_damaged_parts_have_their_own_words(tmp_path: Path, field: Any) -> None:
    assert code_of(tmp_path / "nothing", None, field) == "no_profile"
    folder = make(tmp_path / "p", pin=None)
    (folder / profile.DATABASE).unlink()
    assert code_of(folder, None, field) == "database_missing"
    (folder / profile.KEYS_FILE).write_text("{")
    assert code_of(folder, None, field) == "profile_damaged"
    (folder / profile.PROFILE_FILE).write_text(json.dumps({"format": 7}))
    assert code_of(folder, None, field) == "newer_database"


def test_a_new_profile_never_deletes_one_that_lost_its_marks(tmp_path: Path, field: Any) -> None:
    folder = make(tmp_path / "p", pin=None)
    store = profile.open_store(folder, pin=None, estimator=field.estimator)
    field.plant(store, 2)
    photo = store.blobs.put(b"photo")
    store.close()
    marks = (folder / profile.PROFILE_FILE).read_bytes()
    (folder / profile.PROFILE_FILE).unlink()
    make(folder, pin=None)
    store = profile.open_store(folder, pin=None, estimator=field.estimator)
    assert store.blobs.all_hashes() == []
    assert verifying.verify_store(store).ok
    store.close()
    (found,) = folder.glob("found-*")
    (found / profile.PROFILE_FILE).write_bytes(marks)
    store = profile.open_store(found, pin=None, estimator=field.estimator)
    assert (store.rows("SELECT count(*) FROM tree")[0][0], store.blobs.get(photo)) == (2, b"photo")
    store.close()


def test_a_file_where_the_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("a file")
    with pytest.raises(StorageError):
        make(tmp_path / "p", pin=None)


def test_the_usual_folder_lies_where_the_platform_keeps_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert profile.default_folder() == tmp_path / "fieldapp" / "default"


@pytest.mark.parametrize(
    "content", ["{}", '{"wraps": 5}', '{"wraps": []}', '{"wraps": [{}]}', '{"wraps": ["x"]}', "[" * 9999]
)
def test_a_damaged_key_file_is_told(tmp_path: Path, field: Any, content: str) -> None:
    profile.create(tmp_path / "p", person="王", pin="2468")
    (tmp_path / "p" / profile.KEYS_FILE).write_text(content)
    for ask in (profile.needs_pin, lambda folder: profile.open_store(folder, pin="2468", estimator=field.estimator)):
        with pytest.raises(StorageError, match="profile_damaged"):
            ask(tmp_path / "p")


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("salt", None),
        ("salt", ""),
        ("salt", "zz"),
        ("lanes", "x"),
        ("time_cost", -1),
        ("time_cost", 10**9),
        ("nonce", "1"),
    ],
)
def test_a_wrap_that_nobody_wrote_is_told(tmp_path: Path, field: Any, part: str, value: object) -> None:
    profile.create(tmp_path / "p", person="王", pin="2468")
    file = tmp_path / "p" / profile.KEYS_FILE
    content = json.loads(file.read_text())
    content["wraps"][0][part] = value
    file.write_text(json.dumps(content))
    with pytest.raises(StorageError, match="profile_damaged"):
        profile.open_store(tmp_path / "p", pin="2468", estimator=field.estimator)


@pytest.mark.parametrize("version", ['"x"', "null", "[]"])
def test_a_profile_of_no_format_is_told(tmp_path: Path, version: str) -> None:
    profile.create(tmp_path / "p", person="王", pin="2468")
    (tmp_path / "p" / profile.PROFILE_FILE).write_text(f'{{"format": {version}}}')
    with pytest.raises(StorageError, match="profile_damaged"):
        profile.read_marks(tmp_path / "p")


def test_a_folder_that_cannot_be_made_is_no_failing_disk(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="folder_missing"):
        profile.create(tmp_path / "file" / "p", person="王", pin="2468")
