"""The page in a real browser: from a slider's release to charts on the screen, and what of it is the projection; what
the first load weighs; whether memory stays.

The first answer holds 18 years (every one to 2030, then fewer) and draws all charts in view; the whole answer of
41 years with the targets follows by itself. Levers of all sectors in turn, each value new, so that nothing is known.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from loadtests.servers import free_port
from services.runtime.sectors import sectors

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MOVES = 40
MANY_MOVES = 500
OWNERS = tuple(entry.sector_id for entry in sectors())
# Sets a slider as a hand does at the end of a drag, and answers when the screen has the first and the whole answer.
_MOVE = """async ([owner, share]) => {
  document.querySelector(`[data-owner="${owner}"]`).click()
  await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)))
  const slider = document.querySelector('[data-lever] input[type=range]')
  const [low, high] = [Number(slider.min), Number(slider.max)]
  performance.clearMarks()
  const value = low + (high - low) * share
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(slider, value)
  const start = performance.now()
  slider.dispatchEvent(new Event('input', { bubbles: true }))
  slider.dispatchEvent(new Event('change', { bubbles: true }))
  const until = async (what) => {
    for (;;) {
      const mark = performance.getEntriesByName(`dafeng:${what}`)[0]
      if (mark) return mark.startTime - start
      if (performance.now() - start > 30000) return NaN
      await new Promise((next) => requestAnimationFrame(next))
    }
  }
  const first = await until('first')
  const answered = performance.getEntriesByName('dafeng:answered')[0].startTime - start
  const calls = performance.getEntriesByType('resource').filter((r) => r.name.endsWith('/Project'))
  const server = Object.fromEntries((calls[calls.length - 1]?.serverTiming ?? []).map((t) => [t.name, t.duration]))
  const whole = await until('whole')
  performance.clearResourceTimings()
  return { first, answered, whole, call: server.call ?? NaN }
}"""


def main() -> None:
    """Print the figures."""
    if not CHROMIUM:
        print("Debian's chromium is not installed: left out")
        return
    with _gateway() as address, _browser() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        _first_load(page, address)
        _moves(page)
        _memory(page)


def _first_load(page: Any, address: str) -> None:
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("[data-headline=carbon_peak]")
    seen = time.perf_counter() - start
    page.wait_for_selector("#view[data-ready=true]")
    page.wait_for_selector("[data-lever]")
    sizes = page.evaluate(
        "performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))"
        ".map(r => [r.name, r.encodedBodySize])"
    )
    files = sum(size for name, size in sizes if "/dafeng." not in name)
    data = sum(size for name, size in sizes if "/dafeng." in name)
    print(
        f"first load: {files / 1e3:.0f} kB of files, {data / 1e3:.0f} kB of data, compressed (aim 1,500 kB)"
    )
    print(f"first figures on the screen after {seen:.2f} s")


def _moves(page: Any) -> None:
    found = [page.evaluate(_MOVE, [owner, share]) for owner, share in _shares(MOVES)]
    warm = found[len(OWNERS) :]
    for name, key in (("first answer drawn", "first"), ("whole answer drawn", "whole")):
        values = sorted(m[key] for m in warm)
        p95 = values[int(0.95 * len(values))]
        print(f"release to {name}: median {statistics.median(values):.0f} ms, p95 {p95:.0f} ms")
    shares = [m["call"] / m["first"] for m in warm]
    rest = [m["first"] - m["answered"] for m in warm]
    print(
        f"of the first answer the projection is {100 * statistics.median(shares):.0f} % "
        f"({statistics.median(m['call'] for m in warm):.0f} ms), drawing {statistics.median(rest):.0f} ms"
    )


def _memory(page: Any) -> None:
    session = page.context.new_cdp_session(page)

    def heap() -> float:
        session.send("HeapProfiler.collectGarbage")
        return float(session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6

    before = heap()
    page.evaluate(
        """async (count) => {
          const slider = document.querySelector('[data-lever] input[type=range]')
          const [low, high] = [Number(slider.min), Number(slider.max)]
          const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set
          for (let i = 0; i < count; i++) {
            set.call(slider, low + ((high - low) * ((i * 37) % 101)) / 101)
            slider.dispatchEvent(new Event('input', { bubbles: true }))
            await new Promise((next) => requestAnimationFrame(next))
          }
          slider.dispatchEvent(new Event('change', { bubbles: true }))
        }""",
        MANY_MOVES,
    )
    page.wait_for_selector("#view[data-ready=true]")
    page.wait_for_timeout(1000)
    print(f"memory after {MANY_MOVES} moves: {before:.0f} MB -> {heap():.0f} MB")


def _shares(count: int) -> Iterator[tuple[str, float]]:
    for i in range(count):
        yield OWNERS[i % len(OWNERS)], 0.2 + 0.6 * i / count


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@contextmanager
def _gateway() -> Iterator[str]:
    """A gateway of its own process, as a user starts it; its HTTP address."""
    http, grpc = (f"127.0.0.1:{port}" for port in (free_port(), free_port()))
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as config:
        config.write(f'listen = "{grpc}"\nhttp = "{http}"\n')
        config.flush()
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "dafeng.cli",
                "serve",
                "--embedded",
                "--store",
                "none",
                "--config",
                config.name,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(f"http://{http}/healthz")
            yield f"http://{http}/"
        finally:
            process.terminate()
            process.wait(30)


def _wait_for(address: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(address, timeout=1)
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the gateway did not start")


if __name__ == "__main__":
    main()
