"""A projection survives the wire: the same digest before and after."""

from dataclasses import replace

from dafeng.projection.v1 import projection_pb2
from gateway.carbon_peak import carbon_peaks_of
from gateway.metrics import account_metrics
from gateway.peak_load import peak_load_of
from gateway.results import Projection
from gateway.slicing import from_year
from gateway.targets.answer import answer_targets
from gateway.targets.directions import answer_directions
from services.common.arrays import check_shapes
from services.common.digest import digest_of
from services.runtime.convert import from_message, to_message
from tests.gateway.small_outcomes import (
    REGION,
    YEARS,
    outcome,
    power_outcome,
    small_accounts,
    small_projection,
    technology,
)


def whole_projection() -> Projection:
    supply = power_outcome(
        [technology("coal", "coal", carrier="coal", mwh=5.0, gj=50.0, tco2=4.0)], demand=5.0
    )
    fuels = [("cooking", "natural_gas", 10.0, 0.5), ("heating", "coal", 20.0, 2.0)]
    accounts = small_accounts([outcome("homes", electricity=[("all", 5.0)], fuels=fuels)], supply)
    metrics = account_metrics(REGION, accounts, peak_load_of(supply))
    return replace(
        small_projection(accounts, supply, metrics),
        carbon_peaks=carbon_peaks_of(REGION, YEARS, accounts.region, accounts.sectors),
        targets=answer_targets(REGION, YEARS, metrics),
        directions=answer_directions(REGION, YEARS, metrics),
    )


def test_a_projection_survives_the_wire():
    before = whole_projection()
    assert check_shapes(before) == []
    message = to_message(before, projection_pb2.Projection())
    after = from_message(projection_pb2.Projection.FromString(message.SerializeToString()), Projection)
    assert digest_of(after) == digest_of(before)


def test_a_projection_can_be_cut_to_later_years():
    later = from_year(whole_projection(), 2021, YEARS)
    assert later.years == (2021,)
    assert check_shapes(later) == []
