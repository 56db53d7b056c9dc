"""Transport targets of Jiangsu and Nantong worked by hand from the metrics, beside what the gateway answers."""

from collections.abc import Iterator

from services.common.words import Label
from tests.services.transport.judge import test_targets as judge
from validation.comparison import Comparison, near

BASELINES = ("frozen", "planned", "reference", "accelerated")
FORMS = {
    judge.LEVEL: "value of the year",
    judge.RISE: "rise since 2020",
    judge.FALL: "fall since 2020",
    judge.PER_YEAR: "growth per year since 2020",
    judge.EACH_CITY: "lowest of all cities",
}


def rows(quick: bool) -> Iterator[Comparison]:
    """Value of every target, and whether its verdict is that of the value."""
    for baseline in ("planned",) if quick else BASELINES:
        told, indicators = judge.answers(baseline)
        right = 0
        for target, entry in judge.REGISTER.items():
            answer = told[target]
            assert answer.value is not None
            yield Comparison(
                f"fleets.targets.{baseline}.{target.lower()}",
                Label(
                    f"{target} {answer.label.zh}（{baseline}）", f"{target} {answer.label.en} ({baseline})"
                ),
                unit=answer.unit,
                source=f"Worked by hand from the published metric: {FORMS[entry[2]]}",
                grade="exact",
                **near(float(answer.value), float(judge.by_hand(entry, indicators)), share=1e-9),
            )
            asked = entry[3] - answer.tolerance - 1e-9
            right += (answer.verdict in judge.GOOD) == (answer.value >= asked)
        yield Comparison(
            f"fleets.targets.{baseline}.verdicts",
            Label(
                f"交通目标结论与手算一致的个数（{baseline}）",
                f"Transport targets whose verdict is that of the value by hand ({baseline})",
            ),
            unit="targets",
            source="Documents' own numbers: met when the value reaches the number asked within its tolerance",
            grade="exact",
            **near(float(right), float(len(judge.REGISTER))),
        )
