"""How the command line tells errors of a gateway, and where it says that the page is."""

import pytest
import typer

from dafeng.calling import InvalidInputError, NotReadyError, ServiceError
from dafeng.cli.app import _page_address
from dafeng.cli.connection import translated_errors
from dafeng.cli.credentials import GIVEN
from gateway.settings import ServeSettings
from services.runtime.identity.settings import IdentitySettings, TlsSettings

CLOSED = "failed to connect to all addresses; last error: UNAVAILABLE: ipv4:127.0.0.1:1: Socket closed"


def told_of(error, capsys):
    """(exit code, heading, all that is told) of an error."""
    with pytest.raises(typer.Exit) as caught, translated_errors():
        raise error
    told = capsys.readouterr().err
    return caught.value.exit_code, told.splitlines()[0], " ".join(told.split())


@pytest.mark.parametrize(
    ("error", "code", "heading"),
    [
        (ServiceError("FAILED_PRECONDITION", "not reviewed"), 2, "当前状态不允许 not in this state"),
        (ServiceError("NOT_FOUND", "no such release"), 2, "未找到 not found"),
        (ServiceError("ALREADY_EXISTS", "there"), 2, "已存在 exists already"),
        (ServiceError("ABORTED", "changed"), 2, "已被他人更改 changed meanwhile"),
        (InvalidInputError("wrong", ()), 2, "输入不合法 invalid input"),
        (NotReadyError("RESOURCE_EXHAUSTED", "full", "QUOTA"), 3, "配额或空间已用尽 quota or room used up"),
        (NotReadyError("RESOURCE_EXHAUSTED", "busy", "CAPACITY"), 3, "服务繁忙 service busy"),
        (NotReadyError("UNAVAILABLE", "away"), 3, "服务未就绪 service not ready"),
        (ServiceError("DATA_LOSS", "damaged"), 1, "内部错误 internal error: DATA_LOSS"),
    ],
)
def test_each_kind_of_refusal_has_a_heading_and_an_exit_code(error, code, heading, capsys):
    found = told_of(error, capsys)
    assert found[:2] == (code, heading) and str(error) in found[2]


@pytest.mark.parametrize(("encrypted", "hinted"), [(False, True), (True, False)])
def test_a_closed_connection_in_plain_text_is_told_with_tls(encrypted, hinted, capsys, monkeypatch):
    monkeypatch.setattr(GIVEN, "tls", encrypted)
    code, _, told = told_of(NotReadyError("UNAVAILABLE", CLOSED), capsys)
    assert code == 3 and ("--tls" in told and "--roots FILE" in told) is hinted


@pytest.mark.parametrize(
    ("http", "tls", "public_url", "page"),
    [
        ("127.0.0.1:8080", False, "", "http://127.0.0.1:8080"),
        ("127.0.0.1:8943", True, "", "https://127.0.0.1:8943"),
        ("127.0.0.1:8080", False, "https://dafeng.example", "https://dafeng.example"),
        ("", False, "https://dafeng.example", ""),
    ],
)
def test_the_page_is_where_a_browser_finds_it(http, tls, public_url, page, tmp_path):
    files = TlsSettings(certificate=tmp_path / "a", key=tmp_path / "b") if tls else TlsSettings()
    settings = ServeSettings(http=http, tls=files, identity=IdentitySettings(public_url=public_url))
    assert _page_address(settings) == page
