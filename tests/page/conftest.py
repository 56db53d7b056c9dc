"""The page in a real browser (Debian's Chromium) before a real gateway that keeps batches and scenarios."""

import contextlib
import shutil
from pathlib import Path

import pytest

from gateway.jobs.settings import BatchSettings
from gateway.settings import ServeSettings
from tests.gateway.conftest import free_port, running
from tests.page.people import add_people, people_site

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SCREENS = Path(__file__).resolve().parents[2] / "var" / "screens"
VIEWS = (
    "overview",
    "pathway",
    "power",
    "buildings",
    "transport",
    "targets",
    "cities",
    "compare",
    "solve",
)
# Drawing 41 years of hours for the first time on a busy machine.
PATIENCE_MS = 60_000


def pytest_collection_modifyitems(items):
    """Without a browser these tests are left out, and say so in one line each file."""
    for item in items:
        if Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="Debian's chromium is not installed"))


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Address of a gateway that keeps batches and scenarios."""
    folder = tmp_path_factory.mktemp("page")
    http = f"127.0.0.1:{free_port()}"
    batches = BatchSettings(store=f"sqlite:///{folder / 'store.sqlite'}", workers=1)
    with running(ServeSettings(listen="127.0.0.1:0", http=http, batches=batches)):
        yield f"http://{http}"


@pytest.fixture(scope="session")
def people(tmp_path_factory):
    """A `PeopleSite`: a gateway where people sign in by token."""
    made = people_site(tmp_path_factory.mktemp("people"))
    add_people(made)
    with running(made.settings):
        yield made


@pytest.fixture(scope="module")
def browser():
    """Ends with its module: while it is open it holds the thread's event loop, which other tests need."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-sync"],
        )
        yield launched
        launched.close()


@contextlib.contextmanager
def watched(browser, site, *, expected=(), **context):
    """A tab in which nothing may be complained of, and from which nothing leaves the host.

    `expected` are parts of complaints that the test provokes itself (a refused call is one).
    """
    given = {"viewport": {"width": 1440, "height": 900}, "locale": "zh-CN", "accept_downloads": True}
    opened = browser.new_context(**given | context)
    page = opened.new_page()
    page.set_default_timeout(PATIENCE_MS)
    complaints, foreign = [], []
    page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: complaints.append(str(e)))
    page.on(
        "request",
        lambda r: foreign.append(r.url) if not r.url.startswith((site, "data:", "blob:")) else None,
    )
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation',"
        " e => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI))"
    )
    try:
        yield page
    finally:
        opened.close()
    assert [c for c in complaints if not any(part in c for part in expected)] == []
    assert foreign == []


@pytest.fixture
def page(browser, site):
    with watched(browser, site) as opened:
        yield opened


def show(page, site, address=""):
    """Open an address and wait until its whole result is on the page."""
    page.goto(f"{site}/{address}")
    whole(page)


def whole(page):
    """Wait until the whole result is on the page, and charts are drawn."""
    page.wait_for_selector("main[aria-busy=false] #view[data-ready=true]")
    page.wait_for_timeout(150)


def headline(page, name):
    return page.inner_text(f"[data-headline={name}]")
