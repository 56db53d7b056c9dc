"""The Job controller and a node for the fake API server: pods are local processes.

Indexes, retries per index, the pod failure policy, suspension, deletion and eviction behave as written for
batch/v1; a process has nothing but what the Job's spec gives it.
"""

import contextlib
import copy
import os
import signal
import subprocess
import threading
import time

from gateway.jobs.shards import shards_text
from tests.gateway.jobs.kubernetes.fake_api import stamp

INDEX = "batch.kubernetes.io/job-completion-index"


class Pod:
    """One process."""

    def __init__(self, name, job, index, secrets):
        spec = job["spec"]["template"]["spec"]
        container = spec["containers"][0]
        env = {"PATH": "/usr/bin:/bin", "JOB_COMPLETION_INDEX": str(index)}
        for entry in container["env"]:
            if "value" in entry:
                env[entry["name"]] = entry["value"]
            else:
                key = entry["valueFrom"]["secretKeyRef"]
                env[entry["name"]] = secrets[key["name"]][key["key"]]
        self.index, self.name, self.disrupted, self.counted = index, name, False, False
        self.log = b""
        self.process = subprocess.Popen(
            container["command"] + container["args"],
            env=env, cwd="/", stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        labels = dict(spec_labels(job), **{"batch.kubernetes.io/job-name": job["metadata"]["name"]})
        self.object = {
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {
                "name": name, "labels": labels | {INDEX: str(index)}, "annotations": {INDEX: str(index)},
                "creationTimestamp": stamp(),
            },
            "spec": copy.deepcopy(spec),
            "status": {"phase": "Running"},
        }  # fmt: skip

    def _read(self):
        for line in self.process.stderr:
            self.log = (self.log + line)[-2048:]

    def terminate(self):
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ended(self):
        code = self.process.poll()
        if code is None:
            return None
        self.reader.join(20)
        code = 128 - code if code < 0 else code
        said = {"exitCode": code, "reason": "Completed" if code == 0 else "Error"}
        if code and self.log:
            said["message"] = self.log.decode()
        self.object["status"] = {
            "phase": "Succeeded" if code == 0 else "Failed",
            "containerStatuses": [
                {"name": "worker", "ready": False, "restartCount": 0, "image": "", "imageID": "", "state": {"terminated": said}}
            ],
        }  # fmt: skip
        if self.disrupted:
            self.object["status"]["conditions"] = [{"type": "DisruptionTarget", "status": "True"}]
        return code


def spec_labels(job):
    return job["spec"]["template"]["metadata"]["labels"]


class JobState:
    """What the controller knows of one Job."""

    def __init__(self):
        self.pods, self.done, self.failed = {}, set(), {}
        self.given_up, self.next_at = set(), {}
        self.started = 0
        self.began = time.monotonic()


class FakeNode:
    """Controller and node in one thread."""

    def __init__(self, api, secrets=None, room=2, backoff_s=0.02):
        self.api, self.objects = api, api.objects
        self.secrets, self.room, self.backoff_s = secrets or {}, room, backoff_s
        self.states = {}
        self.lose_pods = False  # pods are not started: no place for them
        self.started = []  # (job, index), in order
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def stop(self):
        self.stopping.set()
        self.thread.join(10)
        for state in self.states.values():
            for pod in state.pods.values():
                pod.kill()

    def running(self):
        return [p for s in self.states.values() for p in list(s.pods.values()) if p.process.poll() is None]

    def evict(self, pod):
        pod.disrupted = True
        pod.terminate()

    def _run(self):
        while not self.stopping.wait(0.02):
            with self.objects.lock:
                jobs = {n: t for (r, n), t in self.objects.kept.items() if r == "jobs"}
                for name in set(self.states) - set(jobs):
                    self._collect_garbage(name)
                for name, job in jobs.items():
                    self._sync(name, job)

    def _collect_garbage(self, name):
        for pod in self.states.pop(name).pods.values():
            pod.terminate()
            threading.Timer(2, pod.kill).start()
            self.objects.remove("pods", pod.name)

    def _sync(self, name, job):
        state = self.states.setdefault(name, JobState())
        status = job["status"]
        if any(c["type"] in ("Complete", "Failed") for c in status.get("conditions", ())):
            return
        before = copy.deepcopy(status)
        for pod in state.pods.values():
            if not pod.counted and (code := pod.ended()) is not None:
                pod.counted = True
                self._count(job, state, pod, code)
                self.objects.put("pods", pod.name, pod.object)
        active = [p for p in state.pods.values() if not p.counted]
        if job["spec"].get("suspend"):
            for pod in active:
                pod.terminate()
        else:
            self._finish_or_start(name, job, state, active)
        status |= {
            "active": sum(not p.counted for p in state.pods.values()),
            "succeeded": len(state.done),
            "failed": sum(state.failed.values()),
            "completedIndexes": shards_text(state.done),
            "failedIndexes": shards_text(state.given_up),
        }
        if status != before:
            self.objects.put("jobs", name, job)

    def _count(self, job, state, pod, code):
        index = pod.index
        if code == 0:
            state.done.add(index)
            return
        action = self._action(job, pod, code)
        if action == "FailIndex":
            state.given_up.add(index)
        if action != "Ignore":
            state.failed[index] = state.failed.get(index, 0) + 1
            if state.failed[index] > job["spec"]["backoffLimitPerIndex"]:
                state.given_up.add(index)
        state.next_at[index] = time.monotonic() + self.backoff_s

    def _action(self, job, pod, code):
        for rule in job["spec"]["podFailurePolicy"]["rules"]:
            if code in rule.get("onExitCodes", {}).get("values", ()):
                return rule["action"]
            if pod.disrupted and any(
                c["type"] == "DisruptionTarget" for c in rule.get("onPodConditions", ())
            ):
                return rule["action"]
        return "Count"

    def _finish_or_start(self, name, job, state, active):
        spec = job["spec"]
        over = len(state.given_up) > spec["maxFailedIndexes"]
        late = time.monotonic() - state.began > spec["activeDeadlineSeconds"]
        every = set(range(spec["completions"]))
        if over or late or every <= state.done | state.given_up:
            for pod in active:
                pod.terminate()
            if any(p.process.poll() is None for p in active):
                return
            reason = "MaxFailedIndexesExceeded" if over else "DeadlineExceeded" if late else "FailedIndexes"
            failed = over or late or state.given_up
            job["status"]["conditions"] = [
                {"type": "Failed", "status": "True", "reason": reason}
                if failed
                else {"type": "Complete", "status": "True", "reason": "CompletionsReached"}
            ]
            return
        if self.lose_pods:
            return
        busy = {p.index for p in active}
        free = min(spec["parallelism"], self.room) - len(active)
        waiting = sorted(every - busy - state.done - state.given_up)
        for index in [i for i in waiting if state.next_at.get(i, 0) <= time.monotonic()][: max(0, free)]:
            state.started += 1
            pod = Pod(f"{name}-{index}-{state.started:05d}", job, index, self.secrets)
            state.pods[pod.name] = pod
            self.started.append((name, index))
            self.objects.put("pods", pod.name, pod.object, "ADDED")
