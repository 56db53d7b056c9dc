"""The folder of keys and users: its owner's alone, whole after every change, and refused when others can reach it."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from services.common.errors import DomainError
from services.runtime.identity.key_folder import KeyFolder, PublicKeys, write_public
from services.runtime.identity.users import User, Users, check_rights


@pytest.fixture
def keys(tmp_path):
    found = KeyFolder(tmp_path / "data" / "keys")
    found.make()
    return found


def mode(path):
    return path.stat().st_mode & 0o777


def test_the_first_start_makes_a_folder_that_only_its_owner_reads(keys):
    Users(keys.path).put(User(user_id="li", roles=("planner",)))
    assert mode(keys.path) == 0o700
    assert {mode(f) for f in keys.path.iterdir()} == {0o600}
    before = set(keys.keys())
    keys.make()
    assert set(KeyFolder(keys.path).keys()) == before and len(before) == 1


@pytest.mark.parametrize("open_to", [0o750, 0o705, 0o770, 0o711])
def test_a_folder_that_others_reach_is_refused_with_how_to_mend_it(keys, open_to):
    keys.path.chmod(open_to)
    with pytest.raises(DomainError) as refused:
        KeyFolder(keys.path).keys()
    assert "others can reach it" in str(refused.value) and f"chmod 700 {keys.path}" in str(refused.value)


@pytest.mark.parametrize("open_to", [0o640, 0o604, 0o660])
def test_a_key_and_a_users_file_that_others_read_are_refused(keys, open_to):
    users = Users(keys.path)
    users.put(User(user_id="li", roles=("planner",)))
    users.file.chmod(open_to)
    with pytest.raises(DomainError):
        Users(keys.path).all()
    next(keys.path.glob("*.key.pem")).chmod(open_to)
    with pytest.raises(DomainError) as refused:
        KeyFolder(keys.path).keys()
    assert "chmod 600" in str(refused.value)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to another user")
def test_a_secret_that_another_user_put_there_for_our_group_is_read(keys, monkeypatch):
    for path in (keys.path, *keys.path.iterdir()):
        path.chmod(0o440 if path.is_file() else 0o755)
    monkeypatch.setattr(os, "geteuid", lambda: 10_001)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert KeyFolder(keys.path).keys()
    next(keys.path.glob("*.key.pem")).chmod(0o444)
    with pytest.raises(DomainError):
        KeyFolder(keys.path).keys()


def test_what_is_no_key_is_named(keys):
    wrong = keys.path / "z.key.pem"
    wrong.write_text("nothing")
    wrong.chmod(0o600)
    with pytest.raises(DomainError, match=r"not an Ed25519 key in PEM.*z\.key\.pem"):
        KeyFolder(keys.path).keys()


def test_processes_that_start_at_once_end_with_one_key(tmp_path):
    folders = [KeyFolder(tmp_path / "keys") for _ in range(8)]
    threads = [threading.Thread(target=f.make) for f in folders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({tuple(f.keys()) for f in folders}) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["keys"]


def test_public_keys_are_read_elsewhere_and_follow_a_rotation(keys, tmp_path):
    elsewhere = tmp_path / "public"
    write_public(keys.keys(), elsewhere)
    public = PublicKeys(elsewhere)
    first = keys.newest().key_id
    assert public.public(first) is not None and public.public("other") is None
    second = keys.rotate().key_id
    write_public(keys.keys(), elsewhere)
    os.utime(elsewhere)
    assert public.public(second) is not None
    assert b"PRIVATE" not in b"".join(f.read_bytes() for f in elsewhere.iterdir())


def test_users_with_wrong_rights_are_refused_with_everything_that_is_wrong(keys):
    users = Users(keys.path)
    with pytest.raises(DomainError) as refused:
        users.put(
            User(
                user_id="li",
                roles=("auditor", "system_admin", "planer", "gateway"),
                scopes=("mars", "jiangsu/x"),
            )
        )
    text = str(refused.value)
    assert len(refused.value.violations) == 5
    assert "planer" in text and "did you mean planner" in text and "auditor, system_admin" in text
    assert "gateway" in text and "mars" in text and "jiangsu/x" in text
    assert users.all() == []
    check_rights(("planner", "analyst", "auditor"), ("*", "jiangsu", "jiangsu/nantong"))


def test_a_users_file_that_was_edited_wrongly_is_refused_whole(keys):
    users = Users(keys.path)
    users.put(User(user_id="li", roles=("planner",)))
    text = users.file.read_text("utf-8").replace('"planner"', '"emperor"')
    users.file.write_text(text, "utf-8")
    with pytest.raises(DomainError, match="emperor"):
        Users(keys.path).all()


def test_of_changes_to_the_users_file_at_once_none_is_lost(keys):
    Users(keys.path).put(User(user_id="li", roles=("viewer",)))
    names = [f"user{n}" for n in range(24)]

    def change(name):
        Users(keys.path).put(User(user_id=name, roles=("viewer",)))

    with ThreadPoolExecutor(12) as pool:
        blocking = pool.submit(Users(keys.path).block, "li")
        list(pool.map(change, names))
        blocking.result()
    assert {u.user_id for u in Users(keys.path).all()} == {"li", *names}
    assert Users(keys.path).get("li") is None
