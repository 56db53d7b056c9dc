"""Changes of CO2 split on the model: effects sum to the change, and a span without years is refused."""

import math

import pytest

from gateway.compare.decompose import decompose
from services.common.errors import DomainError


def answer(shop, raw):
    async def last():
        return [part async for part in decompose(shop.pipeline, raw)][-1]

    return shop.do(last())


@pytest.mark.parametrize("boundary", ["direct", "attributed"])
@pytest.mark.parametrize("steps", ["yearly", "end_points"])
def test_effects_and_what_stands_apart_sum_to_the_change(shop, boundary, steps):
    raw = {
        "frame": {"region": "jiangsu", "last_year": 2023},
        "scenario": {},
        "boundary": boundary,
        "steps": steps,
    }
    found = answer(shop, raw)
    parts = [s.change_tco2 for f in found.factors for s in f.sectors]
    parts += [a.change_tco2 for a in found.apart]
    change = found.to_tco2 - found.from_tco2
    assert math.fsum(parts) == pytest.approx(change, abs=1e-9 * found.to_tco2)


@pytest.mark.parametrize(
    "more", [{"to_year": 2020}, {"frame": {"region": "jiangsu", "last_year": 2020}}, {"from_year": 2060}]
)
def test_a_span_without_a_year_to_change_is_refused(shop, more):
    with pytest.raises(DomainError) as refused:
        answer(shop, {"frame": {"region": "jiangsu"}, "scenario": {}} | more)
    assert [v.field for v in refused.value.violations] == ["to_year"]
