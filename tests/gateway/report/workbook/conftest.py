"""One projection of Jiangsu with changes, and its workbooks in both languages, read back by another library."""

from io import BytesIO

import openpyxl
import pytest

from gateway.report.workbook.export import export_workbook
from gateway.report.workbook.scene import Scene
from services.common.power_outcome import DispatchMode
from services.common.scenario import Frame, LeverSetting, Scenario

SCENARIO = Scenario(
    name="海上风电 first",
    baseline="planned",
    settings=(
        LeverSetting(lever_id="power.offshore_wind_capacity", years=(2030, 2035), values=(30.1, 55.0)),
        LeverSetting(
            lever_id="transport.nev_sales_share_private_car", place="suzhou", years=(2035,), values=(0.95,)
        ),
    ),
)


@pytest.fixture(scope="session")
def scene(shop):
    """What the workbook is made of."""

    async def made():
        frame = Frame(region="jiangsu", factor_set="balance_2020")
        (found,) = await shop.pipeline.project_chunk(frame, (SCENARIO,), DispatchMode.FAST)
        return Scene(found, SCENARIO, await shop.pipeline.calls.levers("jiangsu"), "zh")

    return shop.do(made())


@pytest.fixture(scope="session")
def files(scene):
    """The workbook's bytes by language."""
    return {
        language: export_workbook(Scene(scene.projection, scene.scenario, scene.levers, language))
        for language in ("zh", "en")
    }


@pytest.fixture(scope="session")
def books(files):
    """The workbooks as another library reads them, by language."""
    return {language: openpyxl.load_workbook(BytesIO(f.content)) for language, f in files.items()}
