"""The page's types are the contracts'."""

import gzip
from pathlib import Path

from gateway.web.contracts import contracts

FOLDER = Path(__file__).resolve().parents[2] / "web" / "src" / "api" / "contracts"


def test_the_types_of_the_page_are_made_from_the_contracts_of_today():
    assert {f.name: f.read_text("utf-8") for f in FOLDER.glob("*.ts")} == contracts()


def test_compressed_copies_hold_the_same_bytes():
    folder = FOLDER.parents[3] / "gateway" / "web" / "dist"
    copies = list(folder.rglob("*.gz"))
    assert copies
    for copy in copies:
        assert gzip.decompress(copy.read_bytes()) == copy.with_suffix("").read_bytes(), copy.name
        assert copy.with_suffix(".br").is_file()
