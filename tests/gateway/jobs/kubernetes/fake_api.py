"""The part of a Kubernetes API server that a launcher talks to, over real sockets: Jobs and Pods of one namespace.

Objects have versions; watches are streams of changes from a version on; old versions can be forgotten (410); answers
can be made to fail. What is sent is checked against the published schemas and against rules that schemas lack.
"""

import copy
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import kubernetes_validate

SCHEMAS = "1.36"
TOKEN = "a token of a test"


class Objects:
    """Objects by (resource, name), every change kept with its version."""

    def __init__(self):
        self.lock = threading.Condition(threading.RLock())
        self.version = 100
        self.oldest = 100
        self.kept = {}
        self.changes = []  # (version, resource, type, object)
        self.requests = []  # (verb, resource)
        self.bodies = []  # objects as they came
        self.faults = []  # [verb, times, status, message]
        self.watches = set()
        self.closed = False

    def put(self, resource, name, thing, kind="MODIFIED"):
        with self.lock:
            self.version += 1
            thing["metadata"]["resourceVersion"] = str(self.version)
            self.kept[resource, name] = thing
            self._changed(resource, kind, thing)

    def remove(self, resource, name):
        with self.lock:
            thing = self.kept.pop((resource, name))
            self.version += 1
            thing["metadata"]["resourceVersion"] = str(self.version)
            self._changed(resource, "DELETED", thing)

    def _changed(self, resource, kind, thing):
        self.changes.append((self.version, resource, kind, copy.deepcopy(thing)))
        self.lock.notify_all()

    def select(self, resource, selector):
        wanted = dict(part.split("=", 1) for part in selector.split(",")) if selector else {}
        with self.lock:
            return [
                copy.deepcopy(t)
                for (r, _), t in sorted(self.kept.items())
                if r == resource and has_labels(t, wanted)
            ]

    def fail(self, verb, status, times=1, message="the test says so"):
        """The next requests of a verb are answered so."""
        with self.lock:
            self.faults.append([verb, times, status, message])

    def forget(self):
        """Versions up to now can no longer be watched from."""
        with self.lock:
            self.oldest = self.version
            self.drop_watches()

    def drop_watches(self):
        """Break off every watch without a word."""
        with self.lock:
            for handler in list(self.watches):
                handler.dropped = True
            self.lock.notify_all()

    def fault_of(self, verb):
        with self.lock:
            for fault in self.faults:
                if fault[0] == verb and fault[1] > 0:
                    fault[1] -= 1
                    return fault[2], fault[3]
        return None


def has_labels(thing, wanted):
    labels = thing["metadata"].get("labels") or {}
    return all(labels.get(k) == v for k, v in wanted.items())


def violations(body):
    """What the server would refuse a Job for."""
    try:
        kubernetes_validate.validate(body, SCHEMAS, strict=True)
    except kubernetes_validate.ValidationError as error:
        return str(error)
    spec, pod = body["spec"], body["spec"]["template"]["spec"]
    name = body["metadata"]["name"]
    rules = spec["podFailurePolicy"]["rules"]
    wrong = [
        ("restartPolicy", pod["restartPolicy"] != "Never"),
        ("completionMode", spec["completionMode"] != "Indexed"),
        ("maxFailedIndexes", not 0 <= spec["maxFailedIndexes"] <= spec["completions"]),
        ("parallelism", spec["parallelism"] > 100_000),
        ("backoffLimit", "backoffLimit" in spec),
        ("podReplacementPolicy", spec["podReplacementPolicy"] != "Failed"),
        ("rules", any(("onExitCodes" in r) == ("onPodConditions" in r) for r in rules)),
        ("exit codes", any(0 in r.get("onExitCodes", {}).get("values", ()) for r in rules)),
        ("name", not (len(name) + len(str(spec["completions"])) < 63 and name == name.lower())),
    ]
    return ", ".join(what for what, is_wrong in wrong if is_wrong)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    dropped = False

    def log_message(self, *_):
        pass

    @property
    def objects(self):
        return self.server.objects

    def _begin(self, method):
        parts = urlsplit(self.path)
        self.query = {k: v[-1] for k, v in parse_qs(parts.query).items()}
        segments = parts.path.strip("/").split("/")
        at = segments.index("namespaces")
        self.resource = segments[at + 2]
        self.name = segments[at + 3] if len(segments) > at + 3 else ""
        length = int(self.headers.get("Content-Length") or 0)
        self.body = json.loads(self.rfile.read(length) or b"{}") if length else {}
        plural = {"GET": "watch" if self.query.get("watch") in ("true", "True") else "list"}
        verb = plural.get(method) if not self.name else None
        verb = verb or {"GET": "get", "POST": "create", "PATCH": "patch", "DELETE": "delete"}[method]
        with self.objects.lock:
            self.objects.requests.append((verb, self.resource))
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self._status(401, "Unauthorized")
        if segments[at + 1] != self.server.namespace:
            return self._status(403, "forbidden: not this namespace")
        if fault := self.objects.fault_of(verb):
            return self._status(*fault)
        return verb

    def do_GET(self):
        verb = self._begin("GET")
        if verb == "get":
            with self.objects.lock:
                thing = self.objects.kept.get((self.resource, self.name))
                self._send(200, thing) if thing else self._status(404, "not found")
        elif verb == "list":
            with self.objects.lock:
                items = self.objects.select(self.resource, self.query.get("labelSelector", ""))
                kind = {"jobs": ("batch/v1", "JobList"), "pods": ("v1", "PodList")}[self.resource]
                version = str(self.objects.version)
            head = {"apiVersion": kind[0], "kind": kind[1], "metadata": {"resourceVersion": version}}
            self._send(200, {**head, "items": items})
        elif verb == "watch":
            self._watch()

    def do_POST(self):
        if self._begin("POST") != "create":
            return None
        name = self.body["metadata"]["name"]
        if self.query.get("fieldValidation") == "Strict" and (wrong := violations(self.body)):
            return self._status(422, f"Job is invalid: {wrong}")
        with self.objects.lock:
            if (self.resource, name) in self.objects.kept:
                return self._status(409, f'jobs.batch "{name}" already exists')
            self.objects.bodies.append(copy.deepcopy(self.body))
            made = copy.deepcopy(self.body)
            made["metadata"] |= {"uid": f"uid-{self.objects.version}", "creationTimestamp": stamp()}
            made["status"] = {}
            self.objects.put(self.resource, name, made, "ADDED")
            if self.server.lose_answers:
                self.server.lose_answers -= 1
                self.close_connection = True
                return self.connection.close()
            return self._send(201, made)

    def do_PATCH(self):
        if self._begin("PATCH") != "patch":
            return None
        assert self.headers["Content-Type"] == "application/merge-patch+json"
        with self.objects.lock:
            thing = self.objects.kept.get((self.resource, self.name))
            if thing is None:
                return self._status(404, "not found")
            self.objects.bodies.append(copy.deepcopy(self.body))
            thing["spec"] |= self.body["spec"]
            self.objects.put(self.resource, self.name, thing)
            return self._send(200, thing)

    def do_DELETE(self):
        if self._begin("DELETE") != "delete":
            return None
        with self.objects.lock:
            if (self.resource, self.name) not in self.objects.kept:
                return self._status(404, "not found")
            assert self.query.get("propagationPolicy") == "Background" or self.body.get("propagationPolicy")
            thing = self.objects.kept[self.resource, self.name]
            self.objects.remove(self.resource, self.name)
            return self._send(200, thing)

    def _watch(self):
        at = int(self.query["resourceVersion"])
        end = time.monotonic() + float(self.query["timeoutSeconds"])
        wanted = dict(part.split("=", 1) for part in self.query["labelSelector"].split(","))
        objects = self.objects
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if at < objects.oldest:
            gone = {"kind": "Status", "code": 410, "reason": "Expired", "message": "too old resource version"}
            self._chunk({"type": "ERROR", "object": gone})
            return self._last_chunk()
        with objects.lock:
            objects.watches.add(self)
        try:
            while time.monotonic() < end and not objects.closed:
                with objects.lock:
                    news = [c for c in objects.changes if c[0] > at and c[1] == self.resource]
                    if not news and not self.dropped:
                        objects.lock.wait(min(0.5, max(0.0, end - time.monotonic())))
                if self.dropped:
                    self.close_connection = True
                    return self.connection.close()
                for version, _, kind, thing in news:
                    at = version
                    if has_labels(thing, wanted):
                        self._chunk({"type": kind, "object": thing})
            return self._last_chunk()
        except OSError:
            self.close_connection = True
        finally:
            with objects.lock:
                objects.watches.discard(self)

    def _chunk(self, event):
        data = json.dumps(event).encode() + b"\n"
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _last_chunk(self):
        self.wfile.write(b"0\r\n\r\n")

    def _status(self, code, message):
        reasons = {403: "Forbidden", 404: "NotFound", 409: "AlreadyExists", 410: "Gone", 422: "Invalid"}
        body = {"apiVersion": "v1", "kind": "Status", "status": "Failure", "code": code, "message": message}
        self._send(code, body | {"reason": reasons.get(code, "InternalError")})

    def _send(self, code, body):
        data = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class FakeApi(ThreadingHTTPServer):
    """The server; `kubeconfig` writes the file to reach it by."""

    daemon_threads = True

    def __init__(self, namespace="dafeng"):
        self.objects = Objects()
        self.namespace = namespace
        self.lose_answers = 0  # so many creations are done, but their answer never arrives
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def kubeconfig(self, path):
        cluster = {"name": "fake", "cluster": {"server": f"http://127.0.0.1:{self.server_address[1]}"}}
        context = {"name": "fake", "context": {"cluster": "fake", "user": "gateway"}}
        user = {"name": "gateway", "user": {"token": TOKEN}}
        head = {"apiVersion": "v1", "kind": "Config", "current-context": "fake"}
        path.write_text(json.dumps({**head, "clusters": [cluster], "contexts": [context], "users": [user]}))
        return str(path)

    def stop(self):
        self.objects.closed = True
        self.objects.drop_watches()
        self.shutdown()
        self.server_close()


def stamp():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
