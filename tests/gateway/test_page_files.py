"""Files of the page and JSON replies over a real socket: compression, caching, types, timing."""

import asyncio
import gzip
import re
import threading

import httpx2
import pytest
import uvicorn

from gateway.api.codings import accepts
from gateway.api.http import make_app
from tests.gateway.conftest import free_port

SCRIPT = b"const peak = 2028;\n" * 500
INDEX = "<!doctype html><title>达峰</title>" + "<p>x</p>" * 1000


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    (folder / "assets").mkdir()
    (folder / "index.html").write_text(INDEX, "utf-8")
    (folder / "assets" / "index-CRdTxIyM.js").write_bytes(SCRIPT)
    (folder / "assets" / "index-CRdTxIyM.js.br").write_bytes(b"as brotli")
    (folder / "assets" / "index-CRdTxIyM.js.gz").write_bytes(gzip.compress(SCRIPT))
    (folder / "assets" / "style-a_b-c_d1.css").write_text("p{margin:0}", "utf-8")
    (folder / "zh-messages.json").write_text("{}", "utf-8")
    (folder / "favicon.svg").write_text("<svg/>", "utf-8")
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(make_app({}, folder), host="127.0.0.1", port=port, log_config=None, lifespan="off")
    )
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
        assert thread.is_alive()
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def get(site, path, encoding, method="GET", **headers):
    asked = {"accept-encoding": encoding, **headers}
    with httpx2.Client() as client, client.stream(method, f"{site}{path}", headers=asked) as reply:
        return reply, b"".join(reply.iter_raw())


def test_a_browser_gets_the_smallest_form_it_takes_with_the_type_of_the_file(site):
    path = "/assets/index-CRdTxIyM.js"
    for encoding, coding, body in (
        ("gzip, deflate, br", "br", b"as brotli"),
        ("gzip", "gzip", None),
        ("br;q=0, gzip", "gzip", None),
        ("identity", None, SCRIPT),
    ):
        reply, raw = get(site, path, encoding)
        assert reply.status_code == 200 and reply.headers.get("content-encoding") == coding
        assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
        assert "accept-encoding" in reply.headers["vary"].lower()
        assert (gzip.decompress(raw) if body is None else raw) == (SCRIPT if body is None else body)


def test_hashed_names_are_kept_for_a_year_and_all_others_are_asked_for(site):
    for path, kept in (
        ("/assets/index-CRdTxIyM.js", True),
        ("/assets/style-a_b-c_d1.css", True),
        ("/", False),
        ("/index.html", False),
        ("/favicon.svg", False),
        ("/zh-messages.json", False),
    ):
        reply, _ = get(site, path, "br, gzip")
        wanted = "public, max-age=31536000, immutable" if kept else "no-cache"
        assert reply.headers["cache-control"] == wanted, path
        assert reply.headers["x-content-type-options"] == "nosniff"


def test_what_has_not_changed_is_not_sent_again_in_any_form(site):
    for path in ("/", "/assets/index-CRdTxIyM.js"):
        tags = set()
        for encoding in ("br", "gzip", "identity"):
            first, _ = get(site, path, encoding)
            tags.add(first.headers["etag"])
            again, raw = get(site, path, encoding, **{"if-none-match": first.headers["etag"]})
            assert again.status_code == 304 and raw == b""
        assert len(tags) == (3 if "assets" in path else 1)


def test_head_tells_the_same_without_the_file(site):
    reply, raw = get(site, "/assets/index-CRdTxIyM.js", "br", method="HEAD")
    assert reply.status_code == 200 and raw == b""
    assert reply.headers["content-encoding"] == "br" and reply.headers["content-length"] == "9"


def test_a_file_without_siblings_is_compressed_on_the_way_and_an_unknown_one_is_404(site):
    reply, raw = get(site, "/", "gzip")
    assert reply.headers["content-encoding"] == "gzip" and gzip.decompress(raw).decode() == INDEX
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert get(site, "/assets/none.js", "gzip")[0].status_code == 404
    assert get(site, "/../../pyproject.toml", "gzip")[0].status_code == 404


def test_the_policy_allows_own_scripts_and_styles_and_nothing_inline_or_foreign(site):
    policy = get(site, "/", "gzip")[0].headers["content-security-policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    assert rules["img-src"] == "'self' data: blob:"
    assert "unsafe" not in policy


def test_a_json_reply_tells_how_long_its_steps_took(http):
    path = f"{http}/dafeng.projection.v1.ProjectionService/ListLevers"
    reply = httpx2.post(path, json={"region": "jiangsu"}, headers={"accept-encoding": "gzip"})
    timing = reply.headers["server-timing"]
    steps = dict(re.findall(r"(\w+);dur=([\d.]+)", timing))
    assert list(steps) == ["parse", "call", "encode", "compress"]
    assert float(steps["call"]) > 0.1
    assert reply.headers["content-encoding"] == "gzip"
    assert len(reply.json()["levers"]) > 100
    plain = httpx2.post(path, json={"region": "jiangsu"}, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers and plain.json() == reply.json()
    small = httpx2.post(f"{path.rpartition('/')[0]}/ListRegions", json={})
    assert "call;dur=" in small.headers["server-timing"]


def test_codings_are_read_with_their_weights():
    assert accepts("gzip, br;q=0.5", "br") and accepts("GZIP;q=1.0", "gzip")
    assert not accepts("gzip;q=0, br", "gzip") and not accepts("brotli", "br") and not accepts("", "gzip")
