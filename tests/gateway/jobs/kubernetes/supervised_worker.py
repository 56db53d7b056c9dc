"""The real worker program with its real supervisor and child process, over members that cost nothing or misbehave.

The specification's text is JSON: {"segv": [members]}, {"endless": [members]}, {"pid": file the child writes its id to},
{"unknown": true} (a specification that cannot be opened).
"""

import json
import os
import pathlib
import signal
import sys

from gateway.jobs import worker
from gateway.jobs.supervisor import Supervisor
from gateway.jobs.worker_settings import WorkerSettings
from services.common.errors import Violation, invalid
from tests.gateway.jobs.kubernetes.cheap_worker import cheap_row


class OneByOne:
    def __init__(self, says):
        self.says = says
        self.member_count = 1_000

    def block(self, first, count, heard):
        rows = []
        for number in range(first, first + count):
            heard(number)
            if number in self.says.get("segv", ()):
                os.kill(os.getpid(), signal.SIGSEGV)
            while number in self.says.get("endless", ()):
                pass
            rows.append(cheap_row(number))
        return rows


def open_cheap(text):
    says = json.loads(text)
    if says.get("unknown"):
        raise invalid([Violation("frame.region", "no such region", "atlantis")])
    if "pid" in says:
        pathlib.Path(says["pid"]).write_text(str(os.getpid()))
    return OneByOne(says)


class CheapSupervised(worker._Supervised):
    def __init__(self, memory_mib, member_seconds):
        bounds = WorkerSettings(memory_bytes=memory_mib * 1024**2, member_seconds=member_seconds)
        self._supervisor = Supervisor(bounds, "tests.gateway.jobs.kubernetes.supervised_worker:open_cheap")


if __name__ == "__main__":
    worker._Supervised = CheapSupervised
    sys.exit(worker.main())
