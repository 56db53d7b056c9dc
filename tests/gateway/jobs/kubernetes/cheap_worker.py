"""The real worker program with members that cost nothing: what it calculates is a formula of the member's number.

The specification's text is JSON that also says how it misbehaves: {"bad": true}, {"slow_s": 0.2},
{"crash": [members that end the process]}, {"crash_once": folder}, {"forget_once": folder} (ends well without results),
{"away_once": folder} (the shared folder is away), {"poison": [members]}.
"""

import json
import os
import pathlib
import sys
import time

import numpy as np

from gateway.jobs import worker
from gateway.jobs.shard_run import BadInputError
from gateway.jobs.words import Failure, Row
from services.runtime.telemetry.log_sink import flush_logs


def cheap_row(number):
    values = np.sqrt(np.arange(1.0, 6.0) * (number + 1))
    return Row.of(number, f"inputs {number}", values)


class CheapMembers:
    def __init__(self, memory_mib, member_seconds):
        assert memory_mib > 0 < member_seconds

    def calculate(self, spec_text, first, count):
        says = json.loads(spec_text)
        if says.get("bad"):
            raise BadInputError("the specification names a region that is not here")
        if set(says.get("crash", ())) & set(range(first, first + count)):
            flush_logs()  # so that nothing written by its thread comes after the last word
            os.write(2, b'{"message": "the last word"}\n')
            os._exit(7)
        for what, code in (("crash_once", 7), ("forget_once", 0), ("away_once", 75)):
            if folder := says.get(what):
                mark = pathlib.Path(folder) / f"{what}-{first}"
                if not mark.exists():
                    mark.touch()
                    os._exit(code)
        rows = []
        for number in range(first, first + count):
            time.sleep(says.get("slow_s", 0))
            poison = number in says.get("poison", ())
            rows.append(Row.failed(number, Failure.NOT_FINITE, "poison") if poison else cheap_row(number))
        return rows

    def close(self):
        pass


if __name__ == "__main__":
    worker._Supervised = CheapMembers
    sys.exit(worker.main())
