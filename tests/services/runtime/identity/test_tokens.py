"""Tokens: whatever is wrong with one, the refusal is the same; rights are those of the users file at this moment."""

import asyncio
import base64
import json
import time
from functools import partial

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.common.acting import GATEWAY, Actor, acting
from services.common.errors import DomainError
from services.runtime.identity.identity import Identity
from services.runtime.identity.key_folder import KeyFolder, make_key
from services.runtime.identity.settings import IdentitySettings
from services.runtime.identity.tokens import LOCAL_ISSUER, make_token
from services.runtime.identity.users import User, Users
from services.runtime.identity.vouching import GATEWAY_ITSELF, VOUCHED_KEY, Vouching

LI = User(user_id="li", roles=("planner",), scopes=("jiangsu",))


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "keys"
    KeyFolder(path).make()
    Users(path).put(LI)
    return path


@pytest.fixture
def identity(folder):
    return Identity(IdentitySettings(mode="local"), folder, Vouching(None))


def read(identity, token):
    return asyncio.run(identity.of_token(token)).actor


def refusal(identity, token):
    with pytest.raises(DomainError) as refused:
        read(identity, token)
    return refused.value.reason, str(refused.value)


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def bad_tokens(folder):
    """Name -> token, each wrong in one way."""
    key = KeyFolder(folder).newest()
    now = int(time.time())
    good = {"iss": LOCAL_ISSUER, "aud": "dafeng", "sub": "li", "iat": now, "exp": now + 600, "jti": "1"}
    sound = make_token(key, LOCAL_ISSUER, "dafeng", "li", 600)
    head, body, signature = sound.split(".")
    public = key.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def signed(claims, by=key, kid=key.key_id):
        return jwt.encode(claims, by.private, algorithm="EdDSA", headers={"kid": kid})

    def without(name):
        return signed({k: v for k, v in good.items() if k != name})

    hmac_head, hmac_body = part({"alg": "HS256", "typ": "JWT", "kid": key.key_id}), part(good)
    mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    by_public = base64.urlsafe_b64encode(mac.sign(f"{hmac_head}.{hmac_body}".encode(), public))
    return {
        "none given": "",
        "no token at all": "abc",
        "three dots": "a.b.c",
        "expired": signed(good | {"iat": now - 700, "exp": now - 60}),
        "wrong audience": signed(good | {"aud": "other"}),
        "wrong issuer": signed(good | {"iss": "https://other.example"}),
        "lives too long": signed(good | {"exp": now + 8 * 86_400}),
        "issued later": signed(good | {"iat": now + 300, "exp": now + 900}),
        "alg none": f"{part({'alg': 'none', 'kid': key.key_id})}.{part(good)}.",
        "hmac with the public key": f"{hmac_head}.{hmac_body}.{by_public.rstrip(b'=').decode()}",
        "altered body": f"{head}.{part(good | {'sub': 'root'})}.{signature}",
        "altered signature": f"{head}.{body}.{'A' * len(signature)}",
        "another key": signed(good, make_key()),
        "unknown key": signed(good, make_key(), "unknown"),
        "key id of another kind": jwt.encode(good, key.private, algorithm="EdDSA", headers={"kid": "../li"}),
        "unknown user": signed(good | {"sub": "nobody"}),
        "no end": without("exp"),
        "no subject": without("sub"),
        "endless": "a" * 100_000,
        "not ascii": "令牌.令牌.令牌",
    }


def test_whatever_is_wrong_with_a_token_the_refusal_is_the_same(identity, folder):
    assert (
        read(identity, make_token(KeyFolder(folder).newest(), LOCAL_ISSUER, "dafeng", "li", 600))
        == LI.actor()
    )
    told = {name: refusal(identity, token) for name, token in bad_tokens(folder).items()}
    assert set(told.values()) == {("UNAUTHENTICATED", str(DomainError("UNAUTHENTICATED")))}, told


def test_refusals_take_about_the_same_time(identity, folder):
    def seconds(token):
        found = []
        for _ in range(5):
            started = time.perf_counter()
            refusal(identity, token)
            found.append(time.perf_counter() - started)
        return min(found)

    times = {name: seconds(token) for name, token in bad_tokens(folder).items()}
    assert max(times.values()) < 4 * min(times.values()), times


def test_a_removed_or_blocked_user_is_refused_at_the_next_call_and_new_rights_count(identity, folder):
    users = Users(folder)
    token = make_token(KeyFolder(folder).newest(), LOCAL_ISSUER, "dafeng", "li", 600)
    assert read(identity, token).roles == {"planner"}
    users.put(LI.model_copy(update={"roles": ("viewer",), "scopes": ("jiangxi",)}))
    assert read(identity, token) == Actor("li", frozenset({"viewer"}), ("jiangxi",))
    users.block("li")
    assert refusal(identity, token)[0] == "UNAUTHENTICATED"
    users.block("li", blocked=False)
    assert read(identity, token).known
    users.block("li", blocked=False, now=int(time.time()) + 1)
    assert refusal(identity, token)[0] == "UNAUTHENTICATED"
    users.remove("li")
    assert refusal(identity, token)[0] == "UNAUTHENTICATED"


def test_an_older_key_verifies_until_it_is_removed(identity, folder):
    keys = KeyFolder(folder)
    first = keys.newest()
    old = make_token(first, LOCAL_ISSUER, "dafeng", "li", 600)
    second = keys.rotate()
    assert keys.newest().key_id == second.key_id != first.key_id
    new = make_token(keys.newest(), LOCAL_ISSUER, "dafeng", "li", 600)
    assert read(identity, old) == read(identity, new) == LI.actor()
    keys.remove(first.key_id)
    assert refusal(identity, old)[0] == "UNAUTHENTICATED"
    assert read(identity, new) == LI.actor()
    with pytest.raises(DomainError):
        keys.remove(second.key_id)


def test_a_token_is_verified_once_and_then_found_quickly(identity, folder, monkeypatch):
    token = make_token(KeyFolder(folder).newest(), LOCAL_ISSUER, "dafeng", "li", 600)
    read(identity, token)
    monkeypatch.setattr(jwt, "decode", lambda *_, **__: pytest.fail("verified again"))
    assert read(identity, token) == LI.actor()


def test_the_gateway_vouches_for_its_caller_and_for_itself_where_the_right_does_not_reach(folder):
    gateway, sector = Vouching(KeyFolder(folder)), Vouching(KeyFolder(folder))
    planner = Actor("li", frozenset({"planner"}), ("jiangsu",))
    with acting(planner):
        ((name, token),) = gateway.metadata()
        assert name == "dafeng-vouched" and gateway.metadata() == ((name, token),)
    assert sector.read(token) == sector.read(token) == planner and hash(sector.read(token)) == hash(planner)
    with acting(Actor("wang", frozenset({"reviewer"}), ("jiangsu",))):
        assert sector.read(gateway.metadata()[0][1]) == GATEWAY
    assert sector.read(gateway.metadata()[0][1]) == GATEWAY
    for stranger in (Vouching(None), Vouching(None)):
        with pytest.raises(DomainError) as refused:
            sector.read(stranger.token_for(planner))
        assert refused.value.reason == "UNAUTHENTICATED"


def test_a_users_token_is_no_voucher_and_a_voucher_no_users_token(identity, folder):
    keys = KeyFolder(folder)
    user = make_token(keys.newest(), LOCAL_ISSUER, "dafeng", "li", 600)
    with pytest.raises(DomainError):
        Vouching(keys).read(user)
    assert refusal(identity, Vouching(keys).token_for(GATEWAY))[0] == "UNAUTHENTICATED"
    lasting = make_token(
        keys.newest(),
        "dafeng-gateway",
        "dafeng-services",
        "li",
        3600,
        roles=["analyst"],
        scopes=["*"],
        kind="person",
    )
    with pytest.raises(DomainError):
        Vouching(keys).read(lasting)


def test_a_voucher_of_a_removed_key_counts_no_more(folder):
    keys = KeyFolder(folder)
    gateway, sector = Vouching(KeyFolder(folder)), Vouching(KeyFolder(folder))
    old = gateway.token_for(GATEWAY)
    assert sector.read(old) == GATEWAY
    first = keys.newest().key_id
    keys.rotate()
    assert sector.read(old) == GATEWAY and gateway.token_for(GATEWAY) != old
    keys.remove(first)
    with pytest.raises(DomainError):
        sector.read(old)


def test_what_a_sector_was_shown_does_not_count_at_the_gateway(identity, folder):
    planner = Actor("li", frozenset({"planner"}), ("jiangsu",))
    for_sectors = identity.vouching.token_for(planner)
    at_gateway = partial(identity.of_call, context=None, audience=GATEWAY_ITSELF)
    with pytest.raises(DomainError):
        asyncio.run(at_gateway({VOUCHED_KEY: for_sectors}))
    inside = dict(identity.vouching.metadata_for(planner, GATEWAY_ITSELF))
    assert asyncio.run(at_gateway(inside)) == planner
    with pytest.raises(DomainError):
        asyncio.run(identity.of_call(inside, None))


def test_a_stream_ends_for_a_user_who_is_blocked_removed_or_has_other_rights(identity, folder):
    identity.look_again(LI.actor())
    for change in (
        lambda users: users.block("li"),
        lambda users: users.put(LI.model_copy(update={"roles": ("viewer",)})),
        lambda users: users.remove("li"),
    ):
        users = Users(folder)
        change(users)
        with pytest.raises(DomainError) as refused:
            identity.look_again(LI.actor())
        assert refused.value.reason == "UNAUTHENTICATED"
        users.put(LI)
        identity.look_again(LI.actor())
    for not_of_the_file in (GATEWAY, Actor("epb", frozenset({"viewer"}), ("*",), "system")):
        identity.look_again(not_of_the_file)
