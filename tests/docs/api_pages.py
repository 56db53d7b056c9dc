"""The pages of the guide for other systems."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "api"
NAMES = ("start", "python", "http_and_grpcurl", "go_java", "errors_and_quotas", "signing_in")
PAGES = {(n, end): FOLDER / f"{n}{end}" for n in NAMES for end in (".md", ".zh.md")}


def page(name):
    """A page in English."""
    return PAGES[name, ".md"]
