"""The factor library as callers get it: sets, filters, history, over sockets and from the command line."""

import json

import pytest
from typer.testing import CliRunner

from dafeng.calling import InvalidInputError
from dafeng.cli.app import app


def test_sets_say_what_they_take_and_which_is_in_force(client):
    sets = {s.set_id: s for s in client.factors.sets("jiangsu")}
    assert [s.set_id for s in sets.values() if s.in_force] == ["balance_2020"]
    coal = {i: next(f for f in s.factors if f.carrier == "coal") for i, s in sets.items()}
    assert coal["power_coal_2_77"].tco2_per_gj / coal["balance_2020"].tco2_per_gj - 1 == pytest.approx(
        0.0492, abs=5e-5
    )
    assert {f.carrier for f in sets["ipcc2006"].factors if f.fall_back} == {"oil_products", "methanol"}


def test_filters_narrow_and_hold_together(client):
    every = client.factors.list("jiangsu")
    coal = client.factors.list("jiangsu", carrier="coal")
    valid = client.factors.list("jiangsu", carrier="coal", year=2010, gas="CO2")
    assert len(every) > len(coal) > len(valid) >= 1
    assert {f.library for f in valid} == {"ipcc2006"}
    assert {f.factor_id for f in client.factors.list("jiangsu", set_id="ceads", text="焦炭")} == {
        "ceads.coke"
    }


def test_a_factor_comes_with_what_it_superseded_and_what_superseded_it(client):
    reply = client.factors.get("jiangsu", "gbt2589_2008.coke")
    assert [f.factor_id for f in reply.later] == ["gbt2589_2020.coke"]
    assert not reply.earlier
    reply = client.factors.get("jiangsu", "gbt2589_2020.coke")
    assert [f.factor_id for f in reply.earlier] == ["gbt2589_2008.coke"]


def test_every_unknown_name_is_told_at_once_with_near_names(client):
    with pytest.raises(InvalidInputError) as error:
        client.factors.list("jiangsu", set_id="ipcc", carrier="coke_oven", gas="CO")
    told = {v.field: v.description for v in error.value.violations}
    assert told.keys() == {"set_id", "carrier", "gas"}
    with pytest.raises(InvalidInputError) as error:
        client.factors.get("jiangsu", "ceads.cokes")
    assert "ceads.coke" in error.value.violations[0].description
    with pytest.raises(InvalidInputError):
        client.factors.list("jiangsu", year=-1)


def test_the_command_prints_the_library_and_writes_it(served, tmp_path):
    file, rows = tmp_path / "factors.json", tmp_path / "factors.csv"
    result = CliRunner().invoke(
        app,
        [
            "factors",
            "--set",
            "ceads",
            "--json",
            str(file),
            "--csv",
            str(rows),
            "--address",
            served[0],
        ],
    )
    assert result.exit_code == 0, result.output
    assert "ceads.raw_coal" in rows.read_text("utf-8")
    assert "现行" in result.output and "原煤" in result.output
    written = json.loads(file.read_text("utf-8"))
    assert len(written["factors"]) == len(rows.read_text("utf-8").splitlines()) - 1


def test_a_reply_names_its_set_and_both_ways_of_asking_for_it_are_one(client):
    in_force = client.project("jiangsu", last_year=2021)
    named = client.project("jiangsu", last_year=2021, factor_set="balance_2020")
    other = client.project("jiangsu", last_year=2021, factor_set="power_coal_2_77")
    assert in_force.frame.factor_set == "balance_2020"
    assert in_force.digest == named.digest != other.digest
    assert other.frame.factor_set == "power_coal_2_77"
    with pytest.raises(InvalidInputError) as error:
        client.project("jiangsu", factor_set="power_coal")
    (violation,) = error.value.violations
    assert violation.field == "frame.factor_set" and "power_coal_2_77" in violation.description


def test_sets_as_known_before_there_was_any_are_refused(client):
    with pytest.raises(InvalidInputError, match="as_of_year"):
        client.factors.sets("jiangsu", as_of_year=1900)
