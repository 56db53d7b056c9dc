"""Reads are heard whoever calculated first, in whichever thread; without a recorder nobody listens."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from services.common.recording import carried, kept, recording
from services.common.regions import load_region

REGION = load_region("jiangsu")
ROOT = Path(__file__).resolve().parents[3]
# Kept things that read no region data.
PURE = {
    "services/common/recording.py", "services/common/regions.py", "services/common/region_files.py", "services/common/digest.py", "services/common/arrays.py",
    "services/runtime/convert.py", "services/runtime/plans.py", "services/runtime/statuses.py", "services/runtime/wire.py", "services/runtime/sectors.py", "services/buildings/climate/sky.py", "gateway/api/openapi.py",
    "services/common/kept_files.py", "services/runtime/failpoints.py", "gateway/jobs/store/store.py", "gateway/slicing.py", "services/common/errors_zh.py",
}  # fmt: skip


@kept(maxsize=4)
def gdp(city):
    return REGION.observed("gdp_current", city)


@kept(maxsize=4)
def two(city):
    return gdp(""), gdp(city)


def heard_of(function, *args):
    with recording() as heard:
        function(*args)
    return {(r.kind, r.name, r.place, r.stage) for r in heard}


def test_what_is_kept_tells_its_reads_again_and_those_of_what_it_was_made_from():
    expected = {("observed", "gdp_current", p, __name__) for p in ("", "nantong")}
    two.cache_clear()
    gdp.cache_clear()
    assert heard_of(two, "nantong") == expected
    assert heard_of(two, "nantong") == expected
    two.cache_clear()  # the inner ones are still kept
    assert heard_of(two, "nantong") == expected


def test_a_value_calculated_without_a_recorder_is_heard_later():
    gdp.cache_clear()
    assert gdp("suzhou")
    assert heard_of(gdp, "suzhou") == {("observed", "gdp_current", "suzhou", __name__)}


def test_recorders_do_not_hear_each_other():
    with recording() as outer:
        REGION.observed("gdp_current")
        assert len(heard_of(gdp, "wuxi")) == 1
    assert {r.place for r in outer} == {""}


def test_other_threads_are_heard_when_the_recorder_is_carried_there():
    def read(city):
        return len(REGION.observed("gdp_current", city))

    with recording() as heard, ThreadPoolExecutor(2) as pool:
        list(pool.map(read, ["suzhou"]))
        assert not heard
        list(pool.map(carried(read), ["suzhou", "wuxi"]))
    assert {r.place for r in heard} == {"suzhou", "wuxi"}


def test_an_error_ends_the_recording():
    with pytest.raises(ValueError), recording() as heard:
        raise ValueError
    REGION.observed("gdp_current")
    assert not heard


def test_everything_kept_from_region_data_tells_its_reads():
    offenders = [
        str(path.relative_to(ROOT))
        for folder in ("services", "gateway")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "functools" in (text := path.read_text("utf-8"))
        and ("lru_cache" in text or "import cache\n" in text)
        and str(path.relative_to(ROOT)) not in PURE
    ]
    assert not offenders, f"use services.common.recording.kept, so that traces see what was read: {offenders}"
