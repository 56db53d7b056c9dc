"""The process that calculates members: started by a supervisor, talks through its standard streams in frames.

It opens a specification once and keeps it, says each member's number before it calculates it, and ends when its
parent is gone. What a member can do to a process (crash, hang, fill the memory) it does here.
"""

import ctypes
import faulthandler
import importlib
import json
import os
import queue
import resource
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any, BinaryIO, Final, cast

from gateway.jobs import frames
from gateway.jobs.ports import Members
from services.common.errors import DomainError
from services.runtime import failpoints

_PR_SET_PDEATHSIG: Final = 1

Opener = Callable[[str], Members]


def main(argument: str) -> None:
    """Serve the parent until it is gone. `argument` is JSON: parent, opener, nice, data_bytes."""
    given = json.loads(argument)
    faulthandler.enable()
    _stand_back(given["nice"], given["data_bytes"])
    end_with_parent(given["parent"])
    failpoints.refuse_outside_tests()
    # Whatever prints in here must not get between the frames.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    requests: queue.SimpleQueue[frames.Frame] = queue.SimpleQueue()
    worker = Worker(given["opener"], replies)
    threading.Thread(target=_listen, args=(requests, worker), name="parent", daemon=True).start()
    while True:
        worker.answer(requests.get())


class _Stopped(BaseException):
    """The parent wants no more of this call. No member can take it for an error of its own."""


class Worker:
    """Answers the supervisor's frames: open, forget, calculate."""

    def __init__(self, opener: str, replies: BinaryIO) -> None:
        self._opener = opener
        self._replies = replies
        self._specs: dict[str, Members] = {}
        self._call = 0
        self.unwanted_call = 0  # written by the thread that listens

    def answer(self, frame: frames.Frame) -> None:
        """One request, one last reply."""
        head, body = frame
        if head["kind"] == "forget":
            self._specs.pop(head["key"], None)
        elif head["kind"] == "open":
            self._send(frames.pack(self._opened(head["key"], body.decode())))
        else:
            self._call = head["call"]
            reply = self._calculated(head["key"], head["first"], head["count"])
            failpoints.write("member.reply", self._replies, reply)

    def _opened(self, key: str, spec_text: str) -> dict[str, Any]:
        try:
            self._specs[key] = _opener(self._opener)(spec_text)
        except DomainError as error:
            return {"kind": "bad_spec", "detail": str(error)}
        except Exception as error:
            traceback.print_exc()
            return {"kind": "not_opened", "detail": type(error).__name__}
        return {"kind": "opened"}

    def _calculated(self, key: str, first: int, count: int) -> bytes:
        try:
            return frames.pack_rows(self._specs[key].block(first, count, self._heard))
        except _Stopped:
            return frames.pack({"kind": "stopped"})
        except MemoryError:
            return frames.pack({"kind": "broke", "failure": "MEMORY", "detail": "no memory was left"})
        except Exception as error:
            traceback.print_exc()
            return frames.pack({"kind": "broke", "failure": "CRASH", "detail": type(error).__name__})

    def _heard(self, member: int) -> None:
        if self._call == self.unwanted_call:
            raise _Stopped
        self._send(frames.pack({"kind": "member", "member": int(member)}))
        failpoints.hit("member.compute", member=int(member))

    def _send(self, frame: bytes) -> None:
        self._replies.write(frame)
        self._replies.flush()


def _stand_back(nice: int, data_bytes: int) -> None:
    """Let others go first; leave no core files; the last bound on memory, where watching would come too late."""
    os.nice(nice)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (data_bytes, data_bytes))


def end_with_parent(parent: int) -> None:
    """The kernel kills this process when the thread that started it ends (Linux; elsewhere the pipe's end does)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def _listen(requests: "queue.SimpleQueue[frames.Frame]", worker: Worker) -> None:
    """Requests of the parent; at the end of the pipe this process ends, whatever it is doing."""
    with os.fdopen(0, "rb", closefd=False) as stream:
        while (frame := frames.read(stream)) is not None:
            if frame[0]["kind"] == "stop":
                worker.unwanted_call = frame[0]["call"]
            else:
                requests.put(frame)
    os._exit(0)


def _opener(name: str) -> Opener:
    module, _, function = name.partition(":")
    return cast(Opener, getattr(importlib.import_module(module), function))


if __name__ == "__main__":
    main(sys.argv[1])
