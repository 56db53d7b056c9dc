"""Start a gateway on loopback, load it for a bounded time, stop it: python -m loadtests [--users 8] [--seconds 30]."""

import argparse
import subprocess
import sys
import time
from pathlib import Path

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

PORT = 50990


def main() -> int:
    """Run locust without its page; its exit code."""
    parser = argparse.ArgumentParser(prog="loadtests", description=__doc__)
    parser.add_argument("--users", type=int, default=8)
    parser.add_argument("--seconds", type=int, default=30)
    options = parser.parse_args()
    address = f"127.0.0.1:{PORT}"
    serve = [
        sys.executable,
        "-m",
        "dafeng.cli",
        "serve",
        "--embedded",
        "--listen",
        address,
        "--http",
        "none",
        "--store",
        "none",
    ]
    server = subprocess.Popen(serve)
    try:
        _wait(address)
        command = [
            sys.executable, "-m", "locust", "-f", str(Path(__file__).with_name("locustfile.py")), "--headless",
            "--host", address, "--users", str(min(options.users, 200)), "--spawn-rate", "4",
            "--run-time", f"{min(options.seconds, 600)}s", "--stop-timeout", "10", "--only-summary",
        ]  # fmt: skip
        return subprocess.run(command, check=False).returncode
    finally:
        server.terminate()
        server.wait(30)


def _wait(address: str) -> None:
    with grpc.insecure_channel(address) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        for _ in range(600):
            try:
                if stub.Check(health_pb2.HealthCheckRequest(), timeout=1).status == 1:
                    return
            except grpc.RpcError:
                pass
            time.sleep(0.2)
    raise SystemExit("the gateway did not start")


if __name__ == "__main__":
    sys.exit(main())
