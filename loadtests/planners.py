"""Planners at the page, over HTTP with kept connections: the page's own order of calls, and time to look at it."""

import random
import time
from typing import Any, Final

from locust import FastHttpUser, between, task

from loadtests import asked, telling
from loadtests.records import FAILED, OK

_PROJECTION: Final = "/dafeng.projection.v1.ProjectionService"
_HEADERS: Final = {"content-type": "application/json", "accept-encoding": "gzip"}


class Planner(FastHttpUser):
    """Opens the page, moves levers, looks at views."""

    weight = 4
    wait_time = between(0.5, 2.0)
    network_timeout = connection_timeout = 60.0

    def on_start(self) -> None:
        """The page and what it lists."""
        self._ask("page", "GET", "/")
        self._post("ListRegions", f"{_PROJECTION}/ListRegions", b"{}")
        self._post("ListScenarios", f"{_PROJECTION}/ListScenarios", b'{"region":"jiangsu"}')
        self._post("ListLevers", f"{_PROJECTION}/ListLevers", b'{"region":"jiangsu","baseline":"planned"}')

    @task(6)
    def move_a_lever(self) -> None:
        """The first answer at some years; who waits for the rest gets every year and the targets."""
        share = random.uniform(0.02, 0.7)
        first = asked.projection(share=share)
        if not self._post("Project first answer", f"{_PROJECTION}/Project", asked.as_json(first)):
            return
        if random.random() < 0.4:
            whole = asked.projection((), asked.WHOLE_FIELDS, share)
            self._post("Project whole", f"{_PROJECTION}/Project", asked.as_json(whole))

    @task(1)
    def look_at_targets(self) -> None:
        """Targets as printed."""
        self._post("ListTargets", "/dafeng.targets.v1.TargetService/ListTargets", b'{"region":"jiangsu"}')

    @task(1)
    def look_at_hours(self) -> None:
        """The hours of a year."""
        body = b'{"frame":{"region":"jiangsu"},"scenario":{"baseline":"planned"},"year":%d}'
        self._post(
            "ReportHours",
            "/dafeng.report.v1.ReportService/ReportHours",
            body % random.choice((2025, 2030, 2035)),
        )

    def _post(self, name: str, path: str, body: bytes) -> bool:
        return self._ask(name, "POST", path, data=body)

    def _ask(self, name: str, verb: str, path: str, **given: Any) -> bool:
        """True when there was an answer. Locust hears how it ended; a refusal is no failure."""
        started = time.monotonic()
        told: dict[str, Any] = {"user": type(self).__name__, "start_time": started}
        with self.client.request(
            verb, path, name=name, headers=_HEADERS, catch_response=True, context=told, **given
        ) as reply:
            text = "" if reply.status_code and reply.status_code < 400 else str(reply.text or reply.error)
            told["outcome"], told["reason"] = telling.of_http(reply.status_code or 0, text)
            if told["outcome"] == FAILED:
                reply.failure(told["reason"])
            else:
                reply.success()
        return bool(told["outcome"] == OK)
