"""`dafeng factors`: the emission-factor library and its sets."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from dafeng.cli.connection import connected
from dafeng.cli.files import write_json, write_rows
from dafeng.cli.options import Address, RegionId
from dafeng.cli.output import grade_text, out, table
from dafeng.factors.v1 import factors_pb2

COLUMNS = (
    "因子 factor",
    "名称 name",
    "kgCO2/GJ",
    "tCO2/tce",
    "tCO2/单位 unit",
    "± %",
    "有效 valid",
    "等级 grade",
    "来源 source",
)
SET_COLUMNS = (
    "因子集 set",
    "名称 name",
    "生效 in force",
    "煤 coal tCO2/GJ",
    "借用 falls back",
    "说明 remark",
)


def factors(
    region: RegionId = "jiangsu",
    set_: Annotated[str, typer.Option("--set", help="Only factors that this set takes.")] = "",
    carrier: Annotated[str, typer.Option(help="Only factors of this carrier, for example coal.")] = "",
    gas: Annotated[str, typer.Option(help="Only factors that count this gas, for example CO2.")] = "",
    year: Annotated[int, typer.Option(help="Only factors valid in this year; 0: any.")] = 0,
    search: Annotated[str, typer.Option(help="Only factors whose id, name or source holds this text.")] = "",
    factor: Annotated[str, typer.Option(help="One factor with its history.")] = "",
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the factors as JSON to this file.")
    ] = None,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", help="Write the factors as CSV to this file.")
    ] = None,
    address: Address = "",
) -> None:
    """List emission factors and the sets that projections run with (Frame.factor_set)."""
    with connected(address) as client:
        if factor:
            history = client.factors.get(region, factor)
            found: Sequence[factors_pb2.Factor] = [*history.earlier, history.factor, *history.later]
        else:
            found = client.factors.list(region, set_id=set_, carrier=carrier, gas=gas, year=year, text=search)
            table("因子集 factor sets", SET_COLUMNS, _set_rows(client.factors.sets(region)), right=(3, 4))
        table("排放因子 emission factors", COLUMNS, map(_cells, found), right=range(2, 6))
        out.print("±: 95 % 区间半宽 half width of the 95 % range; 等级 grades: A official, B literature, C estimate",
                  style="dim", highlight=False)  # fmt: skip
        if json_file is not None:
            write_json(json_file, factors_pb2.ListFactorsResponse(factors=found))
        if csv_file is not None:
            names = [f.name for f in factors_pb2.Factor.DESCRIPTOR.fields if f.message_type is None]
            write_rows(
                csv_file, [(*names, "label_zh", "label_en", "grade", "source"), *_csv(found, names)], mark=""
            )


def _set_rows(sets: Iterable[factors_pb2.FactorSet]) -> Iterable[Sequence[object]]:
    for one in sets:
        coal = next((f.tco2_per_gj for f in one.factors if f.carrier == "coal"), 0.0)
        yield (
            one.set_id,
            f"{one.label.zh} {one.label.en}",
            "现行 in force" if one.in_force else "",
            f"{coal:.5f}",
            sum(f.fall_back for f in one.factors),
            one.remark,
        )


def _cells(factor: factors_pb2.Factor) -> Sequence[object]:
    def value(name: str) -> str:
        return f"{getattr(factor, name):g}" if factor.HasField(name) else "-"  # type: ignore[arg-type]

    share = factor.uncertainty
    return (
        factor.factor_id,
        f"{factor.label.zh} {factor.label.en}",
        value("kgco2_per_gj"),
        value("tco2_per_tce"),
        f"{value('tco2_per_unit')} / {escape(factor.unit)}",
        f"{100 * share.share:.1f} ({share.grade})" if share.HasField("share") else "-",
        f"{factor.valid_from_year}-{factor.valid_to_year or ''}",
        grade_text(factor.provenance.grade),
        factor.provenance.source,
    )


def _csv(found: Iterable[factors_pb2.Factor], names: Sequence[str]) -> Iterable[Sequence[object]]:
    for factor in found:
        values = [
            getattr(factor, n) if not _optional(factor, n) or factor.HasField(n) else ""  # type: ignore[arg-type]
            for n in names
        ]
        joined = ["+".join(v) if not isinstance(v, str | float | int) else v for v in values]
        yield (
            *joined,
            factor.label.zh,
            factor.label.en,
            grade_text(factor.provenance.grade),
            factor.provenance.source,
        )


def _optional(factor: factors_pb2.Factor, name: str) -> bool:
    return bool(factor.DESCRIPTOR.fields_by_name[name].has_presence)
