"""What the tutorials' tests share: the pages in both languages, and a gateway that keeps batches and scenarios."""

import contextlib
from pathlib import Path

from gateway.jobs.settings import BatchSettings
from gateway.settings import ServeSettings
from tests.docs.blocks import blocks
from tests.gateway.conftest import free_port, running

ROOT = Path(__file__).resolve().parents[2]
TUTORIALS = ROOT / "docs" / "tutorials"


def page(name, language="en"):
    """A tutorial's file."""
    return TUTORIALS / (f"{name}.md" if language == "en" else f"{name}.{language}.md")


def same_blocks(name):
    """Whether both languages show the same blocks in the same order."""
    english, chinese = (
        [(b.language, b.words, b.text) for b in blocks(page(name, language))] for language in ("en", "zh")
    )
    return bool(english) and english == chinese


@contextlib.contextmanager
def gateway(folder):
    """(gRPC address, HTTP base address) of an embedded gateway whose store lies in a folder."""
    http = f"127.0.0.1:{free_port()}"
    batches = BatchSettings(store=f"sqlite:///{folder / 'store.sqlite'}", workers=2)
    with running(ServeSettings(listen="127.0.0.1:0", http=http, batches=batches)) as address:
        yield address, f"http://{http}"
