"""One HTTP request, its reply whole; redirects are replies."""

import http.client
import json
import urllib.parse
from dataclasses import dataclass


@dataclass(frozen=True)
class Reply:
    status_code: int
    headers: http.client.HTTPMessage
    content: bytes

    @property
    def text(self):
        return self.content.decode()


def request(method, url, headers=None, body=None, timeout=60):
    parts = urllib.parse.urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    connection = http.client.HTTPConnection(parts.netloc, timeout=timeout)
    try:
        connection.request(method, path, body, headers or {})
        reply = connection.getresponse()
        return Reply(reply.status, reply.headers, reply.read())
    finally:
        connection.close()


def get(url, headers=None):
    return request("GET", url, headers)


def post(url, message, headers=None):
    body = json.dumps(message).encode()
    return request("POST", url, {**(headers or {}), "content-type": "application/json"}, body)
