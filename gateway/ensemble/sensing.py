"""Samples of Morris and Sobol by SALib, in the unit cube.

Both methods assume independent inputs. Inputs that the region's data correlate are therefore moved together, as one
group of the sample: the group's own joint distribution stands, the groups are independent, and what is said is said
of the group. Levels of Morris are the middles of equal parts of a distribution, so that no trajectory runs along the
very ends of the ranges: an effect is that of going from the lowest level to the highest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gateway.ensemble.design import groups_of
from gateway.ensemble.doors import MorrisDesign, SobolDesign
from gateway.ensemble.words import (
    WEATHER,
    WEATHER_LABEL,
    DesignInput,
    Sensing,
    SensitivityMethod,
    UncertainInput,
)
from services.common.arrays import FloatArray
from services.common.words import Label

DEFAULT_LEVELS = 4


@dataclass(frozen=True)
class Sample:
    """A Morris or Sobol design over groups of inputs."""

    sensing: Sensing
    member_count: int

    def cube(self) -> FloatArray:
        """All points, [member, column], as SALib needs them back."""
        problem = problem_of(self.sensing.inputs)
        if self.sensing.method is SensitivityMethod.MORRIS:
            from SALib.sample import morris

            found = morris.sample(
                problem, self.trajectory_count, num_levels=self.sensing.level_count, seed=self.sensing.seed
            )
        else:
            from SALib.sample import sobol

            found = sobol.sample(
                problem,
                self.sensing.base_count,
                calc_second_order=self.sensing.second_order,
                seed=self.sensing.seed,
            )
        return np.asarray(found, dtype=np.float64)

    @property
    def trajectory_count(self) -> int:
        """Trajectories of Morris."""
        return self.member_count // (len(self.sensing.inputs) + 1)

    def shares(self, cube: FloatArray) -> FloatArray:
        """Points of the sample as shares of the distributions, before correlation."""
        if self.sensing.method is not SensitivityMethod.MORRIS:
            return cube
        levels = self.sensing.level_count
        return (np.rint(cube * (levels - 1)) + 0.5) / levels


def sample_of(
    design: MorrisDesign | SobolDesign, inputs: Sequence[UncertainInput], with_weather: bool
) -> Sample:
    """The sample of a design over the inputs that are drawn; nothing is drawn yet."""
    moved = moved_together(inputs, with_weather)
    count = len(moved)
    if isinstance(design, MorrisDesign):
        return Sample(
            Sensing(
                SensitivityMethod.MORRIS,
                moved,
                design.seed,
                level_count=design.level_count or DEFAULT_LEVELS,
            ),
            design.trajectory_count * (count + 1),
        )
    return Sample(
        Sensing(
            SensitivityMethod.SOBOL,
            moved,
            design.seed,
            base_count=design.base_count,
            second_order=design.second_order,
        ),
        design.base_count * (2 * count + 2 if design.second_order else count + 2),
    )


def moved_together(inputs: Sequence[UncertainInput], with_weather: bool) -> tuple[DesignInput, ...]:
    """The weather, then every input of no group or alone in it, and every group of several, in order."""
    offset = 1 if with_weather else 0
    group_at = {k: places for places, rho in groups_of(inputs) if len(places) > 1 and rho for k in places}
    found = [DesignInput(WEATHER, WEATHER_LABEL, (0,))] if with_weather else []
    for k, one in enumerate(inputs):
        places = group_at.get(k, (k,))
        if places[0] != k:
            continue
        columns = tuple(offset + p for p in places)
        if len(places) == 1:
            found.append(DesignInput(one.input_id, one.label, columns))
        else:
            held = [inputs[p].label for p in places]
            label = Label("、".join(h.zh for h in held), ", ".join(h.en for h in held))
            found.append(DesignInput(f"group:{one.group}", label, columns))
    return tuple(found)


def problem_of(inputs: Sequence[DesignInput]) -> dict[str, Any]:
    """As SALib describes inputs; groups only when some are moved together."""
    at = sorted((column, one.input_id) for one in inputs for column in one.columns)
    problem: dict[str, Any] = {
        "num_vars": len(at),
        "names": [f"{name}.{column}" for column, name in at],
        "bounds": [[0.0, 1.0]] * len(at),
    }
    if len(inputs) < len(at):
        problem["groups"] = [name for _, name in at]
    return problem
