"""Damage files at random and read each in a reader process, as a build would.

Run from the top folder; without files it damages one of each format made for the tests::

    python -m benchmarks.fuzz --count 10000 --format pdf --seed 1
    python -m benchmarks.fuzz --count 500 ../shared/corpus/shanghai/*.pdf

A file may be read or refused in one line. What is counted as a mistake: an exception that
nobody foresaw, also in compiling and checking what was read, more than 10 seconds, more than
1 GB. Crashes and floods of memory inside a parser cost one file only; they are counted apart.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from tests.sources.hostile import pdf_file
from tests.sources.makers import MAKERS, archive, text_file

from yusuan.checks import check
from yusuan.facts import compile_contents
from yusuan.reading import Read, Readers

__all__ = ["FORMATS", "cpu_seconds", "fuzz", "mutated"]

SECONDS = 10.0
MEMORY = 2**30
KINDS = ("read", "refused", "crashed", "memory")
MISTAKES = ("failed", "late", "slow", "large", "unclear", "later")
NUMBERS = (
    b"0", b"-1", b"1e309", b"65536", b"2147483648", b"99999999999999999999", b"0.1", b"nan",
    b"9" * 400, "²".encode(), "፩".encode(), "１２".encode(), b"",
)  # fmt: skip
TOKENS = (
    b"\0", b"\f", b"\t", b"|", b'"', b"<", b"&", b"\xff\xfe", b"(" * 50, b"%" * 9, b" " * 5000,
    "占比".encode() * 200, "合计".encode(), "单位：万元".encode(), "（一）".encode() * 50,
    "2023年部门预算".encode(), "一、".encode() * 300, "\u202e\u200b".encode(), b"[[[[[[[[[[", b">>",
    b"endobj", b"stream", b"</table>", b"<table><tr><td>", b"<!--", b"]]>", b"<?xml",
)  # fmt: skip

FORMATS: dict[str, Callable[[], bytes]] = {"pdf": pdf_file, **MAKERS, "txt": text_file}


def _flipped(data: bytearray, random: Random) -> None:
    for _ in range(random.choice((1, 1, 2, 5, 20))):
        data[random.randrange(len(data))] = random.choice((0, 255, random.randrange(256)))


def _cut(data: bytearray, random: Random) -> None:
    del data[random.randrange(len(data)) :]


def _without(data: bytearray, random: Random) -> None:
    start = random.randrange(len(data))
    del data[start : start + random.choice((1, 4, 30, 500))]


def _doubled(data: bytearray, random: Random) -> None:
    start = random.randrange(len(data))
    chunk = data[start : start + random.choice((1, 8, 60, 1000))]
    data[start:start] = chunk * random.choice((1, 1, 2, 100))


def _moved(data: bytearray, random: Random) -> None:
    start, to = random.randrange(len(data)), random.randrange(len(data))
    chunk = data[start : start + random.choice((8, 60, 1000))]
    data[to:to] = chunk


def _renumbered(data: bytearray, random: Random) -> None:
    """Put an odd number in place of one that is written out."""
    found = list(re.finditer(rb"\d+(?:\.\d+)?", data))
    for match in sorted(random.sample(found, min(len(found), random.choice((1, 1, 3)))),
                        key=lambda match: -match.start()):  # fmt: skip
        data[match.start() : match.end()] = random.choice(NUMBERS)


def _inserted(data: bytearray, random: Random) -> None:
    start = random.randrange(len(data) + 1)
    data[start:start] = random.choice(TOKENS) * random.choice((1, 1, 1, 20))


def _element(data: bytearray, random: Random) -> None:
    """Drop, double or nest an element, line or object: whatever the signs < > or a line part."""
    found = list(re.finditer(rb"<[^<>]{1,300}>[^<>]*|[^\r\n]+[\r\n]*", data))
    if not found:
        return
    match = random.choice(found)
    new = match[0] * random.choice((0, 2, 2, 300))
    data[match.start() : match.end()] = new


BYTES = (_flipped, _cut, _without, _doubled, _moved)
STRUCTURE = (_renumbered, _inserted, _element, _doubled, _without)


def mutated(content: bytes, random: Random) -> bytes:
    """Content damaged in one to three ways; of a container, often the parts inside."""
    if content.startswith(b"PK\3\4") and random.random() < 0.8:
        with zipfile.ZipFile(io.BytesIO(content)) as container:
            parts = {name: container.read(name) for name in container.namelist()}
        name = random.choice([name for name in parts if parts[name]])
        if random.random() < 0.05:
            del parts[name]
        else:
            parts[name] = mutated(parts[name], random)
        return archive(parts)
    data = bytearray(content)
    plain = b"\0" not in content[:2000]
    ways = (*STRUCTURE, *STRUCTURE, *BYTES) if plain else (*BYTES, *STRUCTURE)
    for _ in range(random.choice((1, 1, 2, 3))):
        if data:
            random.choice(ways)(data, random)
    return bytes(data)


def fuzz(
    name: str,
    contents: Sequence[bytes],
    count: int,
    seed: int,
    keep: Path | None = None,
    patience: float = float("inf"),
) -> tuple[Counter[str], list[str], float, int]:
    """Read ``count`` damaged files, or as many as ``patience`` (seconds) allows.

    Gives what became of them, the mistakes, the longest time in seconds and the largest
    memory in bytes.
    """
    end = time.monotonic() + patience
    counts: Counter[str] = Counter()
    mistakes: list[str] = []
    longest, largest = 0.0, 0
    with tempfile.TemporaryDirectory() as folder, Readers() as readers:
        path = Path(folder, f"damaged.{name}")
        for number in range(count):
            random = Random(f"{seed} {name} {number}")
            path.write_bytes(mutated(random.choice(contents), random))
            if time.monotonic() > end:
                break
            start = cpu_seconds(readers)
            (result,) = readers.read([path])
            seconds = cpu_seconds(readers) - start
            size = _peak(readers)
            longest, largest = max(longest, seconds), max(largest, size)
            wrong = _wrong(result, seconds, size)
            counts[result.kind] += 1
            for mistake, why in wrong:
                counts[mistake] += mistake != result.kind
                mistakes.append(f"{name} {number}: {mistake}: {why}")
                if keep:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"{mistake}-{seed}-{number}.{name}").write_bytes(path.read_bytes())
    return counts, mistakes, longest, largest


def cpu_seconds(readers: Readers) -> float:
    """Time the readers took so far, without that in which a busy machine let them wait."""
    if sys.platform != "linux":
        return time.monotonic()
    ended = os.times()
    total = ended.children_user + ended.children_system
    for process in readers.idle:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def _wrong(result: Read, seconds: float, size: int) -> list[tuple[str, str]]:
    found = []
    if result.kind in ("failed", "late"):
        found.append((result.kind, result.error or ""))
    if seconds > SECONDS and result.kind != "late":
        found.append(("slow", f"{seconds:.1f} s"))
    if size > MEMORY:
        found.append(("large", f"{size >> 20} MB"))
    if result.error and (len(result.error.splitlines()) != 1 or "damaged" not in result.error):
        found.append(("unclear", f" message: {result.error!r}"))
    if result.disclosure:
        try:
            check(compile_contents([result.disclosure]))
        except Exception:
            found.append(("later", traceback.format_exc(limit=-2)))
    return found


def _peak(readers: Readers) -> int:
    """The most memory the reader held since it was last asked, in bytes (Linux; 0 elsewhere)."""
    with contextlib.suppress(OSError, StopIteration):
        process = Path("/proc", str(readers.idle[-1])) if readers.idle else None
        if process:
            lines = (process / "status").read_text().splitlines()
            held = next(line for line in lines if line.startswith("VmHWM"))
            (process / "clear_refs").write_text("5")
            return int(held.split()[1]) * 1024
    return 0


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("files", nargs="*", type=Path, help="damage these instead")
    parser.add_argument("--count", type=int, default=1_000, help="damaged files of each format")
    parser.add_argument("--format", choices=FORMATS, action="append")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patience", type=float, default=float("inf"), metavar="SECONDS",
                        help="go on to the next format after this time")  # fmt: skip
    parser.add_argument("--keep", type=Path, help="folder for the files that show a mistake")
    options = parser.parse_args(arguments)
    chosen: dict[str, list[bytes]] = {}
    for file in options.files:
        chosen.setdefault(file.suffix[1:].lower(), []).append(file.read_bytes())
    if not chosen:
        chosen = {name: [FORMATS[name]()] for name in options.format or FORMATS}
    print("format    count " + "".join(f"{kind:>9}" for kind in (*KINDS, *MISTAKES))
          + "   longest s  peak MB")  # fmt: skip
    wrong = False
    for name, contents in chosen.items():
        counts, mistakes, longest, largest = fuzz(
            name, contents, options.count, options.seed, options.keep, options.patience
        )
        done = sum(counts[kind] for kind in (*KINDS, "failed", "late"))
        cells = "".join(f"{counts[kind]:9,}" for kind in (*KINDS, *MISTAKES))
        print(f"{name:6} {done:8,} {cells} {longest:11.1f} {largest >> 20:8,}", flush=True)
        for mistake in mistakes[:20]:
            print("  " + mistake.replace("\n", "\n    "))
        wrong = wrong or bool(mistakes)
    sys.exit(wrong)


if __name__ == "__main__":
    main(sys.argv[1:])
