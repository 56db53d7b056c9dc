"""The guide for other systems: both languages agree, and the names and tables on the pages are those of the software."""

import re

import pytest

from dafeng import Client
from dafeng.cli.files import INTERNAL_MARK
from gateway.api import connect
from gateway.settings import DEFAULT_PORTS
from services.common.access import access_table
from services.common.errors import REASONS
from tests.docs.api_contracts import SERVICES, fields_of, known
from tests.docs.api_pages import NAMES, PAGES, ROOT, page
from tests.docs.blocks import blocks


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_show_the_same_code(name):
    english, chinese = (
        [(b.language, b.words, b.text) for b in blocks(PAGES[name, end])] for end in (".md", ".zh.md")
    )
    assert english == chinese


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_have_the_same_headings_and_tables(name):
    def shape(path):
        text = re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.M | re.S)
        return [
            line.split(" ")[0] if line[0] == "#" else line.count(" |")
            for line in text.splitlines()
            if line[:1] in ("#", "|")
        ]

    assert shape(PAGES[name, ".md"]) == shape(PAGES[name, ".zh.md"])


def test_every_fenced_block_is_of_a_kind_that_is_held_against_something():
    kinds = {(b.language, *b.words) for path in PAGES.values() for b in blocks(path)}
    assert kinds <= {
        ("python",), ("sh",), ("sh", "no-run"), ("text", "output"), ("toml",), ("yaml",), ("go",), ("java",),
    }  # fmt: skip


@pytest.mark.parametrize("path", PAGES.values(), ids=lambda p: p.name)
def test_names_of_the_contracts_on_the_page_exist(path):
    text = path.read_text("utf-8")
    methods = {(s.rpartition(".")[2], m) for s, of in SERVICES.items() for m in of}
    names = {s.rpartition(".")[2] for s in SERVICES}
    wrong = [
        n
        for n in re.findall(r"dafeng(?:\.\w+)+\.v1(?:\.[A-Z]\w+(?:/[A-Z]\w+)?)?", text)
        if not known(_contract(n))
    ]
    for service, method in re.findall(r"\b([A-Z]\w+Service)\b(?:\.([A-Z]\w+))?", text):
        if service not in names or (method and (service, method) not in methods):
            wrong.append(f"{service}.{method}")
    assert wrong == []


def _contract(name):
    """A name in a Java package of somebody's own, or of a class beside a service, as the contract has it."""
    return re.sub(r"(Service)Grpc$", r"\1", name)


@pytest.mark.parametrize("path", PAGES.values(), ids=lambda p: p.name)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
        if not target.startswith("../reference/"):
            assert (path.parent / target).is_file(), target
            assert target.endswith(".zh.md") == path.name.endswith(".zh.md"), target


@pytest.mark.parametrize("end", [".md", ".zh.md"])
def test_the_table_of_reasons_is_the_one_of_the_software(end):
    rows = {}
    for line in PAGES["errors_and_quotas", end].read_text("utf-8").splitlines():
        if found := re.match(r"\| `([A-Z_]+)` \| ([A-Z_]+) \| (\d+) \| ([^|]+) \|", line):
            rows[found[1]] = found.groups()[1:]
    chinese = end == ".zh.md"
    assert rows == {
        name: (r.code, str(connect.HTTP_STATUS[r.code]), r.zh if chinese else r.en)
        for name, r in REASONS.items()
    }


@pytest.mark.parametrize("end", [".md", ".zh.md"])
def test_the_methods_that_change_something_are_all_named(end):
    text = PAGES["errors_and_quotas", end].read_text("utf-8")
    named = set(re.findall(r"`(\w+Service\.\w+)`", text))
    assert {
        f"{service.rpartition('.')[2]}.{method}"
        for service, rules in access_table().methods.items()
        for method, rule in rules.items()
        if rule.changes
    } <= named


@pytest.mark.parametrize("end", [".md", ".zh.md"])
def test_the_table_of_the_typed_client_is_right(end):
    text = PAGES["python", end].read_text("utf-8")
    rows = re.findall(r"^\| (`\w+`|[^`|]+) \| ([^|]*Service[^|]*) \| ([^|]+) \|$", text, re.M)
    with Client("127.0.0.1:1") as client:
        areas = {
            name for name, value in vars(client).items() if type(value).__module__.startswith("dafeng.areas")
        }
        shown = {}
        for holder, _, methods in rows:
            name = holder.strip("`") if "`" in holder else ""
            shown.setdefault(name, set()).update(re.findall(r"`(\w+)`", methods))
            for method in re.findall(r"`(\w+)`", methods):
                assert callable(getattr(getattr(client, name) if name else client, method)), (name, method)
    assert set(shown) - {""} == areas
    for name in areas:
        methods = {m for m in vars(type(getattr(client, name))) if not m.startswith("_") and m != "stub"}
        assert methods == shown[name], name


@pytest.mark.parametrize("end", [".md", ".zh.md"])
def test_the_fields_of_the_reply_exist_and_none_is_left_out(end):
    text = PAGES["start", end].read_text("utf-8")
    shown = set()
    for row in re.findall(r"^\| ((?:`\w+`(?:, |、)?)+) \|", text, re.M):
        shown |= set(re.findall(r"`(\w+)`", row))
    assert shown == fields_of("dafeng.projection.v1.Projection")


def test_the_watermark_is_the_one_that_exports_carry():
    for end in (".md", ".zh.md"):
        assert INTERNAL_MARK.split(" internal")[0] in PAGES["start", end].read_text("utf-8")


def test_addresses_and_commands_of_the_start_are_the_real_ones():
    text = page("start").read_text("utf-8")
    assert f"`127.0.0.1:{DEFAULT_PORTS['gateway']}`" in text
    makefile = (ROOT / "Makefile").read_text("utf-8")
    started = re.search(r"^run:.*\n\t(.*)$", makefile, re.M)[1]
    assert started.endswith("dafeng serve --embedded --http 127.0.0.1:8080")
    assert "make run" in text


def test_times_over_http_are_as_told():
    assert (connect.DEADLINE_SECONDS, connect.STREAM_DEADLINE_SECONDS) == (60, 600)
