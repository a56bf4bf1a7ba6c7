"""Full disks: each writer onto small file systems in memory (Linux, unprivileged namespaces).

It writes all of it, or ends with one sentence that names a file, leaving nothing behind.

    python -m tests.attacks.disk [--only NAME ...]
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.attacks.kills import writers
from tests.attacks.victim import row

__all__ = ["SIZES", "attacked"]

SIZES = ("8k", "40k", "120k", "400k", "1500k", "4m")


def attacked(arguments: list[str], where: Path, size: str) -> str | None:
    """What a command does wrong on a file system of a size; None for nothing."""
    script = (
        f"mount -t tmpfs -o size={size} none {shlex.quote(str(where))} || exit 77; "
        f"{shlex.quote(sys.executable)} -m yusuan {shlex.join(arguments)} >/dev/null; "
        f'echo "status $?" >&2; find {shlex.quote(str(where))} -mindepth 1 -name ".*" >&2'
    )
    done = subprocess.run(["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True)
    if done.returncode == 77:
        return "no file system can be mounted here"
    said, _, after = done.stderr.partition("status ")
    status, *left = after.splitlines()
    if left:
        return f"left {left[:2]}"
    if status == "0":
        return None
    if "Traceback" in said:
        return said.strip().splitlines()[-1][:200]
    if status != "2" or str(where) not in said or "No space left" not in said:
        return f"status {status}: {said.strip()[:200]}"
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=[], help="the names of writers")
    asked = parser.parse_args()
    status = 0
    with tempfile.TemporaryDirectory() as name:
        for writer, each in writers(Path(name)).items():
            if asked.only and writer not in asked.only:
                continue
            where = each.target.parent if each.target.parent.name == "out" else each.target
            where.mkdir(exist_ok=True)
            found = [(size, attacked(each.arguments, where, size)) for size in SIZES]
            failures = [f"{size}: {what}" for size, what in found if what]
            status |= row(f"Full disks, `{writer}` (`disk`)", len(SIZES), failures)
            sys.stdout.flush()
    return status


if __name__ == "__main__":
    sys.exit(main())
