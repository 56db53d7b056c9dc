"""The ledger's file: lines are only added, by one writer at a time."""

import pytest

from dafeng.budget.v1 import budget_pb2
from dafeng.cli.ledger_file import append_ledger, create_ledger, read_ledger
from dafeng.client import InvalidInputError


def made(*ids):
    ledger = budget_pb2.Ledger(ledger_id="x", region="r")
    for i in ids:
        ledger.transactions.add(transaction_id=i).postings.add(amount_tco2=2**53 + 1)
    return ledger


def test_a_ledger_returns_from_its_file_to_the_last_tonne(tmp_path):
    file = tmp_path / "x.jsonl"
    create_ledger(file, made("a", "b"))
    assert read_ledger(file)[0] == made("a", "b")
    with pytest.raises(InvalidInputError, match="ledger"):
        create_ledger(file, made("c"))


def test_of_two_writers_who_read_the_same_file_the_second_is_refused(tmp_path):
    file = tmp_path / "x.jsonl"
    create_ledger(file, made("a"))
    _, first = read_ledger(file)
    _, second = read_ledger(file)
    append_ledger(file, first, made("a", "b"), 1)
    with pytest.raises(InvalidInputError) as caught:
        append_ledger(file, second, made("a", "c"), 1)
    assert "changed since it was read" in caught.value.violations[0].description
    assert read_ledger(file)[0] == made("a", "b")


def test_every_line_that_cannot_be_read_is_told(tmp_path):
    file = tmp_path / "x.jsonl"
    file.write_text('{"ledger_id": "x"}\nnonsense\n{"postings": [{"amount_tco2": 1.5}]}\n')
    with pytest.raises(InvalidInputError) as caught:
        read_ledger(file)
    assert [v.field for v in caught.value.violations] == ["x.jsonl, line 2", "x.jsonl, line 3"]
