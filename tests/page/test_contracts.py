"""The page's types are the contracts'."""

from pathlib import Path

from gateway.web.contracts import contracts

FOLDER = Path(__file__).resolve().parents[2] / "web" / "src" / "api" / "contracts"


def test_the_types_of_the_page_are_made_from_the_contracts_of_today():
    assert {f.name: f.read_text("utf-8") for f in FOLDER.glob("*.ts")} == contracts()
