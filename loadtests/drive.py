"""Locust's process: drives the load that a plan describes, writes a row a call, tells phases on standard output.

Run by `python -m loadtests`; gevent replaces blocking calls, so it is a process of its own.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any, Final

import gevent
from locust.env import Environment

from loadtests import users  # first: it prepares gRPC for gevent
from loadtests.analysts import Analyst
from loadtests.overload import run_overload
from loadtests.planners import Planner
from loadtests.records import OK, Phase, Record, RecordFile
from loadtests.shapes import SHAPES, shape_of, users_at

# What is still under way at the end of a run may take so long to end.
STOP_SECONDS: Final = 25


def main() -> None:
    """Run the plan in the file named."""
    plan = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    for kind in (users.OtherSystem, users.SameQuestion, users.Soaking, Analyst):
        kind.host = plan["grpc"]
    Planner.host = plan["http"]
    file = RecordFile(Path(plan["records"]))
    driver = Driver(plan, file)
    try:
        if plan["kind"] == "overload":
            run_overload(driver, plan)
        else:
            driver.run_users()
    finally:
        file.close()


class Driver:
    """Records every call that locust hears of, in the phase under way."""

    def __init__(self, plan: dict[str, Any], file: RecordFile) -> None:
        self.plan, self._file = plan, file
        self.start = float(plan["start"])
        self._phases: list[tuple[float, str]] = [(0.0, "")]
        self.records: list[Record] = []
        chosen = [users.Soaking] if plan["kind"] == "soak" else [
            users.OtherSystem, users.SameQuestion, Planner, *([Analyst] if plan["batches"] else [])
        ]  # fmt: skip
        self.environment = Environment(user_classes=chosen, stop_timeout=STOP_SECONDS)
        self.environment.events.request.add_listener(self._heard)

    def now_s(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self.start

    def enter(self, phase: str) -> float:
        """A phase begins, now; calls belong to the one in which they were sent."""
        now = self.now_s()
        self._phases.append((now, phase))
        return now

    def tell(self, **words: Any) -> None:
        """A line for whoever started this process."""
        print(json.dumps(words), flush=True)

    def done(self, phase: Phase) -> None:
        """A phase has ended."""
        self.tell(phase=[phase.name, phase.start_s, phase.end_s, phase.rate_per_s])

    def run_users(self) -> None:
        """Users as the shape of the run says, until its time or its number of calls is over."""
        plan = self.plan
        kind, seconds, count = plan["kind"], float(plan["seconds"]), int(plan["users"])
        self.environment.shape_class = shape_of(kind, seconds, count)
        runner = self.environment.create_local_runner()
        wanted = users_at(SHAPES[kind], 0.0, count)
        name = f"{wanted} users"
        begun = started = self.enter(name)
        runner.start_shape()
        while True:
            gevent.sleep(0.25)
            now = self.now_s()
            next_wanted = users_at(SHAPES[kind], (now - begun) / seconds, count)
            if 0 < plan["requests"] <= len(self.records):
                next_wanted = None
            if next_wanted != wanted:
                self.done(Phase(name, started, now))
                if next_wanted is None:
                    break
                wanted, name = next_wanted, f"{next_wanted} users"
                started = self.enter(name)
            self.tell(progress=[now, len(self.records), runner.user_count])
        runner.quit()

    def _heard(
        self,
        name: str,
        response_time: float,
        response_length: int,
        exception: Any,
        context: Any = None,
        **more: Any,
    ) -> None:
        told = context or {}
        at = float(told.get("start_time") or more["start_time"])
        outcome = told.get("outcome", OK if exception is None else "failed")
        record = Record(
            at - self.start,
            float(response_time),
            next(name for start, name in reversed(self._phases) if start <= at - self.start or not start),
            str(told.get("user", "")),
            name,
            outcome,
            str(told.get("reason", "") or (exception if outcome == "failed" else "")),
            int(response_length or 0),
            float(told.get("late_ms", 0.0)),
        )
        self.records.append(record)
        self._file.add(record)


if __name__ == "__main__":
    main()
