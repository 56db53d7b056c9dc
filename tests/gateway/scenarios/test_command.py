"""`dafeng scenario` as a process of its own."""

import json
import re

from tests.dafeng.test_fleet_commands import EXAMPLES, dafeng


def test_a_scenario_file_is_saved_listed_opened_and_deleted(keeping, tmp_path):
    address = keeping[0]
    file = EXAMPLES / "scenario_jiangsu.json"
    printed = dafeng("scenario", "save", "jiangsu", file, "--name", "风电 by command", address=address)
    scenario_id = re.search(r"[0-9a-f]{64}", printed).group()
    assert scenario_id[:12] in dafeng("scenario", "list", "jiangsu", address=address)
    again = tmp_path / "again.json"
    opened = dafeng("scenario", "open", scenario_id[:12], "--out", again, address=address)
    assert "风电 by command" in opened and "power.offshore_wind_capacity=30.0@2030,55.0@2035" in opened
    assert json.loads(again.read_text("utf-8"))["settings"] == json.loads(file.read_text("utf-8"))["settings"]
    same = dafeng("scenario", "save", "jiangsu", again, address=address)
    assert scenario_id in same
    dafeng("scenario", "delete", scenario_id[:12], address=address)
    assert scenario_id[:12] not in dafeng("scenario", "list", "jiangsu", address=address)
