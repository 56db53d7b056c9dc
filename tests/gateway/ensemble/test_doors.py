"""Doors of designs: the contract's fields, exactly one design, every violation at once, nothing that breaks them."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dafeng.batch.v1 import batch_pb2
from gateway.ensemble import doors
from gateway.ensemble.doors import DESIGNS, DesignDoor
from services.common.door import open_door
from services.common.errors import DomainError
from services.runtime.convert import enum_prefix, from_message, plan_of, to_message

NAMES = [
    "RandomDesign", "GridDesign", "OneAtATimeDesign", "ListDesign", "MorrisDesign", "SobolDesign", "OwnInput",
    "GridAxis",
]  # fmt: skip


def told(raw):
    with pytest.raises(DomainError) as error:
        open_door(DesignDoor, raw)
    return {v.field: v.description for v in error.value.violations}


@pytest.mark.parametrize("name", NAMES)
def test_a_door_has_the_fields_and_the_enum_values_of_its_message(name):
    message = getattr(batch_pb2, name).DESCRIPTOR
    plans = {p.name: p for p in plan_of(getattr(doors, name))}
    assert set(plans) == set(message.fields_by_name)
    for field, plan in plans.items():
        if plan.kind == "enum":
            enum = message.fields_by_name[field].enum_type
            assert {m.name for m in plan.inner} == {
                v.name.removeprefix(enum_prefix(enum)) for v in enum.values
            }


def test_the_base_door_has_the_designs_and_the_weather_of_the_contract():
    assert set(DesignDoor.model_fields) == {*DESIGNS, "weather_use", "weather_years"}
    assert set(DesignDoor.model_fields) <= set(batch_pb2.BatchSpec.DESCRIPTOR.fields_by_name)


def test_a_design_survives_the_wire_and_the_canonical_text():
    own = {"lever_id": "a.b", "year": 2030, "kind": "normal", "low": 1.0, "middle": 2.0, "high": 3.0}
    for raw in (
        {"random": {"member_count": 10, "seed": 2**63 - 1, "own_inputs": [own], "method": "latin_hypercube"}},
        {"list": {"table": b"\xff\x00,\n", "table_format": "csv"}, "weather_use": "crossed"},
        {"list": {"scenarios": [{"name": "a", "settings": [{"lever_id": "x.y", "values": [1.0]}]}]}},
        {"sobol": {"base_count": 64, "second_order": True}, "weather_use": "drawn", "weather_years": ["hot"]},
    ):
        made = open_door(DesignDoor, raw)
        text = made.model_dump_json(exclude_defaults=True)
        assert open_door(DesignDoor, json.loads(text)) == made
        message = to_message(made.random or made.list or made.sobol, _message_of(raw))
        assert from_message(message, type(made.random or made.list or made.sobol)) == (
            made.random or made.list or made.sobol
        )


def _message_of(raw):
    name = {"random": "RandomDesign", "list": "ListDesign", "sobol": "SobolDesign"}[next(iter(raw))]
    return getattr(batch_pb2, name)()


def test_exactly_one_design_is_asked_for_beside_every_other_fault():
    assert "none is given" in told({})[""]
    found = told(
        {
            "random": {"member_count": 0, "seed": -1, "policy_inputs": ["a", "a"], "surplus": 1},
            "grid": {"axes": []},
            "weather_use": "sideways",
            "weather_years": ["hot", "hot"],
        }
    )
    assert set(found) == {
        "", "random.member_count", "random.seed", "random.policy_inputs", "random.surplus", "grid.axes",
        "weather_use", "weather_years",
    }  # fmt: skip
    assert "random, grid" in found[""]


def test_bounds_are_told_with_faults_across_fields():
    with pytest.raises(DomainError) as error:
        open_door(DesignDoor, {"random": {"member_count": 100_001}, "morris": {"trajectory_count": 3}})
    allowed = {v.field: v.allowed for v in error.value.violations}
    assert allowed["random.member_count"] == "<= 100000" and allowed["morris.trajectory_count"] == ">= 4"


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({"list": {}}, "list"),
        ({"list": {"scenarios": [{}], "table": b"a", "table_format": "csv"}}, "list"),
        ({"list": {"table": b"a\n1"}}, "list.table_format"),
        ({"list": {"table": "no base64!", "table_format": "csv"}}, "list.table"),
        ({"list": {"table": bytes(15 * 1024 * 1024 + 1), "table_format": "csv"}}, "list.table"),
        ({"sobol": {"base_count": 9}}, "sobol.base_count"),
        ({"sobol": {"base_count": 32768}}, "sobol.base_count"),
        ({"morris": {"trajectory_count": 10, "level_count": 5}}, "morris.level_count"),
        ({"grid": {"axes": [{"lever_id": "a", "values": [1.0, 1.0]}]}}, "grid.axes[0].values"),
        ({"grid": {"axes": [{"lever_id": "a", "values": [float("nan")]}]}}, "grid.axes[0].values[0]"),
        ({"grid": {"axes": [{"lever_id": "a", "values": [1.0]}] * 13}}, "grid.axes"),
        ({"random": {"member_count": True}}, "random.member_count"),
        ({"random": {"member_count": "5"}}, "random.member_count"),
        ({"random": {"member_count": 5, "seed": 2**63}}, "random.seed"),
        ({"random": []}, "random"),
    ],
)
def test_wrong_designs_are_refused_by_field(raw, field):
    assert field in told(raw)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.binary(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *DESIGNS,
                    "axes",
                    "member_count",
                    "values",
                    "scenarios",
                    "table",
                    "table_format",
                    "settings",
                    "{x}",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from([*DESIGNS, "weather_use", "weather_years", "{0}"]), PLAIN, max_size=3))
def test_whatever_is_sent_opens_or_is_refused_with_fields(raw):
    try:
        made = open_door(DesignDoor, raw)
    except DomainError as error:
        assert error.violations
    else:
        assert sum(getattr(made, name) is not None for name in DESIGNS) == 1
