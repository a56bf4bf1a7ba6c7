"""What a command of ours takes: memory and processors, of all its processes together (Linux)."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Cost", "cost_of"]


@dataclass(frozen=True, slots=True)
class Cost:
    """Peak memory of all processes in MB (pages that several share count once), seconds of all
    processors, seconds on the clock, the exit status, and what it said on stderr."""

    memory: float
    cpu: float
    seconds: float
    status: int
    said: str


def cost_of(arguments: Sequence[str], every: float = 0.1) -> Cost:
    """Run a command and look at its processes until it ends."""
    begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    most = 0
    with tempfile.TemporaryFile() as said:
        running = subprocess.Popen(
            [sys.executable, "-m", "yusuan", *arguments], stdout=subprocess.DEVNULL, stderr=said
        )
        while running.poll() is None:
            most = max(most, sum(map(_held, _tree(running.pid))))
            time.sleep(every)
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(most / 1024, cpu, time.monotonic() - begun, running.returncode, text)


def _tree(process: int) -> Iterator[int]:
    """A process and all below it; each thread has the children that it started."""
    yield process
    for thread in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = thread.read_text().split()
        except OSError:  # it has ended
            continue
        for child in children:
            yield from _tree(int(child))


def _held(process: int) -> int:
    """Kilobytes of memory, of shared pages the share; 0 once it has ended."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
