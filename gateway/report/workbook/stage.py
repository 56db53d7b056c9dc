"""Stage export: a scenario projected and written as a workbook."""

import asyncio
from collections.abc import Mapping
from typing import Any

from gateway.pipeline import Pipeline
from gateway.report.doors import ExportDoor
from gateway.report.workbook.export import ExportedFile, export_workbook
from gateway.report.workbook.scene import Scene
from gateway.resolve import open_request


async def exported(pipeline: Pipeline, raw: Mapping[str, Any]) -> ExportedFile:
    """The workbook of a request as plain values. DomainError(INVALID_INPUT) lists every violation."""
    scenarios = {"scenario": raw.get("scenario") or {}}
    frame, (scenario,), asked = await open_request(pipeline.calls, raw, scenarios, ExportDoor)
    (projection,) = await pipeline.project_chunk(frame, (scenario,), asked.mode)
    levers = await pipeline.calls.levers(frame.region)
    scene = Scene(projection, scenario, levers, asked.language or "zh")
    # Writing takes about a second: others are answered meanwhile.
    return await asyncio.to_thread(export_workbook, scene)
