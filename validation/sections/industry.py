"""Industry: the balance of 2020, branches, process CO2 by method, answers worked by hand."""

from collections.abc import Iterator

from services.common.words import Label
from validation.comparison import Piece, Section
from validation.context import Context
from validation.industry import answers, base_2020


def run(context: Context) -> Iterator[Piece]:
    """Rows of 2020, then what settings must give."""
    yield from base_2020.rows(context.quick)
    yield from answers.rows(context.quick)


SECTION = Section(
    "industry",
    Label("工业", "Industry"),
    Label(
        "2020 年逐行核对能源平衡、分行业账户、分方法的水泥过程排放和清单；行业方程与普通循环及手算结果比对。",
        "2020 row by row beside the energy balance, branches, process CO2 of cement by method, an inventory; equations of the "
        "branches beside plain loops and answers worked by hand.",
    ),
    run,
    minutes=0.1,
)
