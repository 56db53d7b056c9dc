"""What is written straight to the wire reads as what was filled in field by field."""

import math
from dataclasses import dataclass

import numpy as np
import pytest

from dafeng.power.v1 import dispatch_pb2, power_pb2
from services.power.instance.words import Generator, UnitCommitment
from services.runtime.convert import from_message, to_message
from services.runtime.wire import packed, wire_of


@dataclass(frozen=True)
class Adder:
    index: int


def test_a_part_with_numbers_words_and_parts_of_its_own_equals_the_message_filled_by_hand():
    plant = Generator("煤电", "coal", 300.0, minimum_mw=-0.0, commitment=UnitCommitment(0.4, 30.0, 0.0))
    by_hand = dispatch_pb2.Generator(generator_id="煤电", group="coal", capacity_mw=300.0, minimum_mw=-0.0)
    by_hand.cost_cny_per_mwh = plant.cost_cny_per_mwh
    by_hand.commitment.min_load_share, by_hand.commitment.no_load_cost_cny_per_mw_h = 0.4, 30.0
    made = to_message(plant, dispatch_pb2.Generator())
    assert made == by_hand and made.SerializeToString() == by_hand.SerializeToString()
    assert math.copysign(1, made.minimum_mw) == -1
    assert not made.HasField("ramp_mw_per_h")
    assert from_message(made, Generator) == plant


@pytest.mark.parametrize("value", [0, 1, 127, 128, 16383, 16384, 2**31 - 1, -1, -(2**31)])
def test_whole_numbers_of_any_size_arrive(value):
    assert power_pb2.ProjectResponse.FromString(wire_of(Adder(value), _RESPONSE)).index == value


@pytest.mark.parametrize("value", [2**31, -(2**31) - 1])
def test_a_whole_number_without_room_is_refused_rather_than_cut(value):
    with pytest.raises(ValueError, match="no room"):
        wire_of(Adder(value), _RESPONSE)


@pytest.mark.parametrize("wrong", [1.5, "7", None])
def test_what_is_no_whole_number_is_refused(wrong):
    with pytest.raises(TypeError):
        wire_of(Adder(wrong), _RESPONSE)


def test_arrays_of_other_layouts_and_types_arrive_in_their_own_order():
    table = np.arange(12, dtype=np.float32).reshape(3, 4).T
    field = dispatch_pb2.StepSeries.DESCRIPTOR.fields_by_name["values"]
    made = dispatch_pb2.StepSeries.FromString(packed(field, table))
    assert list(made.values) == table.ravel().tolist()


def test_only_the_fields_named_are_written():
    plant = Generator("a", "b", 1.0, cost_cny_per_mwh=2.0)
    made = to_message(plant, dispatch_pb2.Generator(), {"group", "capacity_mw"})
    assert made == dispatch_pb2.Generator(group="b", capacity_mw=1.0)


_RESPONSE = power_pb2.ProjectResponse.DESCRIPTOR
