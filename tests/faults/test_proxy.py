"""The fault proxy does what it says: otherwise the tests that use it prove nothing."""

import contextlib
import socket
import threading
import time

import pytest

from tests.faults.proxy import WELL, Fault, FaultProxy, Kind

SENT = b"x" * 4000


@pytest.fixture
def proxy():
    """A proxy in front of a server that says back what it hears."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def echo(connection):
            with connection, contextlib.suppress(OSError):
                while piece := connection.recv(65536):
                    connection.sendall(piece)

        def accept():
            with contextlib.suppress(OSError):
                while True:
                    threading.Thread(target=echo, args=(listening.accept()[0],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        with FaultProxy(f"127.0.0.1:{listening.getsockname()[1]}").running() as made:
            yield made
        listening.shutdown(socket.SHUT_RDWR)


def connect(proxy):
    host, port = proxy.address.split(":")
    return socket.create_connection((host, int(port)), timeout=20)


def heard(connection, count, seconds=20.0):
    """What comes back, until `count` bytes, the end, or so many seconds."""
    found, end = b"", time.monotonic() + seconds
    while len(found) < count and time.monotonic() < end:
        connection.settimeout(max(0.01, end - time.monotonic()))
        try:
            piece = connection.recv(65536)
        except TimeoutError:
            break
        if not piece:
            break
        found += piece
    return found


def test_without_a_fault_everything_comes_through(proxy):
    with connect(proxy) as connection:
        connection.sendall(SENT)
        assert heard(connection, len(SENT)) == SENT


def test_refused_connections_are_reset_and_accepted_again_later(proxy):
    with connect(proxy) as connection:
        connection.sendall(b"a")
        assert heard(connection, 1) == b"a"
        proxy.set(Fault(Kind.REFUSE))
        with pytest.raises(ConnectionError):
            connection.sendall(SENT)
            assert heard(connection, 1, 5) != b""
            raise ConnectionError
        with pytest.raises(ConnectionRefusedError):
            connect(proxy)
    proxy.set(WELL)
    with connect(proxy) as connection:
        connection.sendall(SENT)
        assert heard(connection, len(SENT)) == SENT


def test_a_black_hole_swallows_until_it_ends(proxy):
    with connect(proxy) as connection:
        proxy.set(Fault(Kind.BLACKHOLE))
        connection.sendall(SENT)
        assert heard(connection, 1, 0.3) == b""
        proxy.set(WELL)
        assert heard(connection, len(SENT)) == SENT


def test_a_forgotten_connection_stays_dead_and_a_new_one_lives(proxy):
    with connect(proxy) as old:
        proxy.set(Fault(Kind.FORGOTTEN))
        old.sendall(SENT)
        proxy.set(WELL)
        assert heard(old, 1, 0.3) == b""
        with connect(proxy) as new:
            new.sendall(SENT)
            assert heard(new, len(SENT)) == SENT


def test_bytes_are_delayed_counted_and_measured_out(proxy):
    proxy.set(Fault(Kind.DELAY, 0.2))
    with connect(proxy) as connection:
        started = time.monotonic()
        connection.sendall(b"a")
        assert heard(connection, 1) == b"a"
        assert time.monotonic() - started >= 0.4
    proxy.set(Fault(Kind.RESET, 1000))
    with connect(proxy) as connection, contextlib.suppress(ConnectionResetError):
        connection.sendall(SENT)
        assert len(heard(connection, len(SENT))) <= 1000
    proxy.set(Fault(Kind.THROTTLE, 2000))
    with connect(proxy) as connection:
        connection.sendall(SENT)
        assert 0 < len(heard(connection, len(SENT), 0.3)) < len(SENT)


def test_half_closed_the_answering_side_is_done_and_the_other_is_not(proxy):
    with connect(proxy) as connection:
        connection.sendall(b"a")
        assert heard(connection, 1) == b"a"
        proxy.set(Fault(Kind.HALF_CLOSE))
        assert heard(connection, 1) == b""
        connection.sendall(SENT)
